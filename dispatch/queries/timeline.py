"""Everything that happened to a case, told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from config import clock
from config.words import Hue, Word
from dispatch.models import CardColour, Case, CaseEvent
from dispatch.roles import CENTRE_ROLES, DEPARTMENT_ROLES
from dispatch.workflow import ClockKind, EmergencyService, NotAcceptedReason, ReturnReason
from dispatch.workflow.sentences import sentence
from knowledge_base.words import UseKind

_WORDS: dict[str, type[Word]] = {
    "not_accepted_code": NotAcceptedReason,
    "reason_code": ReturnReason,
    "service": EmergencyService,
    "clock": ClockKind,
    "card": CardColour,
}


def timeline(case: Case) -> Select[CaseEvent]:
    """Its events, oldest first."""
    return (
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.id)
        .options(joinedload(CaseEvent.person).lazyload(Person.grants), joinedload(CaseEvent.department))
    )


@dataclass(frozen=True)
class Entry:
    """One line: who did what when, with the words they left. `kind` is deed, card, unmask or knowledge."""

    at: datetime
    who: str
    label: str
    text: str
    hue: Hue
    kind: str
    internal: bool
    event: CaseEvent


def entries(events: Iterable[CaseEvent], person: Person) -> list[Entry]:
    """The events as this person may read them: what is internal stays with those who work on the case."""
    insider = person.has_role(*CENTRE_ROLES, *DEPARTMENT_ROLES)
    return [
        Entry(
            at=event.at,
            who=_who(event),
            label=_label(event),
            text=event.text if insider or not event.internal else "",
            hue=event.action.hue if event.action else _HUES.get(event.facts.get("card", ""), Hue.QUIET),
            kind=event.kind,
            internal=event.internal,
            event=event,
        )
        for event in events
    ]


_HUES = {CardColour.YELLOW.value: Hue.WAITING, CardColour.RED.value: Hue.LATE}


def _who(event: CaseEvent) -> str:
    if event.person is None:
        return _("The clock")
    place = f" · {event.department}" if event.department else ""
    return f"{event.person.name}{place}"


def _label(event: CaseEvent) -> str:
    if event.action is not None:
        return sentence(event.action, _shown(event.facts))
    if event.kind == "card":
        shown = _shown(event.facts)
        return _("%(card)s: %(clock)s, due %(due_at)s", **shown)
    if event.kind == "knowledge":
        return _knowledge(event.facts)
    return _("looked at the citizen's number")


def _knowledge(facts: dict[str, Any]) -> str:
    what = " ".join(part for part in (facts.get("title"), facts.get("number")) if part)
    said = {
        UseKind.SENT: _(
            "sent the link of “%(what)s” to %(number)s", what=what, number=facts.get("sent_to", "")
        ),
        UseKind.INSERTED: _("quoted “%(what)s”", what=what),
        UseKind.COPIED: _("copied from “%(what)s”", what=what),
    }
    return said.get(facts.get("use", ""), _("opened “%(what)s”", what=what))


def _shown(facts: dict[str, Any]) -> dict[str, str]:
    """Facts as a person reads them: words by their label, moments in the city's time."""
    return {name: _one(name, value) for name, value in facts.items() if value is not None}


def _one(name: str, value: Any) -> str:
    if name in _WORDS and value in set(_WORDS[name]):
        return _WORDS[name](value).label
    if name == "due_at":
        return f"{clock.local(datetime.fromisoformat(value)):%m-%d %H:%M}"
    if name == "days":
        return ngettext("%(num)s day", "%(num)s days", int(value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)
