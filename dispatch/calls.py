"""What the hotline's floor asks of cases: which came of a call, and what an agent is writing about one."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlalchemy import exists, select

from accounts.identity import current_person_or_none
from accounts.models import Person
from accounts.permissions import may
from config.extensions import db
from dispatch.models import Case
from dispatch.services.drafts import draft_key, load_draft
from hotline.interfaces import LinkedCase, cases_of_call, draft_title, has_case
from hotline.models import Call

AT_MOST = 20


@cases_of_call.register
def of_call(call_no: str) -> list[LinkedCase]:
    """Newest last; those that the person who looks may not know of are left out."""
    person = current_person_or_none()
    wanted = select(Case).where(Case.call_no == call_no).order_by(Case.id).limit(AT_MOST)
    return [
        LinkedCase(case.case_no, case.title, url_for("dispatch.case_page", case_no=case.case_no), case.state)
        for case in db.session.scalars(wanted)
        if person is not None and may(person, "case:view", case)
    ]


@has_case.register
def condition() -> Any:
    """A case names the call."""
    return exists().where(Case.call_no == Call.call_no)


@draft_title.register
def being_written(person_id: int, call_no: str) -> str:
    """The title typed so far."""
    person = db.session.get(Person, person_id)
    kept = load_draft(person, draft_key(call_no)) if person is not None else None
    title = kept[0].get("title") if kept else ""
    return str(title or "")[:80]
