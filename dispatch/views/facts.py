"""What the page of a case shows, gathered from the reads; a fixed number of statements however long its story."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from accounts.permissions import may
from config.extensions import db
from config.words import Hue
from dispatch import queries, services
from dispatch.models import Attachment, Case, CaseEvent, Place, Urge
from dispatch.queries import Entry
from dispatch.roles import CENTRE_ROLES
from dispatch.services.attachments import attachments_of
from dispatch.workflow import Action, CaseState
from hotline.models import Call


@dataclass(frozen=True)
class Line:
    """One line of the timeline. `kind` is what the reader can filter by: a key of `LINE_KINDS`."""

    at: datetime
    who: str
    label: str
    text: str
    hue: Hue
    kind: str
    internal: bool = False
    call_no: str = ""


_PRESSING = {Action.URGE, Action.SUPERVISE, Action.ANSWER_NOTICE}
_REPLYING = {
    Action.WRITE_REPLY,
    Action.RELEASE_REPLY,
    Action.RETURN_REPLY,
    Action.PASS_REPLY,
    Action.FAIL_REPLY,
}


def line_kinds() -> list[tuple[str, str]]:
    """The filters of the timeline, in their order."""
    return [
        ("all", _("Everything")),
        ("step", _("Steps")),
        ("reply", _("Replies")),
        ("press", _("Urges and notices")),
        ("call", _("Telephone calls")),
        ("look", _("Looks at personal data")),
    ]


def whole_case(person: Person, case: Case) -> dict[str, Any]:
    """The facts of a case for its page, as template variables."""
    events = db.session.scalars(queries.timeline(case)).all()
    calls = _calls(case)
    attachments = attachments_of(case)
    related = _related(person, case)
    may_unmask = bool(case.contact_index) and may(person, "case:unmask", case)
    return {
        "case": case,
        "person": person,
        "offers": queries.offers(person, case),
        "lines": _lines(person, queries.entries(events, person), calls),
        "line_kinds": line_kinds(),
        "assignments": db.session.scalars(queries.assignments_of(case)).all(),
        "clocks": db.session.scalars(queries.clocks_of(case)).all(),
        "replies": db.session.scalars(queries.replies_of(case)).all(),
        "requests": db.session.scalars(queries.requests_of(case)).all(),
        "callbacks": db.session.scalars(queries.callbacks_of(case)).all(),
        "notices": db.session.scalars(queries.notices_of(case)).all(),
        "master": related.get(case.master_case_id),
        "previous": related.get(case.previous_case_id),
        "followers": [one for one in related.values() if one.master_case_id == case.id],
        "files": [row for row in attachments if row.reply_id is None],
        "proofs": _proofs(attachments),
        "same_caller": _same_caller(person, case),
        "suggestion": suggestion_for(case),
        "place": places_of([case])[case.id],
        "phone": services.shown_phone(person, case),
        "name": services.shown_name(person, case),
        "may_unmask": may_unmask,
        "may_dial": may_unmask and may(person, "call:take"),
    }


def suggestion_for(case: Case) -> queries.Suggestion | None:
    """Whom the catalogue would send it to, while that is to be decided."""
    if case.state is not CaseState.PENDING_DISPATCH:
        return None
    return queries.suggest_lead(case.category_code, case.street_code, case.district_code)


def _lines(person: Person, entries: Sequence[Entry], calls: Sequence[Call]) -> list[Line]:
    """Deeds, looks, cards and calls in the order in which they happened, the newest first."""
    told = [
        Line(one.at, one.who, one.label, one.text, one.hue, _kind(one.event), one.internal) for one in entries
    ]
    told += [_call_line(person, call) for call in calls if call.arrived_at is not None]
    return sorted(told, key=lambda line: line.at)[::-1]


def _kind(event: CaseEvent) -> str:
    if event.kind == "unmask":
        return "look"
    if event.kind in ("card", "alert") or event.action in _PRESSING:
        return "press"
    return "reply" if event.action in _REPLYING else "step"


def _call_line(person: Person, call: Call) -> Line:
    """With the way to the call, for who may go it: a department reads that there was one, and no more."""
    label = _("The citizen called") if call.direction == "in" else _("The citizen was called")
    assert call.arrived_at is not None
    return Line(
        at=call.arrived_at,
        who=call.agent.name if call.agent else "",
        label=label,
        text="",
        hue=Hue.RUNNING,
        kind="call",
        call_no=call.call_no if may(person, "call:list") and may(person, "call:see", call) else "",
    )


def _calls(case: Case) -> Sequence[Call]:
    """The call it was taken down in, and those in which the citizen pressed."""
    pressed = select(Urge.call_no).where(Urge.case_id == case.id, Urge.call_no.is_not(None))
    wanted = or_(Call.call_no.in_(pressed), Call.call_no == (case.call_no or ""))
    return db.session.scalars(select(Call).where(wanted).options(joinedload(Call.agent))).all()


def _proofs(attachments: Sequence[Attachment]) -> dict[int, list[Attachment]]:
    found: dict[int, list[Attachment]] = {}
    for row in attachments:
        if row.reply_id is not None:
            found.setdefault(row.reply_id, []).append(row)
    return found


def _related(person: Person, case: Case) -> dict[int | None, Case]:
    """By id the cases that this one names, and those that name it: those of them the person may know of."""
    named = or_(Case.master_case_id == case.id, Case.id.in_([case.master_case_id, case.previous_case_id]))
    found = db.session.scalars(queries.known_to(person).where(named).order_by(Case.id))
    return {one.id: one for one in found}


def _same_caller(person: Person, case: Case) -> list[Case]:
    """Other cases of the number: known to the centre, not to departments."""
    if not case.contact_index or not person.has_role(*CENTRE_ROLES):
        return []
    others = db.session.scalars(queries.caller_history(case.contact_index))
    return [other for other in others if other.id != case.id]


def places_of(cases: Collection[Case]) -> dict[int, str]:
    """By case id `和平区 › 中山路街道 › 12 号`, of what is known; one statement for a whole list."""
    codes = {case.id: [code for code in _codes(case) if code] for case in cases}
    wanted = {code for found in codes.values() for code in found}
    names: dict[str, str] = {}
    if wanted:
        rows = db.session.execute(select(Place.code, Place.name).where(Place.code.in_(wanted)))
        names = {row.code: row.name for row in rows}
    return {
        case.id: " › ".join(
            part for part in [*(names.get(code, "") for code in codes[case.id]), case.address] if part
        )
        for case in cases
    }


def _codes(case: Case) -> tuple[str | None, ...]:
    return case.district_code, case.street_code, case.community_code
