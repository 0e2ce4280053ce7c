"""The workflow as one table (domain § 3, Transitions).

Buttons, permissions, the API's actions, the diagram in the docs and the property tests are read from it. Adding a
step is adding a row. Pure: no database, no request.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum

from dispatch.workflow import conditions as must
from dispatch.workflow.actions import Action, ClockKind, RequestKind
from dispatch.workflow.conditions import CaseFacts, Condition
from dispatch.workflow.words import DEPARTMENT_STATES, FINISHED_STATES, OPEN_STATES, CaseState

S, A, C, R = CaseState, Action, ClockKind, RequestKind


class Rank(Enum):
    """How prominent the button is."""

    MAIN = "main"
    SECONDARY = "secondary"
    DANGER = "danger"


@dataclass(frozen=True)
class Transition:
    """One row. `target` None: the state stays. `needs` are the data without which it is refused."""

    action: Action
    sources: frozenset[CaseState]
    target: CaseState | None
    permission: str
    needs: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    starts: tuple[ClockKind, ...] = ()
    stops: tuple[ClockKind, ...] = ()
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    rank: Rank = Rank.SECONDARY
    shortcut: str = ""
    bulk: bool = False

    def target_from(self, state: CaseState) -> CaseState:
        """The state after it was done in `state`."""
        return self.target or state

    def refusal(self, case: CaseFacts) -> Condition | None:
        """The first condition that does not hold."""
        return next((c for c in self.conditions if not c.holds(case)), None)


def _row(
    action: Action,
    sources: CaseState | Collection[CaseState],
    target: CaseState | None,
    permission: str,
    **more: object,
) -> Transition:
    states = frozenset({sources}) if isinstance(sources, CaseState) else frozenset(sources)
    return Transition(action, states, target, f"case:{permission}", **more)  # type: ignore[arg-type]


_HANDLED = frozenset({S.PROCESSING, S.REDO})
_ALL_CLOCKS = (C.DISPATCH, C.SIGN, C.CONTACT, C.HANDLING, C.REVIEW, C.CALLBACK, C.REDO)
_NOT_FINISHED = OPEN_STATES - {S.SUSPENDED}


def _request(kind: RequestKind, ask: Action, sources: Collection[CaseState], *extra: Condition) -> Transition:
    return _row(ask, sources, None, "request", needs=("reason",), conditions=(must.NOT_PENDING[kind], *extra))


def _ruling(
    kind: RequestKind,
    action: Action,
    sources: Collection[CaseState],
    target: CaseState | None,
    permission: str,
    **more: object,
) -> Transition:
    return _row(action, sources, target, permission, conditions=(must.PENDING[kind],), **more)


TRANSITIONS: tuple[Transition, ...] = (
    # 1 intake
    _row(A.REGISTER, S.DRAFT, S.PENDING_DISPATCH, "register", starts=(C.DISPATCH,), rank=Rank.MAIN, shortcut="d"),
    _row(A.ANSWER_ON_THE_SPOT, S.DRAFT, S.ANSWERED, "register", needs=("answer",), rank=Rank.MAIN, shortcut="a"),
    # 2 dispatch desk
    _row(
        A.DISPATCH, S.PENDING_DISPATCH, S.DISPATCHED, "dispatch", needs=("lead",), stops=(C.DISPATCH,),
        starts=(C.SIGN, C.CONTACT, C.HANDLING), rank=Rank.MAIN, shortcut="d", bulk=True,
    ),
    _row(A.SEND_BACK, S.PENDING_DISPATCH, S.DRAFT, "dispatch", needs=("reason",), pauses=(C.DISPATCH,), shortcut="b"),
    _row(A.RESUBMIT, S.DRAFT, S.PENDING_DISPATCH, "register", resumes=(C.DISPATCH,), rank=Rank.MAIN, shortcut="d"),
    _row(A.MERGE, S.PENDING_DISPATCH, S.MERGED, "dispatch", needs=("master",), stops=_ALL_CLOCKS, shortcut="m"),
    _row(
        A.NOT_ACCEPT, {S.DRAFT, S.PENDING_DISPATCH}, S.NOT_ACCEPTED, "not_accept", needs=("reason_code", "route"),
        stops=_ALL_CLOCKS, rank=Rank.DANGER, shortcut="x",
    ),
    # 3, 4 department
    _row(A.SIGN, S.DISPATCHED, S.PROCESSING, "sign", stops=(C.SIGN,), rank=Rank.MAIN, shortcut="s", bulk=True),
    _row(A.HAND_DOWN, _HANDLED, None, "hand_down", needs=("department",), shortcut="h"),
    _row(A.RECORD_CONTACT, _HANDLED, None, "handle", needs=("note",), stops=(C.CONTACT,), shortcut="c"),
    _row(A.LOG_PROGRESS, _HANDLED, None, "handle", needs=("note",), shortcut="p"),
    _row(A.WRITE_REPLY, _HANDLED, None, "handle", needs=("public_text",), rank=Rank.MAIN, shortcut="w"),
    _row(
        A.RELEASE_REPLY, _HANDLED, S.REPLIED, "release", conditions=(must.REPLY_WAITING,),
        stops=(C.CONTACT,), pauses=(C.HANDLING, C.REDO), starts=(C.REVIEW,), rank=Rank.MAIN, shortcut="r",
    ),
    _row(A.RETURN_REPLY, _HANDLED, None, "release", needs=("reason",), conditions=(must.REPLY_WAITING,), shortcut="b"),
    # 5 return, extension and the other requests; the handling clock runs on
    _request(R.RETURN, A.REQUEST_RETURN, {S.DISPATCHED, S.PROCESSING}, must.RETURN_ALLOWED),
    _ruling(
        R.RETURN, A.APPROVE_RETURN, {S.DISPATCHED, S.PROCESSING}, S.PENDING_DISPATCH, "rule_return",
        stops=(C.SIGN, C.CONTACT, C.HANDLING), starts=(C.DISPATCH,),
    ),
    _ruling(
        R.RETURN, A.REFUSE_RETURN, {S.DISPATCHED, S.PROCESSING}, S.PROCESSING, "rule_return", needs=("reason",),
        stops=(C.SIGN,), rank=Rank.DANGER,
    ),
    _request(R.EXTENSION, A.REQUEST_EXTENSION, {S.PROCESSING}, must.NOT_EXTENDED, must.NOT_OVERDUE),
    _ruling(R.EXTENSION, A.APPROVE_EXTENSION, {S.PROCESSING}, None, "rule_request"),
    _ruling(R.EXTENSION, A.REFUSE_EXTENSION, {S.PROCESSING}, None, "rule_request", needs=("reason",)),
    _request(R.SUSPENSION, A.REQUEST_SUSPENSION, _HANDLED),
    _ruling(
        R.SUSPENSION, A.APPROVE_SUSPENSION, _HANDLED, S.SUSPENDED, "rule_suspension", needs=("review_on",),
        pauses=(C.HANDLING, C.REDO, C.CONTACT),
    ),
    _ruling(R.SUSPENSION, A.REFUSE_SUSPENSION, _HANDLED, None, "rule_suspension", needs=("reason",)),
    _row(
        A.RESUME, S.SUSPENDED, S.PROCESSING, "rule_suspension", resumes=(C.HANDLING, C.REDO, C.CONTACT),
        rank=Rank.MAIN,
    ),
    _request(R.UNREASONABLE, A.REQUEST_UNREASONABLE, _HANDLED),
    _ruling(R.UNREASONABLE, A.APPROVE_UNREASONABLE, _HANDLED, None, "rule_request"),
    _ruling(R.UNREASONABLE, A.REFUSE_UNREASONABLE, _HANDLED, None, "rule_request", needs=("reason",)),
    _request(R.EXCLUSION, A.REQUEST_EXCLUSION, DEPARTMENT_STATES),
    _ruling(R.EXCLUSION, A.APPROVE_EXCLUSION, DEPARTMENT_STATES, None, "rule_request"),
    _ruling(R.EXCLUSION, A.REFUSE_EXCLUSION, DEPARTMENT_STATES, None, "rule_request", needs=("reason",)),
    # 6 review
    _row(
        A.PASS_REPLY, S.REPLIED, S.CALLBACK, "review", conditions=(must.CAN_BE_CALLED,),
        stops=(C.REVIEW, C.HANDLING, C.REDO), starts=(C.CALLBACK,), rank=Rank.MAIN, shortcut="p", bulk=True,
    ),
    _row(
        A.CLOSE_UNCONTACTABLE, S.REPLIED, S.CLOSED, "review", conditions=(must.CANNOT_BE_CALLED,),
        stops=_ALL_CLOCKS, rank=Rank.MAIN, shortcut="p",
    ),
    _row(
        A.FAIL_REPLY, S.REPLIED, S.PROCESSING, "review", needs=("reason",), stops=(C.REVIEW,),
        resumes=(C.HANDLING, C.REDO), rank=Rank.DANGER, shortcut="f",
    ),
    # 7 callback
    _row(A.RECORD_ATTEMPT, S.CALLBACK, None, "callback", conditions=(must.TRIES_LEFT,), shortcut="n"),
    _row(
        A.CLOSE_SATISFIED, S.CALLBACK, S.CLOSED, "callback", needs=("solved", "rating"), stops=_ALL_CLOCKS,
        rank=Rank.MAIN, shortcut="c",
    ),
    _row(A.CLOSE_UNREACHABLE, S.CALLBACK, S.CLOSED, "callback", conditions=(must.TRIES_MADE,), stops=_ALL_CLOCKS),
    _row(
        A.CLOSE_UNREASONABLE, S.CALLBACK, S.CLOSED, "callback", needs=("solved", "rating", "reason"),
        stops=_ALL_CLOCKS,
    ),
    _row(
        A.ORDER_REDO, S.CALLBACK, S.REDO, "callback", needs=("solved", "rating", "reason"),
        conditions=(must.NOT_REDONE,), stops=(C.CALLBACK,), starts=(C.REDO,), rank=Rank.DANGER, shortcut="o",
    ),
    # 8 supervision
    _row(
        A.CLOSE_BY_DECISION, {S.CALLBACK, S.REDO, S.SUSPENDED}, S.CLOSED, "decide", needs=("reason",),
        conditions=(must.REDONE_OR_SUPERVISED,), stops=(*_ALL_CLOCKS, C.SUPERVISION),
    ),
    _row(A.URGE, _NOT_FINISHED, None, "urge", needs=("note",), shortcut="u"),
    _row(
        A.SUPERVISE, DEPARTMENT_STATES | {S.CALLBACK}, None, "supervise", needs=("demand",),
        starts=(C.SUPERVISION,), rank=Rank.DANGER, shortcut="v", bulk=True,
    ),
    _row(
        A.ANSWER_NOTICE, DEPARTMENT_STATES | {S.CALLBACK, S.REPLIED, S.CLOSED}, None, "answer_notice",
        needs=("note",), conditions=(must.NOTICE_OPEN,), stops=(C.SUPERVISION,),
    ),
    _row(A.SUPPLEMENT, OPEN_STATES, None, "supplement", needs=("note",), shortcut="e"),
    # 9 the end
    _row(A.ARCHIVE, FINISHED_STATES - {S.ARCHIVED}, S.ARCHIVED, "archive", bulk=True),
)  # fmt: skip

_BY_ACTION = {row.action: row for row in TRANSITIONS}


def transition(action: Action) -> Transition:
    """The row of `action`; each action has exactly one."""
    return _BY_ACTION[action]


def rows_from(state: CaseState) -> tuple[Transition, ...]:
    """Rows that start in `state`, in the order of the table."""
    return tuple(row for row in TRANSITIONS if state in row.sources)
