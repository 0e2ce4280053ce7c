"""What the agent's workbench shows of a caller: gathered from the floors below, which do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure, may
from config import clock
from config.crypto import blind_index
from config.errors import NotFound
from config.extensions import db
from config.phones import mask_phone, normalise_phone
from config.transaction import transactional
from config.words import Hue
from dispatch.models import Case, Citizen
from dispatch.queries import caller_history, open_cases_of
from hotline.models import Call

REPEAT_DAYS = 7

audit.verb("caller:look_up", _l("Caller looked up by number"))


@dataclass(frozen=True)
class Caller:
    """Who is on the line, as far as we know: `number_index` is the blind index, `number_masked` may be shown."""

    number_masked: str = ""
    number_index: str | None = None
    citizen: Citizen | None = None
    open_cases: Sequence[Case] = ()
    history: Sequence[Case] = ()
    calls_lately: int = 0

    @property
    def is_repeat(self) -> bool:
        """Called before within a week, or has something open."""
        return self.calls_lately > 1 or bool(self.open_cases)


@dataclass(frozen=True)
class Moment:
    """A fact of a call, shaped for the kit's timeline."""

    at: datetime
    label: Any
    hue: Hue = Hue.QUIET
    text: str = ""
    who: str = field(default="")


def call_at_hand(person: Person, call_no: str) -> Call:
    """The call with this number; NotFound where there is none or it is not this person's to see."""
    call = db.session.scalar(select(Call).where(Call.call_no == call_no))
    if call is None or not may(person, "call:see", call):
        raise NotFound(_("There is no such call."))
    return call


def caller_of(call: Call) -> Caller:
    """What is known of who made `call`; nothing where the number was withheld."""
    return _known(call.caller_index, mask_phone(call.caller_number))


@transactional
def caller_by_number(person: Person, typed: str) -> Caller:
    """What is known of a number that was typed in (counter, letter, another channel). The look is recorded."""
    ensure(person, "console:workbench")
    number = normalise_phone(typed)
    index = blind_index(number)
    audit.record("caller:look_up", person, ("number", mask_phone(number)))
    return _known(index, mask_phone(number))


def _known(index: str | None, masked: str) -> Caller:
    if not index:
        return Caller(number_masked=masked)
    since = clock.now() - timedelta(days=REPEAT_DAYS)
    lately = select(func.count()).where(Call.caller_index == index, Call.arrived_at >= since)
    still_open = list(db.session.scalars(open_cases_of(index)))
    return Caller(
        number_masked=masked,
        number_index=index,
        citizen=db.session.scalar(select(Citizen).where(Citizen.phone_index == index)),
        open_cases=still_open,
        history=[case for case in db.session.scalars(caller_history(index)) if case not in still_open],
        calls_lately=db.session.scalar(lately) or 0,
    )


@transactional
def unmask_number(person: Person, call: Call) -> str:
    """The caller's whole number (E.164); who looked is in the audit trail."""
    ensure(person, "caller:unmask_call", call)
    audit.record("caller:unmask_call", person, ("call", call.call_no))
    return call.caller_number or ""


def moments_of(call: Call) -> list[Moment]:
    """What happened in `call` so far, oldest first."""
    told = (
        (call.arrived_at, _("Call came in"), Hue.QUIET, ""),
        (call.asked_at, _("Asked for a person"), Hue.QUIET, ""),
        (call.queued_at, _("Waiting in the queue"), Hue.WAITING, call.queue.name if call.queue else ""),
        (call.offered_at, _("Offered to an agent"), Hue.WAITING, ""),
        (call.answered_at, _("Answered"), Hue.RUNNING, ""),
        (call.ended_at, _("Call ended"), Hue.GOOD, call.end_reason.label if call.end_reason else ""),
    )
    return sorted(
        (Moment(at, label, hue, text) for at, label, hue, text in told if at is not None),
        key=lambda moment: moment.at,
    )
