"""Worklists: what waits for whom, soonest due first, and how much of it there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, false, func, literal_column, or_, select, true
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Department, Person
from config.extensions import db
from config.words import Hue, Word
from dispatch.models import Assignment, AssignmentRole, Case
from dispatch.queries.due import Due, is_due
from dispatch.queries.matching import matches
from dispatch.queries.order import BY_NUMBER, EVERY_ORDER, ORDER_KEYS, Keys, Order
from dispatch.roles import DEPARTMENT_ROLES
from dispatch.workflow import DEPARTMENT_STATES, OPEN_STATES, CaseState, RequestType, Urgency

COUNTED_UP_TO = 1000
"""Tabs say “999+”: nobody works faster for an exact larger number, and counting it would take time."""


class Desk(Word):
    """Where somebody works through a list."""

    DISPATCH = "dispatch", _l("Dispatch desk"), Hue.QUIET
    REVIEW = "review", _l("Review desk"), Hue.QUIET
    CALLBACK = "callback", _l("Callback desk"), Hue.QUIET
    SUPERVISION = "supervision", _l("Supervision desk"), Hue.QUIET
    INBOX = "inbox", _l("Department inbox"), Hue.QUIET


class SavedView(Word):
    """The tabs of a desk."""

    ALL = "all", _l("All"), Hue.QUIET
    URGENT = "urgent", _l("Urgent"), Hue.LATE
    TODAY = "today", _l("Due today"), Hue.WAITING
    OVERDUE = "overdue", _l("Overdue"), Hue.LATE
    REQUESTS = "requests", _l("Requests"), Hue.WAITING
    RETURNED = "returned", _l("Returned"), Hue.WAITING
    SIGN = "sign", _l("To be signed"), Hue.WAITING
    HANDLE = "handle", _l("In progress"), Hue.RUNNING
    RELEASE = "release", _l("To be released"), Hue.WAITING
    REDO = "redo", _l("Being redone"), Hue.LATE
    ASSISTING = "assisting", _l("Assisting"), Hue.QUIET
    NOTICES = "notices", _l("Notices"), Hue.LATE
    PROPOSED = "proposed", _l("Proposed"), Hue.WAITING
    REFERRED = "referred", _l("To be decided"), Hue.LATE
    SUSPENDED = "suspended", _l("Suspended"), Hue.QUIET


V = SavedView
DESK_VIEWS: dict[Desk, tuple[SavedView, ...]] = {
    Desk.DISPATCH: (V.ALL, V.URGENT, V.OVERDUE, V.RETURNED, V.REQUESTS),
    Desk.REVIEW: (V.ALL, V.URGENT, V.OVERDUE, V.REQUESTS),
    Desk.CALLBACK: (V.ALL, V.URGENT, V.TODAY, V.OVERDUE),
    Desk.SUPERVISION: (V.PROPOSED, V.OVERDUE, V.NOTICES, V.REFERRED, V.REQUESTS, V.SUSPENDED),
    Desk.INBOX: (V.ALL, V.SIGN, V.HANDLE, V.RELEASE, V.REDO, V.OVERDUE, V.ASSISTING, V.NOTICES),
}


@dataclass(frozen=True)
class CaseFilter:
    """What a person narrows a list by; whatever cannot be read was left out when it was made."""

    view: SavedView | None = None
    state: CaseState | None = None
    due: Due | None = None
    request_type: RequestType | None = None
    urgency: Urgency | None = None
    category: str = ""
    district: str = ""
    department: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    text: str = ""
    order: Order | None = None


_TIMELESS = frozenset({V.REQUESTS, V.NOTICES, V.PROPOSED})
"""Views whose cases may stand in any state: they go by number, the oldest first."""


def worklist(desk: Desk, person: Person, filters: CaseFilter | None = None) -> Select[Case]:
    """The open cases of a desk in the person's reach; page by `work_keys(desk, view, order)`."""
    filters = filters or CaseFilter()
    view = filters.view or DESK_VIEWS[desk][0]
    statement = select(Case).where(_in_view(desk, view, _reach(desk, person)))
    return narrowed(statement, filters, person).options(joinedload(Case.lead_department))


def sent_back_to(person: Person) -> Select[Case]:
    """Cases this person registered and the dispatcher gave back to them; page by `Case.id`, the oldest first."""
    mine = Case.registered_by_id == person.id
    return select(Case).where(Case.state == CaseState.DRAFT, mine).options(joinedload(Case.lead_department))


def orders_of(desk: Desk, view: SavedView | None) -> tuple[Order, ...]:
    """How this list may be sorted; the first is the usual one."""
    return BY_NUMBER if (view or DESK_VIEWS[desk][0]) in _TIMELESS else EVERY_ORDER


def work_keys(desk: Desk, view: SavedView | None, order: Order | None = None) -> Keys:
    """The sort keys of a worklist: soonest due first, or by number where there may be no due time; or as asked."""
    possible = orders_of(desk, view)
    return ORDER_KEYS[order if order in possible else possible[0]]


def desk_counts(desk: Desk, person: Person) -> dict[SavedView, int]:
    """How many are in each of the desk's views, counted up to `COUNTED_UP_TO`; one statement."""
    views, reach = DESK_VIEWS[desk], _reach(desk, person)
    few = [select(Case.id).where(_in_view(desk, view, reach)).limit(COUNTED_UP_TO) for view in views]
    counts = [select(func.count()).select_from(each.subquery()).scalar_subquery() for each in few]
    return dict(zip(views, db.session.execute(select(*counts)).one(), strict=True))


Reach = list[int] | None
"""Ids of the departments somebody's grants reach; None: the whole city."""


def _reach(desk: Desk, person: Person) -> Reach:
    return departments_reached(person) if desk is Desk.INBOX else None


def _in_view(desk: Desk, view: SavedView, reach: Reach) -> ColumnElement[bool]:
    if desk is Desk.INBOX:
        return _in_inbox(view, reach)
    if view is V.REQUESTS:
        return and_(Case.pending != _NOTHING, Case.pending.overlap(_RULED_AT[desk]))
    if desk is Desk.SUPERVISION:
        return _at_supervision(view)
    return and_(Case.state == _DESK_STATE[desk], _condition(view))


_NOTHING: ColumnElement[Any] = literal_column("'{}'")
"""Written as in the partial index, so that it is used."""

_DESK_STATE = {
    Desk.DISPATCH: CaseState.PENDING_DISPATCH,
    Desk.REVIEW: CaseState.REPLIED,
    Desk.CALLBACK: CaseState.CALLBACK,
}
_RULED_AT = {
    Desk.DISPATCH: ["return"],
    Desk.REVIEW: ["extension", "unreasonable", "exclusion"],
    Desk.SUPERVISION: ["suspension"],
}


def _at_supervision(view: SavedView) -> ColumnElement[bool]:
    conditions: dict[SavedView, Any] = {
        V.PROPOSED: Case.proposed_notice.is_not(None),
        V.OVERDUE: and_(Case.state.in_(sorted(DEPARTMENT_STATES)), is_due(Due.OVERDUE)),
        V.NOTICES: Case.open_notice,
        V.REFERRED: and_(Case.state == CaseState.CALLBACK, Case.referred),
        V.SUSPENDED: Case.state == CaseState.SUSPENDED,
    }
    condition: ColumnElement[bool] = conditions[view]
    return condition


def _in_inbox(view: SavedView, reach: Reach) -> ColumnElement[bool]:
    if view is V.ASSISTING:
        return and_(Case.state.in_(sorted(DEPARTMENT_STATES)), Case.id.in_(_parts(reach)))
    if view is V.NOTICES:
        return and_(Case.open_notice, _leads(reach))
    # A condition on one state is not doubled by the list of them: the planner would take the two for independent.
    within = true() if view in _OF_ONE_STATE else Case.state.in_(sorted(DEPARTMENT_STATES))
    return and_(within, _leads(reach), _condition(view))


_OF_ONE_STATE = frozenset({V.SIGN, V.HANDLE, V.REDO})


def _condition(view: SavedView) -> ColumnElement[bool]:
    conditions: dict[SavedView, Any] = {
        V.ALL: true(),
        V.URGENT: Case.urgency != Urgency.NORMAL,
        V.TODAY: is_due(Due.TODAY),
        V.OVERDUE: is_due(Due.OVERDUE),
        V.RETURNED: Case.return_count > 0,
        V.SIGN: Case.state == CaseState.DISPATCHED,
        V.HANDLE: Case.state == CaseState.PROCESSING,
        V.RELEASE: Case.reply_waiting,
        V.REDO: Case.state == CaseState.REDO,
    }
    condition: ColumnElement[bool] = conditions[view]
    return condition


def departments_reached(person: Person) -> Reach:
    """Ids of the departments under the person's department grants; None: the whole city."""
    prefixes = person.departments_in_scope(*DEPARTMENT_ROLES)
    if "/" in prefixes:
        return None
    if not prefixes:
        return []
    under = or_(*(Department.path.startswith(prefix, autoescape=True) for prefix in prefixes))
    return list(db.session.scalars(select(Department.id).where(under)))


def _leads(reach: Reach) -> ColumnElement[bool]:
    if reach is None:
        return true()
    return Case.lead_department_id.in_(reach) if reach else false()


def _parts(reach: Reach) -> Select[Any]:
    """Cases in which they have an open part beside the lead."""
    statement = select(Assignment.case_id).where(
        Assignment.ended_at.is_(None), Assignment.role != AssignmentRole.LEAD
    )
    return statement if reach is None else statement.where(Assignment.department_id.in_(reach))


def in_reach(person: Person) -> ColumnElement[bool]:
    """Cases in which a department in the person's reach leads or has an open part."""
    reach = departments_reached(person)
    return or_(_leads(reach), Case.id.in_(_parts(reach)))


def narrowed(statement: Select[Case], filters: CaseFilter, person: Person) -> Select[Case]:
    """`statement` with the filter's conditions, as this person may ask for them."""
    wanted: list[ColumnElement[bool]] = []
    if filters.state:
        wanted.append(Case.state == filters.state)
    if filters.due:
        wanted.append(and_(open_only(), is_due(filters.due)))
    if filters.request_type:
        wanted.append(Case.request_type == filters.request_type)
    if filters.urgency:
        wanted.append(Case.urgency == filters.urgency)
    if filters.category:
        wanted.append(Case.category_code.startswith(filters.category, autoescape=True))
    if filters.district:
        wanted.append(Case.district_code == filters.district)
    if filters.department:
        wanted.append(Case.lead_department_id == filters.department)
    if filters.since:
        wanted.append(Case.registered_at >= filters.since)
    if filters.until:
        wanted.append(Case.registered_at < filters.until)
    if filters.closed_since or filters.closed_until:
        wanted.append(Case.master_case_id.is_(None))  # what was merged ends with its master
    if filters.closed_since:
        wanted.append(Case.closed_at >= filters.closed_since)
    if filters.closed_until:
        wanted.append(Case.closed_at < filters.closed_until)
    if filters.text.strip():
        wanted.append(matches(filters.text.strip(), person))
    return statement.where(*wanted)


def open_only() -> ColumnElement[bool]:
    """Cases on which somebody still owes something."""
    return Case.state.in_(sorted(OPEN_STATES))
