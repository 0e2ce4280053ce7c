"""A day on the telephone, event by event, as a switch would tell it; who answers whom is the hotline's own affair."""

from __future__ import annotations

import heapq
import itertools
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select

from accounts.models import Person
from config import clock
from config.extensions import db
from config.ids import new_id
from console.demonstration.chance import dice
from console.demonstration.city.floor import PROVIDER, history_seat
from console.demonstration.history.days import Day
from console.demonstration.history.shifts import Shifts
from console.demonstration.names import a_callers_number
from hotline.models import Call
from hotline.services import finish_wrap_up, receive_event
from hotline.telephony.contract import CommandMessage, CommandType, EventMessage

KEYS, KEY_SHARES = ("1", "2", "4", "8", ""), (70, 9, 12, 2, 7)


@dataclass
class Caller:
    """Somebody who calls. `case` is the number of the case they call about; `patience` how long they wait (seconds).

    `leaves`: in the welcome, while it rings, or (empty) not before the talk.
    """

    name: str
    number: str
    arrives: datetime
    case: int | None = None
    leaves: str = ""
    patience: float = 3600.0
    rng: Random = field(default_factory=Random)
    seq: int = 0
    asked: str = ""
    seat_leg: str = ""
    agent: Person | None = None
    gone: bool = False


@dataclass(frozen=True)
class Answered:
    """What the talk left behind: the case `case` is registered by `agent` at `at`."""

    case: int
    call_no: str
    number: str
    agent: Person
    at: datetime


def callers_of(day: Day, cases_by_phone: list[int]) -> list[Caller]:
    """Everybody who calls on `day`: those with a case, and those without."""
    count = max(day.calls, len(cases_by_phone))
    moments = list(day.moments("calls", count))
    order = dice("who calls", day.key)
    subjects: list[int | None] = [*cases_by_phone, *[None] * (len(moments) - len(cases_by_phone))]
    order.shuffle(subjects)
    return [_caller(day, n, at, case) for n, (at, case) in enumerate(zip(moments, subjects, strict=False))]


def _caller(day: Day, n: int, arrives: datetime, case: int | None) -> Caller:
    rng = dice("caller", day.key, n)
    caller = Caller(f"h-{day.key}-{n:05d}", a_callers_number(rng), arrives, case, rng=rng)
    if case is None:
        kind = rng.random()
        if kind < 0.10:
            caller.leaves = "welcome"
        elif kind < 0.20:
            caller.leaves, caller.patience = "ring", rng.choice((rng.uniform(1, 4.5), rng.uniform(5, 14)))
        else:
            caller.patience = rng.uniform(20, 150)
    return caller


class Telephone:
    """Plays one day. Events happen in the order of their time, each with the clock turned to it."""

    def __init__(self, day: Day, team: list[Person]) -> None:
        self.day = day
        self.shifts = Shifts(day, team)
        self.seats = {history_seat(person.login): person for person in team}
        self.waiting: list[Caller] = []
        self.answered: list[Answered] = []
        self._order = itertools.count()
        self._to_come: list[tuple[datetime, int, str, Caller | None]] = []

    def play(self, callers: list[Caller]) -> list[Answered]:
        """Everything from the first shift's beginning to the last agent's leaving."""
        for at in self.shifts.changes():
            self._plan(at, "shift", None)
        for caller in callers:
            self._plan(caller.arrives, "arrive", caller)
        at = clock.start_of_day(self.day.date)
        while self._to_come:
            at, _n, what, whose = heapq.heappop(self._to_come)
            with clock.turned_to(at):
                getattr(self, f"_{what}")(at, whose)
        with clock.turned_to(at + timedelta(seconds=1)):
            self.shifts.close()
        return self.answered

    def _plan(self, at: datetime, what: str, caller: Caller | None) -> None:
        heapq.heappush(self._to_come, (at, next(self._order), what, caller))

    def _tell(self, at: datetime, caller: Caller, kind: str, **facts: object) -> list[CommandMessage]:
        caller.seq += 1
        about = {"id": new_id(), "at": at, "seq": caller.seq, "provider": PROVIDER, "call": caller.name}
        return receive_event(EventMessage.model_validate({**about, "type": kind, **facts}))

    # -- what happens --------------------------------------------------------------------------------

    def _shift(self, at: datetime, _caller: Caller | None) -> None:
        self.shifts.change(at)
        self._look_after_waiting(at)

    def _arrive(self, at: datetime, caller: Caller) -> None:
        facts = {"from": caller.number, "to": "12345"}
        commands = self._tell(at, caller, "call.incoming", leg=self._line(caller), **facts)
        caller.asked = next((c.prompt or "" for c in commands if c.type is CommandType.GATHER), "")
        if caller.leaves == "welcome":
            self._plan(at + timedelta(seconds=caller.rng.uniform(2, 8)), "leave", caller)
        else:
            self._plan(at + timedelta(seconds=caller.rng.uniform(5, 11)), "choose", caller)

    def _choose(self, at: datetime, caller: Caller) -> None:
        key = caller.rng.choices(KEYS, KEY_SHARES)[0]
        commands = self._tell(at, caller, "digits", leg=self._line(caller), value=key, prompt=caller.asked)
        self._plan(at + timedelta(seconds=caller.patience), "leave", caller)
        if not self._rings(at, caller, commands):
            self.waiting.append(caller)

    def _rings(self, at: datetime, caller: Caller, commands: list[CommandMessage]) -> bool:
        ring = next((c for c in commands if c.type is CommandType.RING and c.seat in self.seats), None)
        if ring is None or ring.leg is None or ring.seat is None:
            return False
        caller.seat_leg, caller.agent = ring.leg, self.seats[ring.seat]
        if caller.leaves != "ring":
            self._plan(
                at + timedelta(seconds=min(13.0, caller.rng.lognormvariate(1.5, 0.4))), "answer", caller
            )
        return True

    def _answer(self, at: datetime, caller: Caller) -> None:
        if caller.gone:
            return
        caller.patience = -1
        self._tell(at, caller, "leg.answered", leg=caller.seat_leg)
        mean = 4.9 if caller.case is not None else 4.4
        talk = min(1500.0, max(25.0, caller.rng.lognormvariate(mean, 0.5)))
        if caller.case is not None and caller.agent is not None:
            call_no = db.session.scalar(
                select(Call.call_no).where(Call.provider == PROVIDER, Call.provider_call == caller.name)
            )
            registers = at + timedelta(seconds=talk * caller.rng.uniform(0.6, 0.95))
            self.answered.append(Answered(caller.case, str(call_no), caller.number, caller.agent, registers))
        self._plan(at + timedelta(seconds=talk), "end", caller)

    def _end(self, at: datetime, caller: Caller) -> None:
        by = "caller" if caller.rng.random() < 0.8 else "agent"
        self._tell(at, caller, "leg.ended", leg=self._line(caller), cause="normal", by=by)
        self._tell(at, caller, "leg.ended", leg=caller.seat_leg, cause="normal", by=by)
        self._plan(at + timedelta(seconds=caller.rng.uniform(6, 28)), "wrapped_up", caller)

    def _wrapped_up(self, at: datetime, caller: Caller) -> None:
        assert caller.agent is not None
        finish_wrap_up(caller.agent)
        self.shifts.may_leave(caller.agent)
        self._look_after_waiting(at)

    def _leave(self, at: datetime, caller: Caller) -> None:
        if caller.patience < 0:  # somebody answered
            return
        caller.gone = True
        self._tell(at, caller, "leg.ended", leg=self._line(caller), cause="normal", by="caller")
        if caller.seat_leg:
            self._tell(at, caller, "leg.ended", leg=caller.seat_leg, cause="normal", by="hotline")
        self.waiting = [other for other in self.waiting if other is not caller]
        self._look_after_waiting(at)

    def _look_after_waiting(self, at: datetime) -> None:
        """Somebody became idle and the first in line presses a key again: with it the hotline looks anew.

        In service it looks by itself after the commit; here nothing is committed before the day is over.
        """
        for caller in list(self.waiting):
            if self.shifts.nobody_idle():
                return
            line = self._line(caller)
            commands = self._tell(at, caller, "digits", leg=line, value="*", prompt="position")
            if self._rings(at, caller, commands):
                self.waiting.remove(caller)

    @staticmethod
    def _line(caller: Caller) -> str:
        return f"{caller.name}-c"
