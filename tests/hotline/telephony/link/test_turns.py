"""What somebody waits for is told at once; the rest a few at a time, and none of it is left behind."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from hotline.telephony.link.turns import Haste, Turns

LONG = 60.0


class Door:
    """Requests through the turns; each lasts until it is let go. `inside` in the order they got in."""

    def __init__(self, at_once=3, gives_way=LONG):
        self.turns = Turns(at_once, gives_way)
        self.inside = []
        self._ends = {}
        self.tasks = {}

    async def comes(self, call, haste=Haste.CAN_WAIT):
        self._ends[call] = asyncio.Event()
        self.tasks[call] = asyncio.create_task(self._tell(call, haste))
        await settled()

    async def _tell(self, call, haste):
        async with self.turns.turn(call, haste):
            self.inside.append(call)
            await self._ends[call].wait()

    async def is_done(self, call):
        self._ends[call].set()
        await settled()


async def settled():
    """Everything that can go on has gone on."""
    for _ in range(5):
        await asyncio.sleep(0)


def test_what_can_wait_waits_for_a_place_and_gets_it_in_the_order_it_came():
    async def scene():
        door = Door(at_once=2)
        for call in ("a", "b", "c", "d"):
            await door.comes(call)
        assert door.inside == ["a", "b"]
        await door.is_done("b")
        assert door.inside == ["a", "b", "c"]
        await door.is_done("a")
        assert door.inside == ["a", "b", "c", "d"]

    asyncio.run(scene())


def test_what_presses_is_told_at_once_however_much_waits():
    async def scene():
        door = Door(at_once=1)
        for call in ("a", "b", "c"):
            await door.comes(call)
        await door.comes("answered", Haste.PRESSES)
        assert door.inside == ["a", "answered"]
        await door.is_done("a")
        assert door.inside == ["a", "answered", "b"], "and takes nobody's place"

    asyncio.run(scene())


def test_everything_gives_way_to_a_new_caller():
    async def scene():
        door = Door(at_once=2)
        await door.comes("caller", Haste.FIRST)
        await door.comes("ended")
        await door.comes("answered", Haste.PRESSES)
        await door.comes("another", Haste.FIRST)
        assert door.inside == ["caller", "another"]
        await door.is_done("caller")
        assert door.inside == ["caller", "another", "ended", "answered"]

    asyncio.run(scene())


def test_callers_without_end_keep_nobody_out():
    async def scene():
        door = Door()
        await door.comes("first", Haste.FIRST)
        await door.comes("ended")
        await door.comes("second", Haste.FIRST)
        await door.is_done("first")
        assert door.inside == ["first", "second", "ended"], "an end frees an agent"

    asyncio.run(scene())


def test_a_caller_whose_request_lasts_keeps_nobody_waiting_for_long():
    async def scene():
        door = Door(gives_way=0.01)
        await door.comes("caller", Haste.FIRST)
        await door.comes("answered", Haste.PRESSES)
        assert door.inside == ["caller"]
        async with asyncio.timeout(10):
            while door.inside != ["caller", "answered"]:
                await asyncio.sleep(0.001)

    asyncio.run(scene())


def test_what_stands_before_something_pressing_of_its_call_is_hurried():
    async def scene():
        door = Door(at_once=1)
        for call in ("a", "b", "c"):
            await door.comes(call)
        door.turns.hurry("c")
        await settled()
        assert door.inside == ["a", "c"]

    asyncio.run(scene())


def test_one_called_off_in_the_moment_it_is_let_in_gives_its_place_to_the_next():
    async def scene():
        door = Door(at_once=1)
        for call in ("a", "b", "c"):
            await door.comes(call)
        door.turns.hurry("b")
        door.tasks["b"].cancel()
        await door.is_done("a")
        assert door.inside == ["a", "c"]

    asyncio.run(scene())


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([*Haste, "ends", "hurry", "cancel"]))))
def test_nobody_is_forgotten_and_no_place_is_lost(deeds):
    async def scene():
        door = Door(at_once=2)
        for number, (key, deed) in enumerate(deeds):
            begun = [call for call, task in door.tasks.items() if not task.done()]
            if isinstance(deed, Haste):
                await door.comes(f"{number}", deed)
            elif begun and deed == "ends":
                await door.is_done(begun[key % len(begun)])
            elif begun and deed == "hurry":
                door.turns.hurry(begun[key % len(begun)])
            elif begun and deed == "cancel":
                door.tasks[begun[key % len(begun)]].cancel()
        for call in list(door.tasks):
            await door.is_done(call)
        await asyncio.wait_for(asyncio.gather(*door.tasks.values(), return_exceptions=True), 5)
        before = len(door.inside)
        await door.comes("x")
        await door.comes("y")
        assert door.inside[before:] == ["x", "y"], "both places are free again"
        await door.is_done("x")
        await door.is_done("y")

    asyncio.run(scene())
