"""What must be true of a case before something can be done to it, each with the reason a person is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l

from dispatch.workflow.actions import RequestKind
from dispatch.workflow.words import CaseState

DESIGNATED_AT = 3
"""At this dispatch the hotline designates, and further returns are forbidden (domain § 3, transition 5)."""
CALLBACK_TRIES = 3
EXTENSIONS = 1


class CaseFacts(Protocol):
    """What the table looks at; the `Case` model has it, and so has a test's plain object."""

    state: CaseState
    sent_back: bool
    return_forbidden: bool
    return_in_time: bool
    extended_count: int
    supervised_count: int
    callback_attempts: int
    callback_due: bool
    redone_count: int
    can_be_called: bool
    overdue: bool
    reply_waiting: bool
    open_notice: bool
    referred: bool
    unreasonable: bool
    master_finished: bool
    pending_requests: frozenset[RequestKind]


@dataclass(frozen=True)
class Condition:
    """`holds(case)`; `otherwise` is what a person is told when it does not."""

    name: str
    holds: Callable[[CaseFacts], bool]
    otherwise: Any


def _pending(kind: RequestKind) -> Condition:
    return Condition(
        f"{kind.value}_pending",
        lambda case: kind in case.pending_requests,
        _l("There is no such request waiting for a ruling."),
    )


def _not_pending(kind: RequestKind) -> Condition:
    return Condition(
        f"{kind.value}_not_pending",
        lambda case: kind not in case.pending_requests,
        _l("Such a request is already waiting for a ruling."),
    )


PENDING = {kind: _pending(kind) for kind in RequestKind}
NOT_PENDING = {kind: _not_pending(kind) for kind in RequestKind}

NEW = Condition(
    "new",
    lambda case: not case.sent_back,
    _l("The case was registered before; submit it again instead."),
)
SENT_BACK = Condition(
    "sent_back",
    lambda case: case.sent_back,
    _l("The case has not been sent back."),
)
RETURN_ALLOWED = Condition(
    "return_allowed",
    lambda case: not case.return_forbidden,
    _l("The hotline has designated the department; this case can no longer be returned."),
)
RETURN_IN_TIME = Condition(
    "return_in_time",
    lambda case: case.return_in_time,
    _l("The time in which a case can be returned has passed."),
)
NOT_EXTENDED = Condition(
    "not_extended",
    lambda case: case.extended_count < EXTENSIONS,
    _l("The case was extended before; it can be extended only once."),
)
NOT_OVERDUE = Condition(
    "not_overdue",
    lambda case: not case.overdue,
    _l("The time limit has passed; an extension is asked for before it does."),
)
REPLY_WAITING = Condition(
    "reply_waiting",
    lambda case: case.reply_waiting,
    _l("No reply has been written yet."),
)
CAN_BE_CALLED = Condition(
    "can_be_called",
    lambda case: case.can_be_called,
    _l("There is no number to call back."),
)
TRIES_LEFT = Condition(
    "tries_left",
    lambda case: case.callback_attempts < CALLBACK_TRIES,
    _l("All tries have been made."),
)
TRIES_MADE = Condition(
    "tries_made",
    lambda case: case.callback_attempts >= CALLBACK_TRIES,
    _l("Three tries at different hours come first."),
)
CALLBACK_DUE = Condition(
    "callback_due",
    lambda case: case.callback_due,
    _l("The tries are made at different hours; the next one comes later."),
)
NOT_REDONE = Condition(
    "not_redone",
    lambda case: case.redone_count < 1,
    _l("The case was redone before; refer it to supervision."),
)
WAS_REDONE = Condition(
    "was_redone",
    lambda case: case.redone_count > 0,
    _l("A redo comes first."),
)
NOT_REFERRED = Condition(
    "not_referred",
    lambda case: not case.referred,
    _l("The case already waits for a decision of supervision."),
)
REDONE_OR_SUPERVISED = Condition(
    "redone_or_supervised",
    lambda case: case.redone_count > 0 or case.supervised_count > 0 or case.state is CaseState.SUSPENDED,
    _l("A decision is for what was redone, supervised or suspended."),
)
NOTICE_OPEN = Condition(
    "notice_open",
    lambda case: case.open_notice,
    _l("There is no supervision notice to answer."),
)
NO_NOTICE_OPEN = Condition(
    "no_notice_open",
    lambda case: not case.open_notice,
    _l("A supervision notice is already waiting for its answer."),
)
MASTER_FINISHED = Condition(
    "master_finished",
    lambda case: case.master_finished,
    _l("The case follows its master, which is still open."),
)
