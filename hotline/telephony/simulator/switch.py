"""The simulated switch: carries out commands, reports what happened, decides nothing.

Rooms, legs and telephones live here and nowhere else; whether a caller waits, whom to ring and when a call is over
is the hotline's business. Every change of the world is one event.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from random import Random
from typing import Any

import structlog

from config import ids
from hotline.telephony.contract import CommandMessage, EventMessage
from hotline.telephony.link.memory import Memory
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.link.tasks import end
from hotline.telephony.simulator import orders
from hotline.telephony.simulator.citizen import CitizenInCall
from hotline.telephony.simulator.habits import Citizen, Habits
from hotline.telephony.simulator.media import Media
from hotline.telephony.simulator.model import Call, Leg, Room
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.tapes import Tapes

log = structlog.get_logger(__name__)
PROVIDER = "simulator"
DIALLED = "12345"
REMEMBERED_COMMANDS = 20_000
REMEMBERED_CALLS = 5_000


class Switch:
    """`send(event)` takes events away, `obey(commands)` is what comes back, `over(call)` hears of each call's end."""

    def __init__(
        self,
        *,
        send: Callable[[EventMessage], None],
        chance: Random,
        habits: Habits,
        pace: Pace,
        statistics: Statistics,
        recordings: Path,
        over: Callable[[Call], None] = lambda call: None,
    ) -> None:
        self._send = send
        self.chance = chance
        self.habits = habits
        self.pace = pace
        self.statistics = statistics
        self.tapes = Tapes(recordings, pace, self.report)
        self.simulated_seats: frozenset[str] = frozenset()
        self.calls: dict[str, Call] = {}
        self._over = over
        self._media: dict[str, Media] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._obeyed = Memory(REMEMBERED_COMMANDS)
        self._finished = Memory(REMEMBERED_CALLS)

    # -- what citizens do

    def place_call(self, citizen: Citizen) -> Call:
        """A citizen dials the hotline."""
        call = self.open_call(f"sim-{ids.new_id()}")
        leg = self.add_leg(Leg(f"{call.id}-c", call, number=citizen.number, citizen=citizen))
        self.statistics.count("calls")
        facts: dict[str, Any] = {"from": citizen.number, "to": DIALLED, "prefer_seat": citizen.prefer_seat}
        self.report(leg, "call.incoming", **facts)
        self.watch(leg)
        return call

    def watch(self, leg: Leg) -> None:
        """Let the citizen on this leg live through the call."""
        self.start(CitizenInCall(leg, self.pace, self._put_down, self.is_simulated).live())

    def _put_down(self, leg: Leg) -> None:
        self.end_leg(leg, cause="normal", by="agent" if leg.is_ours else "caller")

    # -- what the hotline orders

    def obey(self, commands: Iterable[CommandMessage]) -> None:
        """Carry out the commands, each id once. One that cannot be carried out is logged, not fatal."""
        for command in commands:
            if command.id in self._obeyed:
                self.statistics.count("commands_again")
                continue
            self._obeyed.add(command.id)
            self.statistics.count("commands")
            try:
                orders.carry_out(self, command)
            except Exception:
                log.exception("command_failed", kind=command.type, call=command.call)

    # -- the network's own moves, used by orders and telephones

    def is_simulated(self, seat: str) -> bool:
        """Whether nobody real sits at this seat."""
        return seat in self.simulated_seats

    def is_finished(self, call_id: str) -> bool:
        """Whether there was such a call and it is over."""
        return call_id in self._finished

    def is_busy(self, leg: Leg) -> bool:
        """Whether the telephone of this leg is in use for another."""
        legs = (other for call in self.calls.values() for other in call.live_legs)
        return any(other.seat == leg.seat and other is not leg for other in legs)

    def open_call(self, call_id: str) -> Call:
        """The call, made if it is new: the hotline may begin one by ringing somebody."""
        return self.calls.setdefault(call_id, Call(call_id))

    def add_leg(self, leg: Leg) -> Leg:
        leg.call.legs[leg.id] = leg
        self._media[leg.id] = Media(leg, self.pace, self.report, self.tapes.message)
        return leg

    def refuse_leg(self, leg: Leg, cause: str) -> None:
        """This telephone cannot ring."""
        self.report(leg, "leg.ended", cause=cause, by="switch")
        if not leg.call.legs:
            self.calls.pop(leg.call.id, None)

    def media(self, leg: Leg) -> Media:
        return self._media[leg.id]

    def report(self, leg: Leg, kind: str, **facts: Any) -> None:
        """Tell the hotline that something happened to this leg."""
        about = {
            "id": ids.new_id(),
            "at": self.pace.now(),
            "seq": leg.call.next_seq(),
            "provider": PROVIDER,
            "call": leg.call.id,
            "leg": leg.id,
            "type": kind,
        }
        self.statistics.count("reported")
        self._send(EventMessage.model_validate({**about, **facts}))

    def start(self, doing: Coroutine[Any, Any, None]) -> None:
        """Let it happen beside everything else."""
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def answer_leg(self, leg: Leg) -> None:
        """The telephone is picked up."""
        if not leg.ended and not leg.answered:
            leg.answered = True
            self.report(leg, "leg.answered")
            leg.call.stir()

    def end_leg(self, leg: Leg, *, cause: str, by: str) -> None:
        """The telephone is down, for whatever reason; the last leg takes the call with it."""
        if leg.ended:
            return
        call = leg.call
        self._media.pop(leg.id).silence()
        self.stop_waiting(leg, "ended")
        if leg.listens_to is not None:
            self.report(leg, "listen.ended")
        self.leave_room(leg)
        leg.ended = True
        leg.stirred.set()
        self.report(leg, "leg.ended", cause=cause, by=by)
        self.statistics.count(f"ended_by_{by}")
        call.stir()
        if not call.live_legs:
            self.tapes.stop(call)
            del self.calls[call.id]
            if not all(leg.is_ours for leg in call.legs.values()):
                self._finished.add(call.id)  # else only agents were rung, and the next may be
            self._over(call)

    def join_room(self, leg: Leg, room: Room) -> None:
        if leg.ended or leg.room is room:
            return
        self.media(leg).silence()
        self.stop_waiting(leg, "connected")
        leg.room = room
        room.legs.append(leg)
        self.report(leg, "bridge.joined")
        leg.call.stir()

    def leave_room(self, leg: Leg) -> None:
        if (room := leg.room) is not None:
            leg.room = None
            room.legs.remove(leg)
            self.report(leg, "bridge.left")
            leg.call.stir()

    def wait_with_music(self, leg: Leg) -> None:
        if leg.waiting_since is None:
            leg.waiting_since = self.pace.mark()
            self.report(leg, "queue.joined")
            leg.call.stir()

    def stop_waiting(self, leg: Leg, reason: str) -> None:
        if leg.waiting_since is not None:
            waited = self.pace.elapsed(leg.waiting_since)
            leg.waiting_since = None
            self.report(leg, "queue.left", reason=reason, waited=round(waited, 1))
            leg.call.stir()

    # -- the end of the world

    def end_everything(self, cause: str) -> None:
        """Every telephone goes down, as when a switch is shut down in good order."""
        for call in list(self.calls.values()):
            for leg in call.live_legs:
                self.end_leg(leg, cause=cause, by="switch")

    async def quiet(self) -> None:
        """Wait until the last call is over."""
        while self.calls:
            await asyncio.sleep(0.05)

    async def still(self) -> None:
        """Wait until recordings are written and nobody does anything any more."""
        await self.tapes.finished()
        await end(self._tasks)
