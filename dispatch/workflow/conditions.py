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
    return_forbidden: bool
    extended_count: int
    supervised_count: int
    callback_attempts: int
    redone_count: int
    can_be_called: bool
    overdue: bool
    reply_waiting: bool
    open_notice: bool
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

RETURN_ALLOWED = Condition(
    "return_allowed",
    lambda case: not case.return_forbidden,
    _l("The hotline has designated the department; this case can no longer be returned."),
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
CANNOT_BE_CALLED = Condition(
    "cannot_be_called",
    lambda case: not case.can_be_called,
    _l("The citizen can be called back."),
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
NOT_REDONE = Condition(
    "not_redone",
    lambda case: case.redone_count < 1,
    _l("The case was redone before; supervise it, then close it by decision or suspend it."),
)
REDONE_OR_SUPERVISED = Condition(
    "redone_or_supervised",
    lambda case: case.redone_count > 0 or case.supervised_count > 0 or case.state is CaseState.SUSPENDED,
    _l("A decision closes only what was redone, supervised or suspended."),
)
NOTICE_OPEN = Condition(
    "notice_open",
    lambda case: case.open_notice,
    _l("There is no supervision notice to answer."),
)
