"""The life of a case: words, actions, conditions, and the one table that ties them."""

from dispatch.workflow.actions import Action, ClockKind, RequestKind, Ruling
from dispatch.workflow.conditions import CaseFacts, Condition
from dispatch.workflow.fields import FIELDS, Field
from dispatch.workflow.table import TRANSITIONS, actions_for, rows_from, transition
from dispatch.workflow.transition import Rank, Transition
from dispatch.workflow.words import (
    DEPARTMENT_STATES,
    FINISHED_STATES,
    MERGEABLE_STATES,
    OPEN_STATES,
    WITH_LEAD_STATES,
    CaseState,
    Channel,
    EmergencyService,
    NotAcceptedReason,
    NoticeCause,
    RequestType,
    ReturnReason,
    Urgency,
)

__all__ = [
    "DEPARTMENT_STATES",
    "FIELDS",
    "FINISHED_STATES",
    "MERGEABLE_STATES",
    "OPEN_STATES",
    "TRANSITIONS",
    "WITH_LEAD_STATES",
    "Action",
    "CaseFacts",
    "CaseState",
    "Channel",
    "ClockKind",
    "Condition",
    "EmergencyService",
    "Field",
    "NotAcceptedReason",
    "NoticeCause",
    "Rank",
    "RequestKind",
    "RequestType",
    "ReturnReason",
    "Ruling",
    "Transition",
    "Urgency",
    "actions_for",
    "rows_from",
    "transition",
]
