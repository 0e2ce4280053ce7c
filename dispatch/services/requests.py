"""Requests that wait for a ruling beside the state; the handling clock runs on meanwhile."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from config import calendar, clock
from config.errors import Invalid
from config.extensions import db
from dispatch.clocks import WORKING_DAYS
from dispatch.models import Case, CaseClock, CaseRequest, Ruling
from dispatch.services import timing
from dispatch.services.desk import end_assignments
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action, ClockKind, RequestKind

ASK = {
    RequestKind.RETURN: Action.REQUEST_RETURN,
    RequestKind.EXTENSION: Action.REQUEST_EXTENSION,
    RequestKind.SUSPENSION: Action.REQUEST_SUSPENSION,
    RequestKind.UNREASONABLE: Action.REQUEST_UNREASONABLE,
    RequestKind.EXCLUSION: Action.REQUEST_EXCLUSION,
}
APPROVE = {
    RequestKind.RETURN: Action.APPROVE_RETURN,
    RequestKind.EXTENSION: Action.APPROVE_EXTENSION,
    RequestKind.SUSPENSION: Action.APPROVE_SUSPENSION,
    RequestKind.UNREASONABLE: Action.APPROVE_UNREASONABLE,
    RequestKind.EXCLUSION: Action.APPROVE_EXCLUSION,
}
REFUSE = {
    RequestKind.RETURN: Action.REFUSE_RETURN,
    RequestKind.EXTENSION: Action.REFUSE_EXTENSION,
    RequestKind.SUSPENSION: Action.REFUSE_SUSPENSION,
    RequestKind.UNREASONABLE: Action.REFUSE_UNREASONABLE,
    RequestKind.EXCLUSION: Action.REFUSE_EXCLUSION,
}
MOST_EXTENSION_DAYS = 10
"""Working days; an extension is at most the original limit and at most this (domain § 3, Clocks)."""


def ask(person: Person, case: Case, kind: RequestKind, reason: str, **more: Any) -> Case:
    """Ask for a ruling of `kind`: `reason_code`, `legal_basis` for a return."""
    return perform(case.id, ASK[kind], person, {"reason": reason, **more})


def decide_request(
    person: Person, case: Case, kind: RequestKind, approve: bool, reason: str = "", **more: Any
) -> Case:
    """Rule on the waiting request of `kind`; `review_on` when a suspension is approved."""
    return perform(case.id, (APPROVE if approve else REFUSE)[kind], person, {"reason": reason, **more})


def resume_case(person: Person, case: Case) -> Case:
    """End a suspension; the clocks go on where they stopped."""
    return perform(case.id, Action.RESUME, person)


def _kind(table: dict[RequestKind, Action], action: Action) -> RequestKind:
    return next(kind for kind, its in table.items() if its is action)


@effect(*ASK.values())
def _asked(deed: Deed) -> None:
    kind = _kind(ASK, deed.row.action)
    db.session.add(
        CaseRequest(
            case_id=deed.case.id,
            kind=kind,
            department_id=deed.case.lead_department_id,
            asked_at=deed.at,
            asked_by_id=deed.person.id,
            reason=deed.data["reason"],
            reason_code=deed.get("reason_code"),
            legal_basis=deed.get("legal_basis", ""),
        )
    )
    deed.case.pending = sorted({*deed.case.pending, kind.value})
    deed.text, deed.internal = deed.data["reason"], True


def _rule(deed: Deed, kind: RequestKind, ruling: Ruling) -> CaseRequest:
    request = db.session.scalars(
        select(CaseRequest).where(
            CaseRequest.case_id == deed.case.id,
            CaseRequest.kind == kind,
            CaseRequest.ruling == Ruling.WAITING,
        )
    ).one()
    request.ruling, request.ruled_at, request.ruled_by_id = ruling, deed.at, deed.person.id
    request.ruling_reason = deed.get("reason", "")
    deed.case.pending = [waiting for waiting in deed.case.pending if waiting != kind.value]
    deed.text, deed.internal = deed.get("reason", ""), True
    return request


def lapse(deed: Deed) -> None:
    """Whatever waits has no object any more."""
    for waiting in list(deed.case.pending):
        text, internal = deed.text, deed.internal
        _rule(deed, RequestKind(waiting), Ruling.LAPSED)
        deed.text, deed.internal = text, internal


@effect(*REFUSE.values())
def _refused(deed: Deed) -> None:
    _rule(deed, _kind(REFUSE, deed.row.action), Ruling.REFUSED)
    if deed.row.action is Action.REFUSE_RETURN:
        deed.case.signed_at = deed.case.signed_at or deed.at


@effect(Action.APPROVE_RETURN)
def _returned(deed: Deed) -> None:
    _rule(deed, RequestKind.RETURN, Ruling.APPROVED)
    lapse(deed)
    case = deed.case
    case.return_count += 1
    end_assignments(case, deed)
    case.lead_department_id = None
    case.reply_waiting = False
    case.signed_at = None


@effect(Action.APPROVE_EXTENSION)
def _extended(deed: Deed) -> None:
    _rule(deed, RequestKind.EXTENSION, Ruling.APPROVED)
    case = deed.case
    row = db.session.scalar(
        select(CaseClock).where(
            CaseClock.case_id == case.id, CaseClock.kind == ClockKind.HANDLING, CaseClock.stopped_at.is_(None)
        )
    )
    if row is None:
        return
    case.extended_count += 1
    timing.extend(case, deed.at, longest_extension(row))
    deed.facts = {"due_at": row.due_at.isoformat()}


def longest_extension(row: CaseClock) -> datetime:
    """The later end: as long again as the original limit, at most ten working days."""
    if row.unit != WORKING_DAYS:
        return row.due_at + (row.due_at - row.started_at)
    days = min(row.amount, MOST_EXTENSION_DAYS)
    return calendar.add_working_days(row.due_at - timedelta(seconds=1), days)


@effect(Action.APPROVE_SUSPENSION)
def _suspended(deed: Deed) -> None:
    review_on = deed.data["review_on"]
    if isinstance(review_on, date) and not isinstance(review_on, datetime):
        review_on = clock.start_of_day(review_on)
    if review_on <= deed.at:
        raise Invalid(fields={"review_on": _("A review date lies in the future.")})
    _rule(deed, RequestKind.SUSPENSION, Ruling.APPROVED)
    lapse(deed)
    deed.case.review_on = review_on
    deed.facts = {"review_on": review_on.isoformat()}


@effect(Action.RESUME)
def _resumed(deed: Deed) -> None:
    deed.case.review_on = None


@effect(Action.APPROVE_UNREASONABLE)
def _unreasonable(deed: Deed) -> None:
    _rule(deed, RequestKind.UNREASONABLE, Ruling.APPROVED)
    deed.case.unreasonable = True


@effect(Action.APPROVE_EXCLUSION)
def _excluded(deed: Deed) -> None:
    _rule(deed, RequestKind.EXCLUSION, Ruling.APPROVED)
    deed.case.excluded = True
