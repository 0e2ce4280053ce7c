"""Requests that wait for a ruling beside the state; the handling clock runs on meanwhile."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from config import clock
from config.errors import Invalid, Refused
from config.extensions import db
from dispatch.clocks import Limit
from dispatch.models import Case, CaseClock, CaseRequest
from dispatch.services import timing
from dispatch.services.department import drop_waiting_reply
from dispatch.services.perform import Deed, effect, end_assignments, perform
from dispatch.services.supervision import withdraw_notice
from dispatch.workflow import Action, ClockKind, RequestKind, Ruling

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
    """Ask for a ruling of `kind`; more: `reason_code` and `legal_basis` of a return, `days` of an extension."""
    return perform(case.id, ASK[kind], person, {"reason": reason, **more})


def request_return(person: Person, case: Case, reason_code: str, reason: str, legal_basis: str) -> Case:
    """Ask to give the case back, in time, with a reason code and the legal basis."""
    return ask(person, case, RequestKind.RETURN, reason, reason_code=reason_code, legal_basis=legal_basis)


def request_extension(person: Person, case: Case, days: int, reason: str) -> Case:
    """Ask for `days` more (hours where the clock counts hours), before the case is due, once."""
    return ask(person, case, RequestKind.EXTENSION, reason, days=days)


def request_suspension(person: Person, case: Case, reason: str) -> Case:
    """Ask to stop the clock for what cannot be solved now."""
    return ask(person, case, RequestKind.SUSPENSION, reason)


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
            days=deed.get("days"),
        )
    )
    if kind is RequestKind.EXTENSION:
        _check_extension(deed, deed.data["days"])
    deed.facts = {name: deed.data[name] for name in ("reason_code", "days") if name in deed.data}
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


@effect(*REFUSE.values())
def _refused(deed: Deed) -> None:
    _rule(deed, _kind(REFUSE, deed.row.action), Ruling.REFUSED)
    if deed.row.action is Action.REFUSE_RETURN:
        deed.case.signed_at = deed.case.signed_at or deed.at


@effect(Action.APPROVE_RETURN)
def _returned(deed: Deed) -> None:
    _rule(deed, RequestKind.RETURN, Ruling.APPROVED)
    case = deed.case
    case.return_count += 1
    end_assignments(case, deed.at)
    drop_waiting_reply(case)
    withdraw_notice(deed)
    case.lead_department = None
    case.lead_department_id = None
    case.signed_at = case.contacted_at = None


@effect(Action.APPROVE_EXTENSION)
def _extended(deed: Deed) -> None:
    request = _rule(deed, RequestKind.EXTENSION, Ruling.APPROVED)
    row = _handling_clock(deed)
    days = deed.get("days") or request.days or 1
    _check_extension(deed, days)
    deed.case.extended_count += 1
    timing.extend(deed.case, row, days)
    deed.facts = {"due_at": row.due_at.isoformat(), "days": days}


def _handling_clock(deed: Deed) -> CaseClock:
    running = timing.running_clocks(deed.case)
    row = running.get(ClockKind.HANDLING) or running.get(ClockKind.REDO)
    if row is None:
        raise Refused(_("No handling clock is running."))
    return row


def _check_extension(deed: Deed, days: int) -> None:
    row = _handling_clock(deed)
    most = Limit(row.amount, row.unit).longest_extension(MOST_EXTENSION_DAYS)
    if days > most:
        raise Invalid(fields={"days": _("At most %(n)s: not more than the original limit.", n=most)})


@effect(Action.APPROVE_SUSPENSION, Action.SUSPEND)
def _suspended(deed: Deed) -> None:
    review_on = clock.start_of_day(deed.data["review_on"])
    if review_on <= deed.at:
        raise Invalid(fields={"review_on": _("A review date lies in the future.")})
    if deed.row.action is Action.APPROVE_SUSPENSION:
        _rule(deed, RequestKind.SUSPENSION, Ruling.APPROVED)
    deed.case.review_on = review_on
    deed.case.referred = False
    deed.text = deed.get("reason", "")
    deed.facts = {"review_on": deed.data["review_on"].isoformat()}


@effect(Action.RESUME)
def _resumed(deed: Deed) -> None:
    deed.text = deed.get("note", "")


@effect(Action.APPROVE_UNREASONABLE)
def _unreasonable(deed: Deed) -> None:
    _rule(deed, RequestKind.UNREASONABLE, Ruling.APPROVED)
    deed.case.unreasonable = True


@effect(Action.APPROVE_EXCLUSION)
def _excluded(deed: Deed) -> None:
    _rule(deed, RequestKind.EXCLUSION, Ruling.APPROVED)
    deed.case.excluded = True
