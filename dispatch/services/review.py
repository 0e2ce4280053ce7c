"""The review and the callback desk: is the reply good enough, and what does the citizen say?"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from config.errors import Invalid, Refused
from config.extensions import db
from dispatch.models import Callback, CallbackResult, Case, Reply, ReplyState
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action

BETWEEN_TRIES = timedelta(hours=2)
"""Three tries at different hours (domain § 3, Clocks)."""


def pass_reply(person: Person, case: Case, version: int | None = None) -> Case:
    """The reply is good: call the citizen back."""
    return perform(case.id, Action.PASS_REPLY, person, version=version)


def close_uncontactable(person: Person, case: Case, version: int | None = None) -> Case:
    """The reply is good and there is nobody to call: close."""
    return perform(case.id, Action.CLOSE_UNCONTACTABLE, person, version=version)


def fail_reply(person: Person, case: Case, reason: str, version: int | None = None) -> Case:
    """Back to the department, with the reason."""
    return perform(case.id, Action.FAIL_REPLY, person, {"reason": reason}, version)


def record_callback_attempt(person: Person, case: Case, note: str = "") -> Case:
    """Nobody answered; try again at another hour."""
    return perform(case.id, Action.RECORD_ATTEMPT, person, {"note": note})


def close_after_callback(
    person: Person, case: Case, solved: bool, rating: int, remark: str = "", version: int | None = None
) -> Case:
    """The citizen was reached; solved, and satisfied as rated 5 (very) … 1 (not at all)."""
    data = {"solved": solved, "rating": rating, "note": remark}
    return perform(case.id, Action.CLOSE_SATISFIED, person, data, version)


def close_unreachable(person: Person, case: Case) -> Case:
    """Three tries were made."""
    return perform(case.id, Action.CLOSE_UNREACHABLE, person)


def close_unreasonable(person: Person, case: Case, solved: bool, rating: int, reason: str) -> Case:
    """Unhappy, but the demand is unreasonable or at the law's limit."""
    data = {"solved": solved, "rating": rating, "reason": reason}
    return perform(case.id, Action.CLOSE_UNREASONABLE, person, data)


def order_redo(person: Person, case: Case, solved: bool, rating: int, reason: str) -> Case:
    """Unhappy, and the department can do better."""
    data = {"solved": solved, "rating": rating, "reason": reason}
    return perform(case.id, Action.ORDER_REDO, person, data)


def _released_reply(case: Case) -> Reply | None:
    return db.session.scalar(
        select(Reply)
        .where(Reply.case_id == case.id, Reply.state == ReplyState.RELEASED)
        .order_by(Reply.id.desc())
        .limit(1)
    )


def _reviewed(deed: Deed, state: ReplyState) -> None:
    reply = _released_reply(deed.case)
    if reply is not None:
        reply.state, reply.reviewed_at, reply.reviewed_by_id = state, deed.at, deed.person.id
        reply.remark = deed.get("reason", "")


@effect(Action.PASS_REPLY)
def _passed(deed: Deed) -> None:
    _reviewed(deed, ReplyState.PASSED)
    deed.case.callback_attempts, deed.case.callback_after = 0, None


@effect(Action.CLOSE_UNCONTACTABLE)
def _closed_unasked(deed: Deed) -> None:
    _reviewed(deed, ReplyState.PASSED)
    reply = db.session.scalar(
        select(Reply).where(Reply.case_id == deed.case.id).order_by(Reply.id.desc()).limit(1)
    )
    deed.case.solved = reply.solved if reply else None


@effect(Action.FAIL_REPLY)
def _failed(deed: Deed) -> None:
    _reviewed(deed, ReplyState.FAILED)
    deed.text = deed.data["reason"]


@effect(Action.RECORD_ATTEMPT)
def _not_reached(deed: Deed) -> None:
    case = deed.case
    if case.callback_after is not None and deed.at < case.callback_after:
        raise Refused(_("The tries are made at different hours; the next one may be made later."))
    case.callback_attempts += 1
    case.callback_after = deed.at + BETWEEN_TRIES
    _callback(deed, CallbackResult.NOT_REACHED)
    deed.text = deed.get("note", "")
    deed.facts = {"attempt": case.callback_attempts}


@effect(Action.CLOSE_SATISFIED, Action.CLOSE_UNREASONABLE, Action.ORDER_REDO)
def _reached(deed: Deed) -> None:
    case = deed.case
    solved, rating = _answers(deed)
    if deed.row.action is Action.CLOSE_SATISFIED and (not solved or rating < 3):
        raise Refused(
            _("The citizen is not content: order a redo, or close with the reason why more cannot be done.")
        )
    case.solved, case.satisfied = solved, rating
    _callback(deed, CallbackResult.REACHED, solved, rating)
    deed.text = deed.get("reason", "") or deed.get("note", "")
    deed.facts = {"solved": solved, "rating": rating}
    if deed.row.action is Action.ORDER_REDO:
        case.redone_count += 1
    elif deed.row.action is Action.CLOSE_UNREASONABLE:
        case.close_reason, case.unreasonable = deed.data["reason"], True


def _answers(deed: Deed) -> tuple[bool, int]:
    solved = deed.data["solved"]
    if isinstance(solved, str):
        solved = solved.lower() in ("1", "true", "yes")
    try:
        rating = int(deed.data["rating"])
    except (TypeError, ValueError):
        rating = 0
    if not 1 <= rating <= 5:
        raise Invalid(fields={"rating": _("From 1 to 5.")})
    return bool(solved), rating


def _callback(
    deed: Deed, result: CallbackResult, solved: bool | None = None, rating: int | None = None
) -> None:
    db.session.add(
        Callback(
            case_id=deed.case.id,
            at=deed.at,
            person_id=deed.person.id,
            result=result,
            solved=solved,
            rating=rating,
            remark=deed.get("note", ""),
        )
    )


@effect(Action.CLOSE_UNREACHABLE)
def _unreachable(deed: Deed) -> None:
    deed.case.close_reason = "unreachable"
