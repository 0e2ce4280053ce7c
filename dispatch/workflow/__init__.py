"""The life of a case: words, actions, conditions, and the one table that ties them."""

from dispatch.workflow.actions import Action, ClockKind, RequestKind
from dispatch.workflow.conditions import CaseFacts, Condition
from dispatch.workflow.table import TRANSITIONS, Rank, Transition, rows_from, transition
from dispatch.workflow.words import (
    DEPARTMENT_STATES,
    FINISHED_STATES,
    OPEN_STATES,
    WITH_LEAD_STATES,
    CaseState,
    Channel,
    RequestType,
    Urgency,
)

__all__ = [
    "DEPARTMENT_STATES",
    "FINISHED_STATES",
    "OPEN_STATES",
    "TRANSITIONS",
    "WITH_LEAD_STATES",
    "Action",
    "CaseFacts",
    "CaseState",
    "Channel",
    "ClockKind",
    "Condition",
    "Rank",
    "RequestKind",
    "RequestType",
    "Transition",
    "Urgency",
    "rows_from",
    "transition",
]
