"""Tables of cases, by aggregate."""

from dispatch.models.assignment import Assignment, AssignmentRole
from dispatch.models.case import CASE_NUMBERS, Case
from dispatch.models.citizen import Citizen, CitizenKind, Sex
from dispatch.models.clock import CardColour, CaseCard, CaseClock, ClockRule
from dispatch.models.papers import Attachment, CaseDraft
from dispatch.models.reference import Category, Place, PlaceLevel
from dispatch.models.reply import Callback, CallbackResult, Reply, ReplyState
from dispatch.models.request import CaseRequest
from dispatch.models.supervision import NOTICE_NUMBERS, SupervisionNotice, Urge
from dispatch.models.timeline import CaseEvent

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
    "Sex",
    "SupervisionNotice",
    "Urge",
]
