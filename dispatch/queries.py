"""Reads: worklists, counts, search, a caller's history. Each returns a `select()` or a small value.

Worklists stand on partial indexes of open cases, so that a million closed ones cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Department, Person
from config import calendar, clock
from config.crypto import blind_index
from config.errors import Invalid, NotFound
from config.extensions import db
from config.phones import normalise_phone
from config.words import Hue, Word
from dispatch.models import Assignment, Case, CaseCard, CaseEvent, Category, Place
from dispatch.permissions import DEPARTMENT_ROLES
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
    URGED = "urged", _l("Urged"), Hue.WAITING
    SIGN = "sign", _l("To be signed"), Hue.WAITING
    HANDLE = "handle", _l("In progress"), Hue.RUNNING
    RELEASE = "release", _l("To be released"), Hue.WAITING
    REDO = "redo", _l("Being redone"), Hue.LATE
    NOTICES = "notices", _l("Notices"), Hue.LATE


DESK_VIEWS: dict[Desk, tuple[SavedView, ...]] = {
    Desk.DISPATCH: (
        SavedView.ALL,
        SavedView.URGENT,
        SavedView.OVERDUE,
        SavedView.RETURNED,
        SavedView.REQUESTS,
    ),
    Desk.REVIEW: (SavedView.ALL, SavedView.URGENT, SavedView.OVERDUE, SavedView.REQUESTS),
    Desk.CALLBACK: (SavedView.ALL, SavedView.URGENT, SavedView.TODAY, SavedView.OVERDUE),
    Desk.SUPERVISION: (
        SavedView.OVERDUE,
        SavedView.NOTICES,
        SavedView.URGED,
        SavedView.REDO,
        SavedView.REQUESTS,
    ),
    Desk.INBOX: (
        SavedView.ALL,
        SavedView.SIGN,
        SavedView.HANDLE,
        SavedView.RELEASE,
        SavedView.REDO,
        SavedView.OVERDUE,
        SavedView.NOTICES,
    ),
}


@dataclass(frozen=True)
class CaseFilter:
    """What a person narrows a list by; whatever cannot be read was left out when it was made."""

    view: SavedView | None = None
    state: CaseState | None = None
    request_type: RequestType | None = None
    urgency: Urgency | None = None
    category: str = ""
    district: str = ""
    department: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str = ""


def worklist(desk: Desk, person: Person, filters: CaseFilter = CaseFilter()) -> Select[tuple[Case]]:
    """The open cases of a desk, for the person's reach, soonest due first (page by `WORK_KEYS`)."""
    view = filters.view or DESK_VIEWS[desk][0]
    statement = select(Case).where(_at_desk(desk, person, view), _in_view(desk, view))
    return _narrowed(statement, filters).options(joinedload(Case.lead_department))


FAR_FUTURE = datetime(9999, 1, 1, tzinfo=clock.now().tzinfo)
WORK_KEYS: Sequence[ColumnElement[Any]] = (Case.due_at.asc(), Case.id.asc())
NEWEST_FIRST: Sequence[ColumnElement[Any]] = (Case.id.desc(),)


def work_keys(desk: Desk, view: SavedView | None) -> Sequence[ColumnElement[Any]]:
    """The sort keys of a worklist. Views that hold cases without a running clock go by number."""
    timeless = view in (SavedView.REQUESTS, SavedView.NOTICES, SavedView.URGED)
    return (Case.id.asc(),) if timeless else WORK_KEYS


def desk_counts(desk: Desk, person: Person) -> dict[SavedView, int]:
    """How many are in each of the desk's views, counted up to `COUNTED_UP_TO`."""
    found = {}
    for view in DESK_VIEWS[desk]:
        few = select(Case.id).where(_at_desk(desk, person, view), _in_view(desk, view)).limit(COUNTED_UP_TO)
        found[view] = db.session.scalar(select(func.count()).select_from(few.subquery())) or 0
    return found


_DESK_STATE = {
    Desk.DISPATCH: CaseState.PENDING_DISPATCH,
    Desk.REVIEW: CaseState.REPLIED,
    Desk.CALLBACK: CaseState.CALLBACK,
}


def _at_desk(desk: Desk, person: Person, view: SavedView) -> ColumnElement[bool]:
    if desk is Desk.INBOX:
        return and_(Case.state.in_(DEPARTMENT_STATES), in_reach(person))
    if view is SavedView.REQUESTS:
        return and_(Case.state.in_(DEPARTMENT_STATES), func.cardinality(Case.pending) > 0)
    if desk is Desk.SUPERVISION:
        return Case.state.in_(DEPARTMENT_STATES)
    return Case.state == _DESK_STATE[desk]


def in_reach(person: Person) -> ColumnElement[bool]:
    """Cases whose lead, or an open assignment, lies under the person's department grants."""
    prefixes = person.departments_in_scope(*DEPARTMENT_ROLES)
    if not prefixes:
        return false()
    ids = select(Department.id).where(
        or_(*(Department.path.startswith(p, autoescape=True) for p in prefixes))
    )
    assigned = select(Assignment.case_id).where(
        Assignment.ended_at.is_(None), Assignment.department_id.in_(ids)
    )
    return or_(Case.lead_department_id.in_(ids), Case.id.in_(assigned))


_RULED_AT = {Desk.DISPATCH: ["return"], Desk.SUPERVISION: ["suspension"]}


def _in_view(desk: Desk, view: SavedView) -> ColumnElement[bool]:
    at = clock.now()
    if view is SavedView.REQUESTS:
        kinds = _RULED_AT.get(desk, ["extension", "unreasonable", "exclusion"])
        return Case.pending.overlap(kinds)
    return {
        SavedView.ALL: Case.due_at.is_not(None),
        SavedView.URGENT: and_(Case.urgency != Urgency.NORMAL, Case.due_at.is_not(None)),
        SavedView.TODAY: Case.due_at <= calendar.end_of_day(clock.today()),
        SavedView.OVERDUE: Case.due_at <= at,
        SavedView.RETURNED: and_(Case.return_count > 0, Case.due_at.is_not(None)),
        SavedView.URGED: Case.urged_count > 0,
        SavedView.SIGN: and_(Case.state == CaseState.DISPATCHED, Case.due_at.is_not(None)),
        SavedView.HANDLE: and_(Case.state == CaseState.PROCESSING, Case.due_at.is_not(None)),
        SavedView.RELEASE: and_(Case.reply_waiting, Case.due_at.is_not(None)),
        SavedView.REDO: and_(Case.state == CaseState.REDO, Case.due_at.is_not(None)),
        SavedView.NOTICES: Case.open_notice,
    }[view]


def _narrowed(statement: Select[tuple[Case]], filters: CaseFilter) -> Select[tuple[Case]]:
    if filters.state:
        statement = statement.where(Case.state == filters.state)
    if filters.request_type:
        statement = statement.where(Case.request_type == filters.request_type)
    if filters.urgency:
        statement = statement.where(Case.urgency == filters.urgency)
    if filters.category:
        statement = statement.where(Case.category_code.startswith(filters.category, autoescape=True))
    if filters.district:
        statement = statement.where(Case.district_code == filters.district)
    if filters.department:
        statement = statement.where(Case.lead_department_id == filters.department)
    if filters.since:
        statement = statement.where(Case.registered_at >= filters.since)
    if filters.until:
        statement = statement.where(Case.registered_at < filters.until)
    if filters.text:
        statement = statement.where(_matches(filters.text))
    return statement


def _matches(text: str) -> ColumnElement[bool]:
    """By number, by the caller's telephone (exact), else by words of the title."""
    if text[:8].isdigit() and "-" in text:
        return Case.case_no.startswith(text, autoescape=True)
    if text.replace(" ", "").lstrip("+").isdigit() and len(text) >= 7:
        try:
            return Case.contact_index == blind_index(normalise_phone(text))
        except Invalid:
            return Case.case_no.startswith(text, autoescape=True)
    return Case.title.contains(text, autoescape=True)


def search_cases(person: Person, filters: CaseFilter) -> Select[tuple[Case]]:
    """All cases the person may know of, newest first (page by `NEWEST_FIRST`)."""
    statement = select(Case).options(joinedload(Case.lead_department))
    from dispatch.permissions import CENTRE_ROLES

    if not person.has_role(*CENTRE_ROLES):
        statement = statement.where(in_reach(person))
    return _narrowed(statement, filters)


def case_by_number(case_no: str) -> Case:
    """NotFound if there is none."""
    case = db.session.scalar(
        select(Case)
        .where(Case.case_no == case_no)
        .options(
            joinedload(Case.lead_department),
            joinedload(Case.registered_by),
            joinedload(Case.closed_by),
            joinedload(Case.citizen),
        )
    )
    if case is None:
        from flask_babel import gettext as _

        raise NotFound(_("There is no such case."))
    return case


def timeline(case: Case) -> Select[tuple[CaseEvent]]:
    """Everything that happened to it, oldest first."""
    return (
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id)
        .order_by(CaseEvent.id)
        .options(joinedload(CaseEvent.person), joinedload(CaseEvent.department))
    )


def departments_involved(case_id: int) -> list[Department]:
    """Departments with an open part in the case."""
    return list(
        db.session.scalars(
            select(Department)
            .join(Assignment, Assignment.department_id == Department.id)
            .where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
        )
    )


def caller_history(phone_index: str, limit: int = 10) -> Select[tuple[Case]]:
    """The newest cases of a number."""
    return select(Case).where(Case.contact_index == phone_index).order_by(Case.id.desc()).limit(limit)


def open_cases_of(phone_index: str) -> Select[tuple[Case]]:
    """Open cases of a number: urge these instead of registering anew."""
    return (
        select(Case)
        .where(Case.contact_index == phone_index, Case.state.in_(OPEN_STATES))
        .order_by(Case.id.desc())
        .limit(10)
    )


def similar_open_cases(category_code: str, street_code: str | None, limit: int = 5) -> Select[tuple[Case]]:
    """Open cases of the same category and street: likely the same matter."""
    statement = select(Case).where(Case.category_code == category_code, Case.state.in_(OPEN_STATES))
    if street_code:
        statement = statement.where(Case.street_code == street_code)
    return statement.order_by(Case.id.desc()).limit(limit)


def cards_of(case: Case) -> Select[tuple[CaseCard]]:
    """Its yellow and red cards."""
    return select(CaseCard).where(CaseCard.case_id == case.id).order_by(CaseCard.id)


@dataclass(frozen=True)
class Suggestion:
    """Whom the catalogue would send it to, and why."""

    department: Department
    category: str
    place: str


def suggest_lead(category_code: str, street_code: str | None, district_code: str | None) -> Suggestion | None:
    """The lead by category × place. It suggests; a dispatcher decides (domain § 3, Rules)."""
    category = db.session.scalar(select(Category).where(Category.code == category_code))
    while category is not None:
        if category.lead_is_local:
            for code in (street_code, district_code):
                place = db.session.scalar(select(Place).where(Place.code == code)) if code else None
                if place is not None and place.department is not None:
                    return Suggestion(place.department, category.path_name, place.name)
        if category.lead_department is not None:
            return Suggestion(category.lead_department, category.path_name, "")
        category = db.session.scalar(select(Category).where(Category.code == category.parent_code))
    return None


def categories() -> Select[tuple[Category]]:
    """The tree in the order of its codes, those active today."""
    day = clock.today()
    return (
        select(Category)
        .where(
            or_(Category.active_from.is_(None), Category.active_from <= day),
            or_(Category.active_until.is_(None), Category.active_until >= day),
        )
        .order_by(Category.code)
    )


def places(parent: str | None = None) -> Select[tuple[Place]]:
    """The places directly below `parent`; without one, the districts."""
    return select(Place).where(Place.parent_code.is_(None) if parent is None else Place.parent_code == parent)
