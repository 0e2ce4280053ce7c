"""Registration: what the citizen said becomes a case, once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from accounts.models import Person
from accounts.permissions import ensure
from config import clock, ids
from config.crypto import blind_index
from config.errors import Invalid, NotFound
from config.extensions import db
from config.phones import normalise_phone
from config.transaction import transactional
from dispatch.models import CASE_NUMBERS, Case, Category, Citizen, CitizenKind, Place, Sex
from dispatch.services.attachments import attach
from dispatch.services.perform import Deed, carry_out, effect, perform
from dispatch.workflow import (
    Action,
    CaseState,
    Channel,
    EmergencyService,
    NotAcceptedReason,
    RequestType,
    Urgency,
    transition,
)
from dispatch.workflow.table import INTAKE_FIELDS


@dataclass
class CaseIntake:
    """The five elements and what goes with them (domain § 3).

    `intake_key` is made by the form, so that a button pressed twice makes one case.
    """

    title: str
    content: str
    category_code: str
    request_type: RequestType = RequestType.CONSULT
    urgency: Urgency = Urgency.NORMAL
    channel: Channel = Channel.PHONE
    asked: str = ""
    complained_of: str = ""
    occurred_at: datetime | None = None
    district_code: str | None = None
    street_code: str | None = None
    community_code: str | None = None
    address: str = ""
    latitude: Decimal | None = None
    longitude: Decimal | None = None
    phone: str = ""
    contact_phone: str = ""
    citizen_name: str = ""
    citizen_sex: Sex = Sex.UNKNOWN
    citizen_kind: CitizenKind = CitizenKind.PERSON
    anonymous: bool = False
    confidential: bool = False
    public: bool = False
    needs_reply: bool = True
    advice: str = ""
    call_no: str | None = None
    previous_case_no: str | None = None
    intake_key: str | None = None
    attachment_ids: tuple[int, ...] = field(default=())


@transactional
def register_case(person: Person, intake: CaseIntake) -> Case:
    """Register for dispatch. A second call with the same `intake_key` returns the case of the first."""
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
        return known
    at = clock.now()
    case = _new_case(person, _checked(intake), at)
    carry_out(Deed(case, row, person, at, data))
    attach(case, intake.attachment_ids, person, at)
    return case


def _claimed(key: str) -> Case | None:
    """The case another press of the same button made; waits for that press to finish first."""
    db.session.execute(select(db.func.pg_advisory_xact_lock(db.func.hashtextextended(key, 0))))
    return db.session.scalar(select(Case).where(Case.intake_key == key))


def _checked(intake: CaseIntake) -> CaseIntake:
    """The intake with trimmed texts and normal numbers, or Invalid naming every field that is wrong."""
    wrong: dict[str, Any] = {}
    for name, longest in (("title", 120), ("content", 10_000), ("asked", 2_000), ("address", 200)):
        text = str(getattr(intake, name) or "").replace("\x00", "").strip()
        setattr(intake, name, text)
        if len(text) > longest:
            wrong[name] = _("At most %(n)s characters.", n=longest)
    for name in ("title", "content"):
        if not getattr(intake, name):
            wrong.setdefault(name, _("This is needed."))
    for name in ("phone", "contact_phone"):
        if number := str(getattr(intake, name) or "").strip():
            try:
                setattr(intake, name, normalise_phone(number))
            except Invalid as error:
                wrong[name] = error.fields["phone"]
    if not _category_exists(intake.category_code):
        wrong["category_code"] = _("There is no such category.")
    wrong |= _wrong_places(intake)
    if intake.occurred_at is not None and intake.occurred_at > clock.now():
        wrong["occurred_at"] = _("This lies in the future.")
    if wrong:
        raise Invalid(fields=wrong)
    return intake


def _category_exists(code: str) -> bool:
    return db.session.scalar(select(Category.id).where(Category.code == code)) is not None


def _wrong_places(intake: CaseIntake) -> dict[str, Any]:
    given = {
        name: getattr(intake, name) or None for name in ("district_code", "street_code", "community_code")
    }
    codes = [code for code in given.values() if code]
    for name, code in given.items():
        setattr(intake, name, code)
    known = set(db.session.scalars(select(Place.code).where(Place.code.in_(codes)))) if codes else set()
    return {name: _("There is no such place.") for name, code in given.items() if code and code not in known}


def _new_case(person: Person, intake: CaseIntake, at: datetime) -> Case:
    facts = asdict(intake)
    phone, contact = facts.pop("phone"), facts.pop("contact_phone")
    sex, kind = facts.pop("citizen_sex"), facts.pop("citizen_kind")
    name, previous = facts.pop("citizen_name").strip(), facts.pop("previous_case_no")
    facts.pop("attachment_ids")
    reach = contact or phone
    return Case(
        **facts,
        case_no=_next_number(at),
        query_code=ids.random_code(6),
        state=CaseState.DRAFT,
        version=0,
        sent_back=False,
        pending=[],
        repeat_caller=_called_before(reach),
        citizen_id=_citizen(phone or contact, name, sex, kind, at) if (phone or contact) else None,
        citizen_name=name or None,
        contact_phone=reach or None,
        contact_index=blind_index(reach) if reach else None,
        previous_case_id=_previous(previous),
        registered_by_id=person.id,
        registered_at=at,
        changed_at=at,
    )


def _called_before(number: str) -> bool:
    if not number:
        return False
    earlier = select(Case.id).where(Case.contact_index == blind_index(number)).limit(1)
    return db.session.scalar(earlier) is not None


def _next_number(at: datetime) -> str:
    """`20261123-0000042`: the city's day and a running number, sortable; gaps are no secret and no harm."""
    n = db.session.scalar(CASE_NUMBERS)
    return f"{clock.local(at):%Y%m%d}-{n:07d}"


def _previous(case_no: str | None) -> int | None:
    if not case_no:
        return None
    found = db.session.scalar(select(Case.id).where(Case.case_no == case_no))
    if found is None:
        raise NotFound(_("There is no such case."))
    return found


def _citizen(phone: str, name: str, sex: Sex, kind: CitizenKind, at: datetime) -> int:
    """The row of this number, made on the first call; a name told later is added, never overwritten by nothing."""
    row = {"phone": phone, "phone_index": blind_index(phone), "name": name or None, "sex": sex, "kind": kind}
    statement = insert(Citizen).values(**row, tags=[], notes="", created_at=at)
    statement = statement.on_conflict_do_update(
        index_elements=["phone_index"],
        set_={"name": db.func.coalesce(statement.excluded.name, Citizen.name)},
    )
    found = db.session.scalar(statement.returning(Citizen.id))
    assert found is not None
    return int(found)


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
    if not _category_exists(changes.get("category_code", deed.case.category_code)):
        raise Invalid(fields={"category_code": _("There is no such category.")})
    for name, value in changes.items():
        setattr(deed.case, name, value)
    deed.case.sent_back = False
    deed.text, deed.facts = deed.get("note", ""), {"changed": sorted(changes)}
