"""Registration: what the citizen said becomes a case, once."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, literal_column, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Person
from accounts.permissions import ensure
from config import clock, ids
from config.crypto import blind_index
from config.errors import Invalid
from config.extensions import db
from config.transaction import transactional
from dispatch.models import CASE_NUMBERS, Case, Citizen, CitizenKind, Sex
from dispatch.services.attachments import attach
from dispatch.services.intake_form import CaseIntake, category_exists, check
from dispatch.services.perform import Deed, carry_out, effect, perform
from dispatch.workflow import Action, CaseState, EmergencyService, NotAcceptedReason, transition
from dispatch.workflow.table import INTAKE_FIELDS
from knowledge_base.services import hand_over_uses

__all__ = [
    "CaseIntake",
    "RegisteredBefore",
    "answer_on_the_spot",
    "register_case",
    "resubmit_case",
    "transfer_emergency",
]


class RegisteredBefore(Invalid):
    """Its key came with another request before, which became `case`: nothing that was sent now is lost in silence."""

    def __init__(self, case: Case) -> None:
        super().__init__(fields={"Idempotency-Key": _("This key came with another request before.")})
        self.case = case


@transactional
def register_case(person: Person, intake: CaseIntake) -> Case:
    """Register for dispatch. A second call with the same `intake_key` returns the case of the first; RegisteredBefore
    where its `intake_digest` says that it is not the same request."""
    return _take_in(person, intake, Action.REGISTER, {})


@transactional
def answer_on_the_spot(person: Person, intake: CaseIntake, answer: str) -> Case:
    """Register a case that the agent answered while talking."""
    if not answer.strip():
        raise Invalid(fields={"answer": _("This is needed.")})
    return _take_in(person, intake, Action.ANSWER_ON_THE_SPOT, {"answer": answer.strip()})


@transactional
def transfer_emergency(person: Person, intake: CaseIntake, service: EmergencyService, note: str = "") -> Case:
    """Record a caller who was put through to 110, 119, 120 or 122 by one key."""
    return _take_in(person, intake, Action.TRANSFER_EMERGENCY, {"service": service, "note": note})


def resubmit_case(person: Person, case: Case, **changes: Any) -> Case:
    """Send a case that came back for more to the dispatch desk again, with what was added."""
    return perform(case.id, Action.RESUBMIT, person, changes)


def _take_in(person: Person, intake: CaseIntake, action: Action, data: dict[str, Any]) -> Case:
    row = transition(action)
    ensure(person, row.permission)
    if intake.intake_key and (known := _claimed(intake.intake_key)):
        if intake.intake_digest and known.intake_digest and known.intake_digest != intake.intake_digest:
            raise RegisteredBefore(known)
        return known
    at = clock.now()
    case = _new_case(person, check(intake), at)
    carry_out(Deed(case, row, person, at, data))
    attach(case, intake.attachment_ids, person, at)
    if intake.intake_key:
        hand_over_uses(person, intake.intake_key, case.case_no)
    return case


_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def _claimed(key: str) -> Case | None:
    """The case another press of the same button made; waits for that press to finish first."""
    db.session.execute(_ALONE, {"key": key})
    found = db.session.scalar(select(Case.id).where(Case.intake_key == key))
    return db.session.get(Case, found) if found is not None else None


def _new_case(person: Person, intake: CaseIntake, at: datetime) -> Case:
    facts = {field.name: getattr(intake, field.name) for field in fields(intake)}
    phone, contact = facts.pop("phone"), facts.pop("contact_phone")
    sex, kind = facts.pop("citizen_sex"), facts.pop("citizen_kind")
    name, previous = facts.pop("citizen_name"), facts.pop("previous_case_no")
    facts.pop("attachment_ids")
    reach = contact or phone
    number, citizen_id, called_before = _number_and_citizen(phone or contact, name, sex, kind, at)
    return Case(
        **facts,
        # The day and a running number: sortable, and no day has a row that every registration must wait for.
        case_no=f"{clock.local(at):%Y%m%d}-{number:07d}",
        query_code=ids.random_code(6),
        state=CaseState.DRAFT,
        version=0,
        sent_back=False,
        pending=[],
        repeat_caller=called_before,
        citizen_id=citizen_id,
        citizen_name=name or None,
        contact_phone=reach or None,
        contact_index=blind_index(reach) if reach else None,
        previous_case_id=_previous(previous),
        registered_by_id=person.id,
        registered_at=at,
        changed_at=at,
    )


def _previous(case_no: str | None) -> int | None:
    if not case_no:
        return None
    found = db.session.scalar(select(Case.id).where(Case.case_no == case_no))
    if found is None:
        raise Invalid(fields={"previous_case_no": _("There is no such case.")})
    return found


def _number_and_citizen(
    phone: str, name: str, sex: Sex, kind: CitizenKind, at: datetime
) -> tuple[int, int | None, bool]:
    """The next running number, the citizen's row, and whether it was there before; one question to the database.

    The row is made on the first call; a name told later is added, never overwritten by nothing.
    """
    if not phone:
        return db.session.execute(select(CASE_NUMBERS.next_value())).scalar_one(), None, False
    row = {"phone": phone, "phone_index": blind_index(phone), "name": name or None, "sex": sex, "kind": kind}
    statement = insert(Citizen).values(**row, tags=[], notes="", created_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["phone_index"],
        set_={"name": func.coalesce(statement.excluded.name, Citizen.name)},
    )
    # A row that the statement itself made has no transaction that replaced it.
    made_now: ColumnElement[bool] = literal_column("citizen.xmax = 0")
    found = db.session.execute(statement.returning(CASE_NUMBERS.next_value(), Citizen.id, made_now)).one()
    return found[0], found[1], not found[2]


@effect(Action.ANSWER_ON_THE_SPOT)
def _answered(deed: Deed) -> None:
    deed.case.answer = deed.data["answer"]
    deed.text = deed.data["answer"]
    deed.case.solved = True


@effect(Action.TRANSFER_EMERGENCY)
def _transferred(deed: Deed) -> None:
    service = deed.data["service"]
    deed.case.not_accepted_code = NotAcceptedReason.EMERGENCY
    deed.case.route_told = service.value
    deed.text, deed.facts = deed.get("note", ""), {"service": service.value}


@effect(Action.RESUBMIT)
def _resubmitted(deed: Deed) -> None:
    changes = {name: deed.data[name] for name in INTAKE_FIELDS if name in deed.data and name != "note"}
    if not category_exists(changes.get("category_code", deed.case.category_code)):
        raise Invalid(fields={"category_code": _("There is no such category.")})
    for name, value in changes.items():
        setattr(deed.case, name, value)
    deed.case.sent_back = False
    deed.text, deed.facts = deed.get("note", ""), {"changed": sorted(changes)}
