"""Cases over the API: the same services, the same table, the same refusals as on the pages."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select

from accounts.identity import current_person
from accounts.models import Department, Person
from config.errors import Invalid, NotFound
from config.extensions import db
from config.paging import page
from dispatch.api.base import asked, endpoint
from dispatch.api.schemas import (
    ActionIn,
    CaseFilters,
    CaseIn,
    CaseOut,
    CasePage,
    CaseRegistered,
    Timeline,
    TimelineEntry,
)
from dispatch.models import Case
from dispatch.queries import (
    NEWEST_FIRST,
    CaseFilter,
    changed_since,
    entries,
    offers,
    search_cases,
    timeline,
    visible_case,
)
from dispatch.services import CaseIntake, perform, register_case, shown_name, shown_phone
from dispatch.workflow import Action

LONGEST_TIMELINE = 500


@endpoint("/cases", "POST", "cases:write", CaseRegistered, body=CaseIn, status=201, also=(200, 404, 409))
def post_case() -> tuple[CaseRegistered, int]:
    """Register a case.

    With an `Idempotency-Key` header a repeated request answers 200 with the case of the first, for as long as the case
    is kept; the same key with another body is refused with 422.
    """
    person = current_person()
    key = _intake_key(person)
    known = bool(key) and db.session.scalar(select(Case.id).where(Case.intake_key == key)) is not None
    digest = hashlib.sha256(asked().json.model_dump_json().encode()).hexdigest() if key else None
    case = register_case(
        person, CaseIntake(**asked().json.model_dump(), intake_key=key, intake_digest=digest)
    )
    answer = CaseRegistered(**_shown(person, case), query_code=case.query_code)
    return answer, 200 if known else 201


def _intake_key(person: Person) -> str | None:
    """Two clients may well choose the same key."""
    given = request.headers.get("Idempotency-Key", "").strip()
    if not given:
        return None
    if len(given) > 255:
        raise Invalid(fields={"Idempotency-Key": _("This is too long.")})
    return hashlib.sha256(f"{person.id}:{given}".encode()).hexdigest()


@endpoint("/cases", "GET", "cases:read", CasePage, query=CaseFilters)
def get_cases() -> CasePage:
    """List cases."""
    person, wanted = current_person(), asked().query
    filters = CaseFilter(state=wanted.state, department=_department(wanted.department))
    _check_cursor(wanted.cursor)
    if wanted.since is None:
        found = page(search_cases(person, filters), NEWEST_FIRST, wanted.cursor, wanted.limit)
    else:
        keys = (Case.changed_at.asc(), Case.id.asc())
        found = page(changed_since(person, wanted.since, filters), keys, wanted.cursor, wanted.limit)
    return CasePage(items=[CaseOut(**_shown(person, case)) for case in found], next_cursor=found.next_cursor)


def _department(code: str | None) -> int | None:
    if code is None:
        return None
    found = db.session.scalar(select(Department.id).where(Department.code == code))
    if found is None:
        raise Invalid(fields={"department": _("There is no such department.")})
    return found


def _check_cursor(cursor: str | None) -> None:
    """A page starts anew with a cursor it cannot read; a machine that follows a feed must be told instead."""
    if not cursor:
        return
    try:
        read = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        read = None
    if not isinstance(read, list) or len(read) < 2:
        raise Invalid(fields={"cursor": _("This cursor is not one of ours.")})


@endpoint("/cases/<case_no>", "GET", "cases:read", CaseOut, also=(404,))
def get_case(case_no: str) -> CaseOut:
    """One case, with the actions that this token may take now."""
    return _one(current_person(), visible_case(current_person(), case_no))


@endpoint("/cases/<case_no>/actions/<action>", "POST", "cases:write", CaseOut, body=ActionIn, also=(404, 409))
def post_action(case_no: str, action: str) -> CaseOut:
    """Do one of the workflow table's actions.

    409 where a rule refuses it or somebody was first; 422 names every field that is missing or wrong.
    """
    if action not in set(Action):
        raise NotFound(_("There is no such action."))
    person = current_person()
    case = visible_case(person, case_no)
    told = asked().json
    return _one(person, perform(case.id, Action(action), person, told.data, told.version))


@endpoint("/cases/<case_no>/timeline", "GET", "cases:read", Timeline, also=(404,))
def get_timeline(case_no: str) -> Timeline:
    """Everything that happened to the case, oldest first."""
    person = current_person()
    case = visible_case(person, case_no)
    events: Any = db.session.scalars(timeline(case).limit(LONGEST_TIMELINE))
    items = [
        TimelineEntry(
            at=entry.at,
            kind=entry.kind,
            action=entry.event.action,
            from_state=entry.event.from_state,
            to_state=entry.event.to_state,
            who=entry.who,
            label=entry.label,
            text=entry.text,
            internal=entry.internal,
        )
        for entry in entries(events, person)
    ]
    return Timeline(case_no=case.case_no, items=items)


def _one(person: Person, case: Case) -> CaseOut:
    actions = [offer.row.action for offer in offers(person, case) if not offer.refusal]
    return CaseOut(**_shown(person, case), actions=actions)


def _shown(person: Person, case: Case) -> dict[str, Any]:
    same = (
        "case_no", "state", "version", "request_type", "urgency", "channel", "category_code", "title", "content",
        "asked", "occurred_at", "district_code", "street_code", "community_code", "address", "anonymous",
        "confidential", "public", "registered_at", "changed_at", "closed_at", "due_at", "flags", "solved", "rating",
    )  # fmt: skip
    hidden = case.confidential or case.anonymous
    return {
        **{name: getattr(case, name) for name in same},
        "clock": case.clock_kind,
        "pending_requests": list(case.pending),
        "lead_department": case.lead_department.code if case.lead_department else None,
        "master_case_no": case.master.case_no if case.master_case_id and case.master else None,
        "citizen_name": None if hidden else (shown_name(person, case) or None),
        "contact_phone_masked": None if hidden else (shown_phone(person, case) or None),
    }
