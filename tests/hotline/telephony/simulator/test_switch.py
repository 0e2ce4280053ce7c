import asyncio
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from hotline.telephony.contract import EventMessage
from hotline.telephony.link.memory import Memory
from hotline.telephony.simulator.habits import Habits
from tests.hotline.telephony.simulator.scripted_hotline import SEAT, Scene, ordinary
from tests.hotline.telephony.simulator.virtual_time import live


def nothing(_event: EventMessage) -> Iterable[dict[str, Any]]:
    return ()


def test_a_call_goes_from_the_first_ring_to_a_recording(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        it.switch.place_call(it.citizen())
        await it.over()
        return it

    it = live(scene())
    assert it.story("c") == [
        "call.incoming",
        "leg.answered",
        "prompt.done",
        "digits",
        "queue.joined",
        "queue.left",
        "bridge.joined",
        "recording.started",
        "bridge.left",
        "leg.ended",
        "recording.ready",
    ]
    assert it.story("s") == ["leg.ringing", "leg.answered", "bridge.joined", "bridge.left", "leg.ended"]
    talk = it.seconds_between(it.the("bridge.joined", "s"), it.the("leg.ended", "c"))
    assert talk == pytest.approx(100, abs=0.1)
    assert it.the("leg.ended", "c").by == "caller"
    assert it.the("recording.ready").seconds == pytest.approx(100, abs=0.2)


def test_events_of_a_call_are_numbered_without_a_gap(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        it.switch.place_call(it.citizen())
        await it.over()
        return it

    it = live(scene())
    assert [event.seq for event in it.heard] == list(range(1, len(it.heard) + 1))
    assert len({event.id for event in it.heard}) == len(it.heard)


def test_speed_shortens_everybodys_time(tmp_path: Path) -> None:
    async def scene() -> float:
        it = Scene(tmp_path, speed=10)
        it.switch.place_call(it.citizen())
        await it.over()
        return it.seconds_between(it.the("bridge.joined", "s"), it.the("leg.ended", "c"))

    assert live(scene()) == pytest.approx(10, abs=0.1)


def test_a_command_that_comes_twice_is_obeyed_once(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path, nothing)
        call = it.switch.place_call(it.citizen())
        twice = {"id": "same", "type": "answer"}
        it.order(call.id, twice, twice)
        it.order(call.id, {"type": "hangup"}, {"type": "hangup"})
        await it.over()
        return it

    it = live(scene())
    assert it.story() == ["call.incoming", "leg.answered", "leg.ended"]
    assert it.switch.statistics.counts["commands_again"] == 1


def test_a_command_for_a_call_that_is_over_does_nothing(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        it.order("gone", {"type": "answer"}, {"type": "hangup"}, {"type": "connect", "legs": ["a", "b"]})
        await it.over()
        return it

    assert live(scene()).heard == []


def test_a_seat_that_is_already_on_the_telephone_is_busy(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        it.switch.place_call(it.citizen())
        await asyncio.sleep(30)
        it.order("another", {"type": "ring", "seat": SEAT, "leg": "another-s"})
        await it.over()
        return it

    it = live(scene())
    busy = [e for e in it.heard if e.type == "leg.ended" and e.call == "another"]
    assert [e.cause for e in busy] == ["busy"]


def test_a_simulated_agent_who_is_away_lets_it_ring_until_the_time_is_up(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path, nothing, Habits(seat_no_answer=1))
        it.order("call", {"type": "ring", "seat": SEAT, "leg": "call-s", "timeout": 15})
        await it.over()
        return it

    it = live(scene())
    assert it.the("leg.ended").cause == "no_answer"
    assert it.seconds_between(it.the("leg.ringing"), it.the("leg.ended")) == pytest.approx(15, abs=0.1)


def test_a_real_agents_telephone_rings_until_they_answer_in_the_workbench(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path, nothing, speed=50)
        it.order("call", {"type": "ring", "seat": "1001", "leg": "call-s", "timeout": 15})
        await asyncio.sleep(9)
        assert it.story() == ["leg.ringing"]
        it.order("call", {"type": "answer", "leg": "call-s"})
        await asyncio.sleep(30)
        it.order("call", {"type": "hangup"})
        await it.over()
        return it

    assert live(scene()).story() == ["leg.ringing", "leg.answered", "leg.ended"]


def test_hold_and_resume_keep_the_room(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        call = it.switch.place_call(it.citizen())
        await asyncio.sleep(40)
        it.order(call.id, {"type": "hold"}, {"type": "hold"})
        await asyncio.sleep(20)
        it.order(call.id, {"type": "resume"})
        await it.over()
        return it

    it = live(scene())
    held = it.seconds_between(it.the("leg.held"), it.the("leg.resumed"))
    assert held == pytest.approx(20, abs=0.1)
    talk = it.seconds_between(it.the("bridge.joined", "s"), it.the("leg.ended", "c"))
    assert talk == pytest.approx(100 + held, abs=0.1)


def test_a_third_telephone_joins_the_room_and_leaves_it(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        call = it.switch.place_call(it.citizen())
        await asyncio.sleep(40)
        third = f"{call.id}-x"
        it.order(call.id, {"type": "ring", "seat": "1001", "leg": third})
        it.order(call.id, {"type": "answer", "leg": third}, {"type": "add", "leg": third})
        assert len(call.room.legs) == 3
        it.order(call.id, {"type": "remove", "leg": third})
        assert len(call.room.legs) == 2
        await it.over()
        return it

    assert live(scene()).story("x") == [
        "leg.ringing",
        "leg.answered",
        "bridge.joined",
        "bridge.left",
        "leg.ended",
    ]


def test_a_supervisor_listens_unheard_and_barges_in(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        call = it.switch.place_call(it.citizen())
        await asyncio.sleep(40)
        lead, seat = f"{call.id}-x", f"{call.id}-s"
        it.order(
            call.id,
            {"type": "ring", "seat": "1001", "leg": lead},
            {"type": "answer", "leg": lead},
            {"type": "listen", "target": seat, "by": lead, "mode": "monitor"},
        )
        assert len(call.room.legs) == 2
        it.order(call.id, {"type": "listen", "target": seat, "by": lead, "mode": "barge"})
        assert len(call.room.legs) == 3
        await it.over()
        return it

    it = live(scene())
    assert [e.mode for e in it.heard if e.type == "listen.started"] == ["monitor", "barge"]
    assert "listen.ended" in it.story("x")


def test_a_transfer_rings_the_other_and_frees_the_seat(tmp_path: Path) -> None:
    def rule(event: EventMessage) -> Iterable[dict[str, Any]]:
        if event.cause == "transferred":
            return
        if event.type == "leg.answered" and "-t" in event.leg:
            yield {"type": "add", "leg": event.leg}
            return
        yield from ordinary(event)

    async def scene() -> Scene:
        it = Scene(tmp_path, rule, Habits(seat_no_answer=0, called_answers=1))
        call = it.switch.place_call(it.citizen())
        await asyncio.sleep(40)
        it.order(call.id, {"type": "transfer", "to": "110", "mode": "blind"})
        await it.over()
        return it

    it = live(scene())
    assert it.the("leg.ended", "s").cause == "transferred"
    assert it.story("t2") == ["leg.ringing", "leg.answered", "bridge.joined", "bridge.left", "leg.ended"]


def test_the_hotline_may_begin_a_call_by_ringing(tmp_path: Path) -> None:
    def rule(event: EventMessage) -> Iterable[dict[str, Any]]:
        if event.type == "leg.answered" and event.leg == "out-s":
            yield {"type": "ring", "number": "+8612500000007", "leg": "out-c", "as": "12345", "timeout": 30}
        elif event.type == "leg.answered":
            yield {"type": "connect", "legs": ["out-s", "out-c"]}
        elif event.type == "leg.ended":
            yield {"type": "hangup"}

    async def scene() -> Scene:
        it = Scene(tmp_path, rule, Habits(seat_no_answer=0, called_answers=1))
        it.order("out", {"type": "ring", "seat": SEAT, "leg": "out-s"})
        await it.over()
        return it

    it = live(scene())
    assert it.story("c") == ["leg.ringing", "leg.answered", "bridge.joined", "bridge.left", "leg.ended"]


def test_a_paused_recording_is_as_long_as_what_was_recorded(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        call = it.switch.place_call(it.citizen())
        await asyncio.sleep(40)
        it.order(call.id, {"type": "record", "action": "pause"})
        await asyncio.sleep(20)
        it.order(call.id, {"type": "record", "action": "start"})
        await it.over()
        return it

    assert live(scene()).the("recording.ready").seconds == pytest.approx(80, abs=0.2)


def test_when_the_switch_is_shut_down_every_leg_ends(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path)
        for _ in range(3):
            it.switch.place_call(it.citizen())
        await asyncio.sleep(20)
        it.switch.end_everything("shutdown")
        await it.over()
        return it

    it = live(scene())
    ended = [e.leg for e in it.heard if e.type == "leg.ended"]
    assert sorted(ended) == sorted({e.leg for e in it.heard})
    assert it.switch.calls == {}


def test_a_ring_that_comes_after_everybody_hung_up_rings_nobody(tmp_path: Path) -> None:
    """Answers and the command stream are two ways: on them a ring may be overtaken by the end of its call."""

    async def scene() -> Scene:
        it = Scene(tmp_path, nothing)
        call = it.switch.place_call(it.citizen())
        it.order(call.id, {"type": "hangup"})
        it.order(call.id, {"type": "ring", "seat": SEAT, "leg": f"{call.id}-s"})
        await it.over()
        return it

    it = live(scene())
    assert it.story("s") == ["leg.ended"]
    assert it.the("leg.ended", "s").cause == "call_over"
    assert it.switch.calls == {}


def test_the_next_agent_is_rung_for_a_call_in_which_only_an_agent_was(tmp_path: Path) -> None:
    """A kept place: nobody but agents is rung until one of them is there."""

    async def scene() -> Scene:
        it = Scene(tmp_path, nothing)
        it.order("kept", {"type": "ring", "seat": SEAT, "leg": "kept-a"})
        it.order("kept", {"type": "hangup", "leg": "kept-a"})
        await it.over()
        it.order("kept", {"type": "ring", "seat": SEAT, "leg": "kept-b"})
        it.order("kept", {"type": "hangup", "leg": "kept-b"})
        await it.over()
        return it

    it = live(scene())
    assert it.story("a") == it.story("b") == ["leg.ringing", "leg.ended"]


def test_a_ring_that_its_own_hangup_overtook_rings_nobody(tmp_path: Path) -> None:
    async def scene() -> Scene:
        it = Scene(tmp_path, nothing)
        call = it.switch.place_call(it.citizen())
        it.order(call.id, {"type": "hangup", "leg": f"{call.id}-s"})
        it.order(call.id, {"type": "ring", "seat": SEAT, "leg": f"{call.id}-s"})
        await it.over()
        return it

    assert live(scene()).story("s") == ["leg.ended"]


def test_only_so_many_names_are_remembered() -> None:
    memory = Memory(3)
    for name in "abcd":
        memory.add(name)
    assert [name in memory for name in "abcd"] == [False, True, True, True]
