"""The workflow as one table (domain § 3, Transitions).

Buttons, permissions, the API's actions, the diagram in the docs and the property tests are read from it. Adding a
step is adding a row. Pure: no database, no request.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from dispatch.workflow import conditions as must
from dispatch.workflow.actions import Action, ClockKind, RequestKind
from dispatch.workflow.conditions import CaseFacts, Condition
from dispatch.workflow.transition import Rank, Transition
from dispatch.workflow.words import DEPARTMENT_STATES, FINISHED_STATES, OPEN_STATES, CaseState

S, A, C, R = CaseState, Action, ClockKind, RequestKind

HANDLED = frozenset({S.PROCESSING, S.REDO})
ASSIGNED = frozenset({S.DISPATCHED, S.PROCESSING})
WITH_DEPARTMENT = (C.SIGN, C.CONTACT, C.RETURN, C.HANDLING, C.REDO)
OF_THE_CASE = (C.DISPATCH, *WITH_DEPARTMENT, C.REVIEW, C.CALLBACK, C.DECISION)
"""Every clock but that of a supervision notice, which is answered even after the case is closed."""

REPLY_FIELDS = (
    "internal_text", "claim_true", "beyond_duty", "contacted_number", "contacted_at", "solved", "why_not",
    "attachment_ids",
)  # fmt: skip
INTAKE_FIELDS = ("title", "content", "asked", "address", "category_code", "advice", "note")


def _row(
    action: Action,
    sources: CaseState | Collection[CaseState],
    target: CaseState | None,
    permission: str,
    **more: Any,
) -> Transition:
    states = frozenset({sources}) if isinstance(sources, CaseState) else frozenset(sources)
    return Transition(action, states, target, f"case:{permission}", **more)


def _request(
    kind: RequestKind,
    ask: Action,
    sources: Collection[CaseState],
    *extra: Condition,
    needs: tuple[str, ...] = ("reason",),
    takes: tuple[str, ...] = (),
) -> Transition:
    conditions = (must.NOT_PENDING[kind], *extra)
    return _row(ask, sources, None, "request", needs=needs, takes=takes, conditions=conditions)


def _ruling(
    kind: RequestKind,
    action: Action,
    sources: Collection[CaseState],
    target: CaseState | None,
    permission: str,
    **more: Any,
) -> Transition:
    more.setdefault("needs", ())
    if "reason" not in more["needs"]:
        more["takes"] = (*more.get("takes", ()), "reason")
    return _row(action, sources, target, permission, conditions=(must.PENDING[kind],), **more)


TRANSITIONS: tuple[Transition, ...] = (
    # 1 intake
    _row(
        A.REGISTER, S.DRAFT, S.PENDING_DISPATCH, "register", conditions=(must.NEW,), starts=(C.DISPATCH,),
        rank=Rank.MAIN, shortcut="d",
    ),
    _row(
        A.ANSWER_ON_THE_SPOT, S.DRAFT, S.ANSWERED, "register", needs=("answer",), stops=(C.DISPATCH,),
        rank=Rank.MAIN, shortcut="a",
    ),
    _row(
        A.RESUBMIT, S.DRAFT, S.PENDING_DISPATCH, "register", takes=INTAKE_FIELDS, conditions=(must.SENT_BACK,),
        resumes=(C.DISPATCH,), rank=Rank.MAIN, shortcut="d",
    ),
    _row(
        A.TRANSFER_EMERGENCY, S.DRAFT, S.NOT_ACCEPTED, "register", needs=("service",), takes=("note",),
        stops=(C.DISPATCH,), rank=Rank.DANGER, shortcut="e",
    ),
    # 2 dispatch desk
    _row(
        A.DISPATCH, S.PENDING_DISPATCH, S.DISPATCHED, "dispatch", needs=("lead",), takes=("assisting", "advice"),
        stops=(C.DISPATCH,), starts=(C.SIGN, C.CONTACT, C.RETURN, C.HANDLING), rank=Rank.MAIN, shortcut="d",
        bulk=True,
    ),
    _row(
        A.SEND_BACK, S.PENDING_DISPATCH, S.DRAFT, "dispatch", needs=("reason",), pauses=(C.DISPATCH,), shortcut="b",
    ),
    _row(
        A.MERGE, S.PENDING_DISPATCH, S.MERGED, "dispatch", needs=("master",), takes=("note",), stops=OF_THE_CASE,
        shortcut="m",
    ),
    _row(
        A.NOT_ACCEPT, {S.DRAFT, S.PENDING_DISPATCH}, S.NOT_ACCEPTED, "not_accept",
        needs=("not_accepted_code", "route"), stops=OF_THE_CASE, rank=Rank.DANGER, shortcut="x",
    ),
    # 3, 4 department
    _row(A.SIGN, S.DISPATCHED, S.PROCESSING, "sign", stops=(C.SIGN,), rank=Rank.MAIN, shortcut="s", bulk=True),
    # the first main row that a person may take is their next step: release before writing, lead before assisting
    _row(
        A.RELEASE_REPLY, HANDLED, S.REPLIED, "release", conditions=(must.REPLY_WAITING,),
        stops=(C.CONTACT, C.RETURN), pauses=(C.HANDLING, C.REDO), starts=(C.REVIEW,), rank=Rank.MAIN, shortcut="r",
    ),
    _row(
        A.WRITE_REPLY, HANDLED, None, "handle", needs=("public_text",), takes=REPLY_FIELDS, rank=Rank.MAIN,
        shortcut="w",
    ),
    _row(A.REPORT_BACK, HANDLED, None, "assist", needs=("note",), rank=Rank.MAIN, shortcut="a"),
    _row(A.HAND_DOWN, HANDLED, None, "hand_down", needs=("department",), takes=("note", "days"), shortcut="h"),
    _row(
        A.RECORD_CONTACT, HANDLED, None, "handle", needs=("note",), takes=("contacted_number", "contacted_at"),
        stops=(C.CONTACT,), shortcut="c",
    ),
    _row(A.LOG_PROGRESS, HANDLED, None, "handle", needs=("note",), shortcut="p"),
    _row(
        A.RETURN_REPLY, HANDLED, None, "release", needs=("reason",), conditions=(must.REPLY_WAITING,), shortcut="b",
    ),
    # 5 return and the other requests; the handling clock runs on
    _request(
        R.RETURN, A.REQUEST_RETURN, ASSIGNED, must.RETURN_ALLOWED, must.RETURN_IN_TIME,
        needs=("reason_code", "reason", "legal_basis"),
    ),
    _ruling(
        R.RETURN, A.APPROVE_RETURN, ASSIGNED, S.PENDING_DISPATCH, "rule_return",
        withdraws=(*WITH_DEPARTMENT, C.SUPERVISION), starts=(C.DISPATCH,), rank=Rank.MAIN,
    ),
    _ruling(
        R.RETURN, A.REFUSE_RETURN, ASSIGNED, S.PROCESSING, "rule_return", needs=("reason",),
        stops=(C.SIGN, C.RETURN), rank=Rank.DANGER,
    ),
    _request(
        R.EXTENSION, A.REQUEST_EXTENSION, {S.PROCESSING}, must.NOT_EXTENDED, must.NOT_OVERDUE,
        needs=("reason", "days"),
    ),
    _ruling(R.EXTENSION, A.APPROVE_EXTENSION, {S.PROCESSING}, None, "rule_request", takes=("days",), rank=Rank.MAIN),
    _ruling(
        R.EXTENSION, A.REFUSE_EXTENSION, {S.PROCESSING}, None, "rule_request", needs=("reason",), rank=Rank.DANGER,
    ),
    _request(R.SUSPENSION, A.REQUEST_SUSPENSION, HANDLED, takes=("review_on",)),
    _ruling(
        R.SUSPENSION, A.APPROVE_SUSPENSION, HANDLED, S.SUSPENDED, "rule_suspension", needs=("review_on",),
        pauses=(C.HANDLING, C.REDO, C.CONTACT), stops=(C.RETURN,), rank=Rank.MAIN,
    ),
    _ruling(
        R.SUSPENSION, A.REFUSE_SUSPENSION, HANDLED, None, "rule_suspension", needs=("reason",), rank=Rank.DANGER,
    ),
    _request(R.UNREASONABLE, A.REQUEST_UNREASONABLE, HANDLED),
    _ruling(R.UNREASONABLE, A.APPROVE_UNREASONABLE, HANDLED, None, "rule_request", rank=Rank.MAIN),
    _ruling(
        R.UNREASONABLE, A.REFUSE_UNREASONABLE, HANDLED, None, "rule_request", needs=("reason",), rank=Rank.DANGER,
    ),
    _request(R.EXCLUSION, A.REQUEST_EXCLUSION, DEPARTMENT_STATES | {S.REPLIED, S.CALLBACK, S.CLOSED}),
    _ruling(
        R.EXCLUSION, A.APPROVE_EXCLUSION, DEPARTMENT_STATES | {S.REPLIED, S.CALLBACK, S.CLOSED}, None,
        "rule_request", rank=Rank.MAIN,
    ),
    _ruling(
        R.EXCLUSION, A.REFUSE_EXCLUSION, DEPARTMENT_STATES | {S.REPLIED, S.CALLBACK, S.CLOSED}, None,
        "rule_request", needs=("reason",), rank=Rank.DANGER,
    ),
    # 6 review; with nobody to call, a good reply closes the case
    _row(
        A.PASS_REPLY, S.REPLIED, S.CALLBACK, "review", takes=("note",), branch=must.CAN_BE_CALLED,
        otherwise=S.CLOSED, stops=(C.REVIEW, C.HANDLING, C.REDO), starts=(C.CALLBACK,), rank=Rank.MAIN,
        shortcut="p", bulk=True,
    ),
    _row(
        A.FAIL_REPLY, S.REPLIED, S.PROCESSING, "review", needs=("reason",), stops=(C.REVIEW,),
        resumes=(C.HANDLING, C.REDO), rank=Rank.DANGER, shortcut="f",
    ),
    # 7 callback
    _row(
        A.RECORD_ATTEMPT, S.CALLBACK, None, "callback", takes=("note",),
        conditions=(must.TRIES_LEFT, must.CALLBACK_DUE, must.NOT_REFERRED), shortcut="n",
    ),
    _row(
        A.CLOSE_SATISFIED, S.CALLBACK, S.CLOSED, "callback", needs=("solved",), takes=("rating", "note"),
        stops=OF_THE_CASE, rank=Rank.MAIN, shortcut="c",
    ),
    _row(
        A.CLOSE_UNREACHABLE, S.CALLBACK, S.CLOSED, "callback", takes=("note",),
        conditions=(must.TRIES_MADE, must.NOT_REFERRED), stops=OF_THE_CASE, shortcut="l",
    ),
    _row(
        A.CLOSE_UNREASONABLE, S.CALLBACK, S.CLOSED, "callback", needs=("solved", "reason"), takes=("rating",),
        conditions=(must.NOT_REFERRED,), stops=OF_THE_CASE, rank=Rank.DANGER,
    ),
    _row(
        A.ORDER_REDO, S.CALLBACK, S.REDO, "callback", needs=("solved", "reason"), takes=("rating",),
        conditions=(must.NOT_REDONE,), stops=(C.CALLBACK,), starts=(C.REDO,), rank=Rank.DANGER, shortcut="o",
    ),
    # 8 supervision
    _row(
        A.REFER, S.CALLBACK, None, "callback", needs=("solved", "reason"), takes=("rating",),
        conditions=(must.WAS_REDONE, must.NOT_REFERRED), stops=(C.CALLBACK,), starts=(C.DECISION,),
        rank=Rank.DANGER, shortcut="t",
    ),
    _row(
        A.SUPERVISE, DEPARTMENT_STATES | {S.REPLIED, S.CALLBACK}, None, "supervise", needs=("demand",),
        takes=("cause",), conditions=(must.NO_NOTICE_OPEN,), starts=(C.SUPERVISION,), rank=Rank.DANGER,
        shortcut="v", bulk=True,
    ),
    _row(
        A.ANSWER_NOTICE, OPEN_STATES | {S.CLOSED}, None, "answer_notice", needs=("note",),
        conditions=(must.NOTICE_OPEN,), stops=(C.SUPERVISION,), rank=Rank.MAIN, shortcut="g",
    ),
    _row(
        A.SUSPEND, HANDLED | {S.CALLBACK}, S.SUSPENDED, "decide", needs=("reason", "review_on"),
        conditions=(must.REDONE_OR_SUPERVISED,), stops=(C.CALLBACK, C.DECISION, C.RETURN),
        pauses=(C.HANDLING, C.REDO, C.CONTACT),
    ),
    _row(
        A.RESUME, S.SUSPENDED, S.REDO, "rule_suspension", takes=("note",), branch=must.WAS_REDONE,
        otherwise=S.PROCESSING, resumes=(C.HANDLING, C.REDO, C.CONTACT), rank=Rank.MAIN, shortcut="r",
    ),
    _row(
        A.CLOSE_BY_DECISION, HANDLED | {S.CALLBACK, S.SUSPENDED}, S.CLOSED, "decide", needs=("reason",),
        conditions=(must.REDONE_OR_SUPERVISED,), stops=OF_THE_CASE, rank=Rank.DANGER,
    ),
    # beside the state
    _row(A.URGE, OPEN_STATES, None, "urge", needs=("note",), takes=("call_no",), shortcut="u"),
    _row(A.SUPPLEMENT, OPEN_STATES | {S.DRAFT}, None, "supplement", needs=("note",), takes=("attachment_ids",)),
    # 9 the end; a new fact is a new, linked case
    _row(
        A.ARCHIVE, (FINISHED_STATES - {S.ARCHIVED}) | {S.MERGED}, S.ARCHIVED, "archive",
        conditions=(must.NO_NOTICE_OPEN, must.MASTER_FINISHED), bulk=True,
    ),
)  # fmt: skip

_BY_ACTION = {row.action: row for row in TRANSITIONS}


def transition(action: Action) -> Transition:
    """The row of `action`; each action has exactly one."""
    return _BY_ACTION[action]


def rows_from(state: CaseState) -> tuple[Transition, ...]:
    """Rows that start in `state`, in the order of the table."""
    return tuple(row for row in TRANSITIONS if state in row.sources)


def actions_for(case: CaseFacts) -> tuple[tuple[Transition, Condition | None], ...]:
    """Each row of the case's state with the condition that stands in its way, if one does."""
    return tuple((row, row.refusal(case)) for row in rows_from(case.state))
