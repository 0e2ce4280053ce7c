"""Reads of this floor: named functions that return a `select()` or a small value.

Worklists stand on partial indexes of open cases, so that a million closed ones cost nothing.
"""

from dispatch.queries.callers import caller_history, open_cases_of, similar_open_cases
from dispatch.queries.cases import (
    Offer,
    addressee_of_notice,
    assignments_of,
    callbacks_of,
    cards_of,
    case_by_number,
    clocks_of,
    departments_below,
    departments_involved,
    notices_of,
    offers,
    replies_of,
    requests_of,
    visible_case,
)
from dispatch.queries.catalogue import Suggestion, categories, places, suggest_lead
from dispatch.queries.desks import (
    DESK_VIEWS,
    CaseFilter,
    Desk,
    SavedView,
    desk_counts,
    in_reach,
    orders_of,
    sent_back_to,
    work_keys,
    worklist,
)
from dispatch.queries.due import Due, is_due
from dispatch.queries.order import BY_NUMBER, EVERY_ORDER, NEWEST_FIRST, ORDER_KEYS, WORK_KEYS, Order
from dispatch.queries.search import changed_since, known_to, search_cases
from dispatch.queries.timeline import Entry, entries, timeline

__all__ = [
    "BY_NUMBER",
    "DESK_VIEWS",
    "EVERY_ORDER",
    "NEWEST_FIRST",
    "ORDER_KEYS",
    "WORK_KEYS",
    "CaseFilter",
    "Desk",
    "Due",
    "Entry",
    "Offer",
    "Order",
    "SavedView",
    "Suggestion",
    "addressee_of_notice",
    "assignments_of",
    "callbacks_of",
    "caller_history",
    "cards_of",
    "case_by_number",
    "categories",
    "changed_since",
    "clocks_of",
    "departments_below",
    "departments_involved",
    "desk_counts",
    "entries",
    "in_reach",
    "is_due",
    "known_to",
    "notices_of",
    "offers",
    "open_cases_of",
    "orders_of",
    "places",
    "replies_of",
    "requests_of",
    "search_cases",
    "sent_back_to",
    "similar_open_cases",
    "suggest_lead",
    "timeline",
    "visible_case",
    "work_keys",
    "worklist",
]
