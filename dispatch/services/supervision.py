"""Pressing: urges, numbered notices, decisions, additions; and the end in the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ScalarResult, select

from accounts.models import Person
from config import clock
from config.extensions import db
from dispatch.models import NOTICE_NUMBERS, Case, SupervisionNotice, Urge
from dispatch.rules import limit_for
from dispatch.services.attachments import attach
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action, ClockKind, NoticeCause

OFTEN = 3
"""Urged so often, a case is proposed for supervision."""


def urge_case(
    person: Person, case: Case, note: str, call_no: str | None = None, version: int | None = None
) -> Case:
    """The citizen asks again about an open case: an urge on it, not a new case."""
    return perform(case.id, Action.URGE, person, {"note": note, "call_no": call_no}, version)


def supervise_case(person: Person, case: Case, demand: str, cause: str | None = None) -> Case:
    """Issue a numbered notice to the lead department, to be answered within three working days."""
    return perform(case.id, Action.SUPERVISE, person, {"demand": demand, "cause": cause})


def answer_notice(person: Person, case: Case, note: str) -> Case:
    """The department answers the open notice."""
    return perform(case.id, Action.ANSWER_NOTICE, person, {"note": note})


def suspend_case(person: Person, case: Case, reason: str, review_on: date) -> Case:
    """Suspend by decision what was redone or supervised, until it is looked at again."""
    return perform(case.id, Action.SUSPEND, person, {"reason": reason, "review_on": review_on})


def close_by_decision(person: Person, case: Case, reason: str) -> Case:
    """End a case that stays unhappy, by decision."""
    return perform(case.id, Action.CLOSE_BY_DECISION, person, {"reason": reason})


def supplement_case(person: Person, case: Case, note: str, attachment_ids: Sequence[int] = ()) -> Case:
    """Add what became known, with files that were stored before."""
    data = {"note": note, "attachment_ids": list(attachment_ids)}
    return perform(case.id, Action.SUPPLEMENT, person, data)


def archive_case(person: Person, case: Case) -> Case:
    """Put a finished case away."""
    return perform(case.id, Action.ARCHIVE, person)


@effect(Action.URGE)
def _urged(deed: Deed) -> None:
    deed.case.urged_count += 1
    db.session.add(
        Urge(
            case_id=deed.case.id,
            at=deed.at,
            person_id=deed.person.id,
            note=deed.data["note"],
            call_no=deed.get("call_no"),
        )
    )
    deed.text = deed.data["note"]
    case = deed.case
    if case.urged_count >= OFTEN and not case.open_notice:
        case.proposed_notice = case.proposed_notice or NoticeCause.URGED


@effect(Action.SUPERVISE)
def _supervised(deed: Deed) -> None:
    case = deed.case
    n = db.session.scalar(NOTICE_NUMBERS)
    notice = SupervisionNotice(
        notice_no=f"DB{clock.local(deed.at):%Y}-{n:05d}",
        case_id=case.id,
        department_id=case.lead_department_id,
        issued_at=deed.at,
        issued_by_id=deed.person.id,
        cause=deed.get("cause", case.proposed_notice),
        demand=deed.data["demand"],
        due_at=limit_for(ClockKind.SUPERVISION, case).due(deed.at),
    )
    db.session.add(notice)
    case.supervised_count += 1
    case.open_notice, case.proposed_notice = True, None
    deed.text, deed.facts = deed.data["demand"], {"notice_no": notice.notice_no}


def withdraw_notice(deed: Deed) -> None:
    """The case goes back from the department its open notice is for, which could answer it no more: the notice has
    lost its object. It is proposed again, for whoever gets the case next."""
    for notice in _open_notices(deed.case):
        notice.answered_at, notice.answered_by_id, notice.withdrawn = deed.at, deed.person.id, True
        deed.facts = {"notice_no": notice.notice_no}
        deed.case.proposed_notice = notice.cause or deed.case.proposed_notice
    deed.case.open_notice = False


def _open_notices(case: Case) -> ScalarResult[SupervisionNotice]:
    """At most one."""
    return db.session.scalars(
        select(SupervisionNotice).where(
            SupervisionNotice.case_id == case.id, SupervisionNotice.answered_at.is_(None)
        )
    )


@effect(Action.ANSWER_NOTICE)
def _notice_answered(deed: Deed) -> None:
    for notice in _open_notices(deed.case):
        notice.answered_at, notice.answered_by_id = deed.at, deed.person.id
        notice.answer = deed.data["note"]
        deed.facts = {"notice_no": notice.notice_no}
    deed.case.open_notice = False
    deed.text, deed.internal = deed.data["note"], True


@effect(Action.CLOSE_BY_DECISION)
def _decided(deed: Deed) -> None:
    deed.case.close_reason = deed.data["reason"]
    deed.text = deed.data["reason"]


@effect(Action.SUPPLEMENT)
def _supplemented(deed: Deed) -> None:
    attach(deed.case, deed.get("attachment_ids", ()), deed.person, deed.at)
    deed.text = deed.data["note"]
