"""The review and the callback desk: is the reply good enough, and what does the citizen say?"""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from config.errors import Refused
from config.extensions import db
from dispatch.models import Callback, CallbackResult, Case, Reply, ReplyState
from dispatch.services.perform import Deed, effect, perform
from dispatch.workflow import Action, NoticeCause

BETWEEN_TRIES = timedelta(hours=2)
"""Three tries at different hours (domain § 3, Clocks)."""
CONTENT_FROM = 3
"""Ratings run from 5, very satisfied, to 1; from here on a citizen counts as content."""


def pass_reply(person: Person, case: Case, version: int | None = None) -> Case:
    """The reply is good: call the citizen back."""
    return perform(case.id, Action.PASS_REPLY, person, version=version)


def fail_reply(person: Person, case: Case, reason: str, version: int | None = None) -> Case:
    """Back to the department, with the reason."""
    return perform(case.id, Action.FAIL_REPLY, person, {"reason": reason}, version)


def record_callback_attempt(person: Person, case: Case, note: str = "") -> Case:
    """Nobody answered; try again at another hour."""
    return perform(case.id, Action.RECORD_ATTEMPT, person, {"note": note})


def close_after_callback(
    person: Person,
    case: Case,
    solved: bool,
    rating: int | None = None,
    remark: str = "",
    version: int | None = None,
) -> Case:
    """The citizen was reached; solved, and satisfied as rated 5 (very) … 1 (not at all)."""
    data = {"solved": solved, "rating": rating, "note": remark}
    return perform(case.id, Action.CLOSE_SATISFIED, person, data, version)


def close_unreachable(person: Person, case: Case) -> Case:
    """Three tries were made."""
    return perform(case.id, Action.CLOSE_UNREACHABLE, person)


def close_unreasonable(person: Person, case: Case, solved: bool, rating: int | None, reason: str) -> Case:
    """Unhappy, but the demand is unreasonable or at the law's limit."""
    data = {"solved": solved, "rating": rating, "reason": reason}
    return perform(case.id, Action.CLOSE_UNREASONABLE, person, data)


def order_redo(person: Person, case: Case, solved: bool, rating: int | None, reason: str) -> Case:
    """Unhappy, and the department can do better."""
    data = {"solved": solved, "rating": rating, "reason": reason}
    return perform(case.id, Action.ORDER_REDO, person, data)


def refer_to_supervision(person: Person, case: Case, solved: bool, rating: int | None, reason: str) -> Case:
    """Still unhappy after a redo: supervision decides."""
    data = {"solved": solved, "rating": rating, "reason": reason}
    return perform(case.id, Action.REFER, person, data)


def _released_reply(case: Case) -> Reply | None:
    return db.session.scalar(
        select(Reply)
        .where(Reply.case_id == case.id, Reply.state == ReplyState.RELEASED)
        .order_by(Reply.id.desc())
        .limit(1)
    )


def _reviewed(deed: Deed, state: ReplyState) -> Reply | None:
    reply = _released_reply(deed.case)
    if reply is not None:
        reply.state, reply.reviewed_at, reply.reviewed_by_id = state, deed.at, deed.person.id
        reply.remark = deed.get("reason", "")
    return reply


@effect(Action.PASS_REPLY)
def _passed(deed: Deed) -> None:
    reply = _reviewed(deed, ReplyState.PASSED)
    case = deed.case
    case.callback_attempts, case.callback_after = 0, None
    deed.text = deed.get("note", "")
    if not case.can_be_called:
        case.solved = reply.solved if reply else None
        case.close_reason = "nobody_to_call"


@effect(Action.FAIL_REPLY)
def _failed(deed: Deed) -> None:
    _reviewed(deed, ReplyState.FAILED)
    deed.text = deed.data["reason"]


@effect(Action.RECORD_ATTEMPT)
def _not_reached(deed: Deed) -> None:
    case = deed.case
    case.callback_attempts += 1
    case.callback_after = deed.at + BETWEEN_TRIES
    _remember_call(deed, CallbackResult.NOT_REACHED)
    deed.text = deed.get("note", "")
    deed.facts = {"attempt": case.callback_attempts}


@effect(Action.CLOSE_SATISFIED, Action.CLOSE_UNREASONABLE, Action.ORDER_REDO, Action.REFER)
def _reached(deed: Deed) -> None:
    case, action = deed.case, deed.row.action
    solved, rating = deed.data["solved"], deed.get("rating")
    if action is Action.CLOSE_SATISFIED and (not solved or (rating is not None and rating < CONTENT_FROM)):
        raise Refused(
            _("The citizen is not content: order a redo, or close with the reason why more cannot be done."),
            condition="citizen_content",
        )
    case.solved, case.rating = solved, rating
    _remember_call(deed, CallbackResult.REACHED, solved, rating)
    deed.text = deed.get("reason") or deed.get("note", "")
    deed.facts = {"solved": solved, "rating": rating}
    if action is Action.ORDER_REDO:
        case.redone_count += 1
    elif action is Action.CLOSE_UNREASONABLE:
        case.close_reason, case.unreasonable = deed.data["reason"], True
    elif action is Action.REFER:
        case.referred, case.proposed_notice = True, NoticeCause.TWICE_UNHAPPY


def _remember_call(
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
            remark=deed.get("note") or deed.get("reason", ""),
        )
    )


@effect(Action.CLOSE_UNREACHABLE)
def _unreachable(deed: Deed) -> None:
    deed.case.close_reason = "unreachable"
    deed.text = deed.get("note", "")
