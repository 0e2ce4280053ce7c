"""Tables of cases, by aggregate."""

from dispatch.models.case import CASE_NUMBERS, Case
from dispatch.models.citizen import Citizen, CitizenKind, Sex
from dispatch.models.reference import Category, Place, PlaceLevel
from dispatch.models.work import (
    NOTICE_NUMBERS,
    Assignment,
    AssignmentRole,
    Attachment,
    Callback,
    CallbackResult,
    CardColour,
    CaseCard,
    CaseClock,
    CaseDraft,
    CaseEvent,
    CaseRequest,
    ClockRule,
    Reply,
    ReplyState,
    Ruling,
    SupervisionNotice,
    Urge,
)

__all__ = [
    "CASE_NUMBERS",
    "NOTICE_NUMBERS",
    "Assignment",
    "AssignmentRole",
    "Attachment",
    "Callback",
    "CallbackResult",
    "CardColour",
    "Case",
    "CaseCard",
    "CaseClock",
    "CaseDraft",
    "CaseEvent",
    "CaseRequest",
    "Category",
    "Citizen",
    "CitizenKind",
    "ClockRule",
    "Place",
    "PlaceLevel",
    "Reply",
    "ReplyState",
    "Ruling",
    "Sex",
    "SupervisionNotice",
    "Urge",
]
