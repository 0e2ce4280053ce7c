"""One case and what belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models import Department, Person
from accounts.permissions import may
from config.errors import NotFound
from config.extensions import db
from dispatch.models import (
    Assignment,
    AssignmentRole,
    Callback,
    Case,
    CaseCard,
    CaseClock,
    CaseRequest,
    Reply,
    SupervisionNotice,
)
from dispatch.workflow import Transition, actions_for


def case_by_number(case_no: str) -> Case:
    """The case with the people and departments its page names. NotFound if there is none."""
    case = db.session.scalar(
        select(Case)
        .where(Case.case_no == case_no.replace("\x00", ""))
        .options(
            joinedload(Case.lead_department),
            joinedload(Case.registered_by).lazyload(Person.grants),
            joinedload(Case.closed_by).lazyload(Person.grants),
            joinedload(Case.citizen),
            joinedload(Case.master),
            joinedload(Case.previous),
        )
    )
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def visible_case(person: Person, case_no: str) -> Case:
    """Likewise; NotFound also where this person may not know of it."""
    case = case_by_number(case_no)
    if not may(person, "case:view", case):
        raise NotFound(_("There is no such case."))
    return case


@dataclass(frozen=True)
class Offer:
    """An action of the case's state for this person; `refusal` says why it cannot be done now, else it is empty."""

    row: Transition
    refusal: str


def offers(person: Person, case: Case) -> list[Offer]:
    """The actions this person may take now, and those of theirs that a rule forbids at the moment, with the reason."""
    asked: dict[str, bool] = {}
    found = []
    for row, condition in actions_for(case):
        if row.permission not in asked:
            asked[row.permission] = may(person, row.permission, case)
        if asked[row.permission]:
            found.append(Offer(row, "" if condition is None else str(condition.otherwise)))
    return found


def departments_involved(case_id: int, lead: bool = True) -> list[Department]:
    """Departments with an open part in the case; without `lead`, those beside it."""
    statement = (
        select(Department)
        .join(Assignment, Assignment.department_id == Department.id)
        .where(Assignment.case_id == case_id, Assignment.ended_at.is_(None))
    )
    if not lead:
        statement = statement.where(Assignment.role != AssignmentRole.LEAD)
    return list(db.session.scalars(statement))


def departments_below(case_id: int) -> list[Department]:
    """Departments to which the case was handed down and which have not reported."""
    return list(
        db.session.scalars(
            select(Department)
            .join(Assignment, Assignment.department_id == Department.id)
            .where(
                Assignment.case_id == case_id,
                Assignment.ended_at.is_(None),
                Assignment.role == AssignmentRole.BELOW,
            )
        )
    )


def addressee_of_notice(case_id: int) -> Department | None:
    """The department that the open notice is addressed to."""
    return db.session.scalar(
        select(Department)
        .join(SupervisionNotice, SupervisionNotice.department_id == Department.id)
        .where(SupervisionNotice.case_id == case_id, SupervisionNotice.answered_at.is_(None))
    )


def assignments_of(case: Case) -> Select[Assignment]:
    """Every part anybody had or has in the case."""
    return (
        select(Assignment)
        .where(Assignment.case_id == case.id)
        .order_by(Assignment.id)
        .options(joinedload(Assignment.officer))
    )


def clocks_of(case: Case) -> Select[CaseClock]:
    """Its clocks, stopped ones too."""
    return select(CaseClock).where(CaseClock.case_id == case.id).order_by(CaseClock.id)


def requests_of(case: Case) -> Select[CaseRequest]:
    """What departments asked, and what was ruled."""
    return (
        select(CaseRequest)
        .where(CaseRequest.case_id == case.id)
        .order_by(CaseRequest.id)
        .options(joinedload(CaseRequest.department), joinedload(CaseRequest.asked_by))
    )


def replies_of(case: Case) -> Select[Reply]:
    """Its replies, or for a merged case those of its master, whose answer it gets."""
    return (
        select(Reply)
        .where(Reply.case_id == (case.master_case_id or case.id))
        .order_by(Reply.id)
        .options(joinedload(Reply.department), joinedload(Reply.written_by))
    )


def callbacks_of(case: Case) -> Select[Callback]:
    """Each try to call the citizen back."""
    return (
        select(Callback)
        .where(Callback.case_id == case.id)
        .order_by(Callback.id)
        .options(joinedload(Callback.person))
    )


def notices_of(case: Case) -> Select[SupervisionNotice]:
    """Its supervision notices."""
    return (
        select(SupervisionNotice)
        .where(SupervisionNotice.case_id == case.id)
        .order_by(SupervisionNotice.id)
        .options(joinedload(SupervisionNotice.department))
    )


def cards_of(case: Case) -> Select[CaseCard]:
    """Its yellow and red cards."""
    return select(CaseCard).where(CaseCard.case_id == case.id).order_by(CaseCard.id)
