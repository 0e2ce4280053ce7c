"""The agent's picture of the switch, and its one way to report what happened."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any

import structlog

from config import clock, ids
from hotline.telephony.asterisk import orders, silence
from hotline.telephony.asterisk.ari import Ari, Away, Refused
from hotline.telephony.asterisk.media import Media
from hotline.telephony.asterisk.model import Call, Leg
from hotline.telephony.asterisk.prompts import Prompts
from hotline.telephony.asterisk.tapes import Tapes
from hotline.telephony.contract import CommandMessage, CommandType, EventMessage
from hotline.telephony.link.memory import Memory

log = structlog.get_logger(__name__)

PROVIDER = "asterisk"
REMEMBERED_COMMANDS = 50_000
REMEMBERED_CALLS = 5_000


GREETING = frozenset({CommandType.ANSWER, CommandType.QUEUE, CommandType.RING})


def whom_to_ring_first(commands: Iterable[CommandMessage]) -> list[CommandMessage]:
    """Of a caller who is taken and an agent who is rung in one breath, the agent's telephone comes first: it has the
    longer way, and nobody hears the difference. Anything else stays in its order."""
    found = list(commands)
    if all(command.type in GREETING for command in found):
        found.sort(key=lambda command: command.type is not CommandType.RING)
    return found


class Switch:
    """`send(event)` takes events away, `obey(commands)` is what comes back."""

    def __init__(
        self,
        ari: Ari,
        prompts: Prompts,
        send: Callable[[EventMessage], None],
        tapes: Tapes,
        *,
        trunk: str,
        patience: float,
        hotline_answers: asyncio.Event,
    ) -> None:
        self.ari = ari
        self.prompts = prompts
        self.tapes = tapes
        self.trunk = trunk
        self.trunk_is_away = False
        self._listens: asyncio.Task[None] | None = None
        self.patience = patience
        self.hotline_answers = hotline_answers
        self.began = asyncio.get_running_loop().time()
        self.calls: dict[str, Call] = {}
        self.legs: dict[str, Leg] = {}
        self.counts: Counter[str] = Counter()
        self._send = send
        self._obeyed = Memory(REMEMBERED_COMMANDS)
        self.told_tapes = Memory(REMEMBERED_CALLS)
        self.contacts: dict[str, str] = {}
        self._finished = Memory(REMEMBERED_CALLS)
        self._unwanted = Memory(REMEMBERED_CALLS)
        self._started: dict[str, asyncio.Event] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    # -- what the hotline orders

    def obey(self, commands: Iterable[CommandMessage]) -> None:
        """Carry out each command once; those of one call one after the other, those of different calls side by side."""
        for command in whom_to_ring_first(commands):
            if command.id in self._obeyed:
                self.counts["commands_again"] += 1
                continue
            self._obeyed.add(command.id)
            if (call := self._call_for(command)) is not None:
                call.to_do.put_nowait(command)
                if call.worker is None or call.worker.done():
                    call.worker = self.start(self._work(call))

    def _call_for(self, command: CommandMessage) -> Call | None:
        """A `ring` may begin a call, unless that call is over: then the leg is told to have ended at once."""
        call = self.calls.get(command.call)
        if call is None and command.type is CommandType.RING and command.leg:
            if command.call in self._finished:
                gone = Call(command.call)
                self.report(gone, "leg.ended", leg=command.leg, cause="call_over", by="switch")
                return None
            call = self.open_call(command.call)
        elif call is None and command.type is CommandType.HANGUP and command.leg:
            self.unwant(command.leg)
        return call

    async def _work(self, call: Call) -> None:
        while not call.to_do.empty():
            command = call.to_do.get_nowait()
            self.counts["commands"] += 1
            try:
                await orders.carry_out(self, call, command)
            except Refused as refusal:
                # Gone in the meantime (404), or not in our hands any more (409, 422): the telephone was quicker.
                log.info("command_refused", kind=command.type, call=call.id, said=str(refusal))
            except Away as away:
                log.warning("command_failed", kind=command.type, call=call.id, why=str(away))
            except Exception:
                log.exception("command_failed", kind=command.type, call=call.id)

    # -- the picture

    def open_call(self, call_id: str) -> Call:
        """The call, made if it is new."""
        return self.calls.setdefault(call_id, Call(call_id))

    def add_leg(
        self, call: Call, key: str, *, seat: str | None = None, number: str | None = None, role: str = ""
    ) -> Leg:
        media = Media(
            self.ari,
            key,
            lambda kind, **facts: self.report(call, kind, leg=key, **facts),
            lambda: orders.music_again(self, leg),
        )
        leg = Leg(key, call, media, seat=seat, number=number, role=role)
        call.legs[key] = self.legs[key] = leg
        return leg

    def unwant(self, leg_key: str) -> None:
        """A leg that is to be hung up before it was made: answers and the stream are two ways."""
        self._unwanted.add(leg_key)

    def is_unwanted(self, leg_key: str) -> bool:
        return leg_key in self._unwanted

    def report(self, call: Call, kind: str, *, at: datetime | None = None, **facts: Any) -> None:
        """Tell the hotline that something happened, just now unless `at` says when."""
        about = {"id": ids.new_id(), "at": at or clock.now(), "seq": call.next_seq(), "provider": PROVIDER}
        self._send(EventMessage.model_validate({**about, "call": call.id, "type": kind, **facts}))
        self.counts["events"] += 1

    def report_seat(self, seat: str, online: bool, contact: str | None = None) -> None:
        """A telephone of ours came or went; `contact`: as what and where it registered, as far as we were told."""
        kind = "seat.online" if online else "seat.offline"
        about = {
            "id": ids.new_id(),
            "at": clock.now(),
            "provider": PROVIDER,
            "type": kind,
            "seat": seat,
            "contact": contact,
        }
        self._send(EventMessage.model_validate(about))

    def report_trunk(self, trunk: str, online: bool) -> None:
        """The carrier's end answers, or does not: then whose voice has stopped is gone."""
        fell = not online and not self.trunk_is_away
        self.trunk_is_away = not online
        if fell and (self._listens is None or self._listens.done()):
            self._listens = self.start(silence.end_dead_lines(self))
        kind = "trunk.online" if online else "trunk.offline"
        about = {"id": ids.new_id(), "at": clock.now(), "provider": PROVIDER, "type": kind, "trunk": trunk}
        self._send(EventMessage.model_validate(about))

    def answered(self, leg: Leg) -> None:
        if not leg.answered and not leg.ended:
            leg.answered = True
            self.report(leg.call, "leg.answered", leg=leg.key)

    def ended(self, leg: Leg, *, cause: str, by: str) -> None:
        """The leg is gone; with the last one the room is closed and the call forgotten."""
        if leg.ended:
            return
        call = leg.call
        leg.ended = True
        leg.media.silence()
        self.stop_waiting(leg, "ended")
        self.out_of_room(leg)
        if leg.ear is not None:
            self.start(self._quietly(self.ari.delete(f"/channels/{leg.ear}")))
            self.report(call, "listen.ended", leg=leg.key)
            leg.ear = None
        if leg.booth_made:
            self.start(self._quietly(self.ari.delete(f"/bridges/{leg.booth}")))
        self.report(call, "leg.ended", leg=leg.key, cause=cause, by=by)
        self.legs.pop(leg.key, None)
        if not call.live_legs:
            self._close(call)

    def _close(self, call: Call) -> None:
        self.calls.pop(call.id, None)
        if not all(leg.is_ours for leg in call.legs.values()):
            self._finished.add(call.id)  # else only agents were rung, and the next may be
        if call.room_made:
            self.start(self._quietly(self.ari.delete(f"/bridges/{call.room}")))

    def into_room(self, leg: Leg) -> None:
        if not leg.in_room:
            leg.in_room = True
            self.report(leg.call, "bridge.joined", leg=leg.key)

    def out_of_room(self, leg: Leg) -> None:
        if leg.in_room:
            leg.in_room = False
            self.report(leg.call, "bridge.left", leg=leg.key)

    def stop_waiting(self, leg: Leg, reason: str) -> None:
        if leg.waiting_since is not None:
            waited = asyncio.get_running_loop().time() - leg.waiting_since
            leg.waiting_since = None
            self.report(leg.call, "queue.left", leg=leg.key, reason=reason, waited=round(waited, 1))

    # -- waiting for a channel that Asterisk is still making

    def expect(self, channel: str) -> asyncio.Event:
        """Set when that channel is in our hands."""
        return self._started.setdefault(channel, asyncio.Event())

    def is_here(self, channel: str) -> None:
        if (expected := self._started.pop(channel, None)) is not None:
            expected.set()

    # -- beside

    def start(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let it happen beside everything else."""
        task = asyncio.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _quietly(self, doing: Coroutine[Any, Any, None]) -> None:
        try:
            await doing
        except (Refused, Away) as error:
            log.info("not_tidied_up", error=str(error))

    @property
    def tasks(self) -> set[asyncio.Task[None]]:
        """Everything under way, to be ended with us. The calls themselves go on on the switch."""
        playing = {leg.media.player for leg in self.legs.values() if leg.media.player is not None}
        return self._tasks | playing
