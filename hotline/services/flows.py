"""Flows and their versions: written as a draft, put in force, and put back (domain § 2, IVR).

A call goes on in the version it began with. Nothing that was once in force is ever changed or lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.ids import new_id
from config.transaction import transactional
from hotline.ivr.builtin import DEFAULT, FORMER_NUMBER
from hotline.ivr.check import Problem, problems
from hotline.ivr.document import Flow
from hotline.ivr.words import VersionState
from hotline.models import CallQueue, IvrFlow, IvrNumber, IvrSound, IvrVersion
from hotline.models.ivr import HOUSE_NAMES
from hotline.services.introduce import readable
from hotline.services.our_numbers import our_numbers

OF_THE_HOUSE = {"default": DEFAULT, "former": FORMER_NUMBER}


def flow_by_code(code: str) -> IvrFlow:
    """The flow of that code; those of the house are there even if nobody ever opened them."""
    if code in OF_THE_HOUSE:
        ensure_house_flows()
    flow = db.session.scalars(select(IvrFlow).where(IvrFlow.code == code)).one_or_none()
    if flow is None:
        raise NotFound(_("There is no such call flow."))
    return flow


@transactional
def ensure_house_flows() -> None:
    """The two every hotline has. Two people may look at once."""
    names = {code: str(name) for code, name in HOUSE_NAMES.items()}
    rows = [{"code": code, "name": name} for code, name in names.items()]
    known = set(db.session.scalars(select(IvrFlow.code).where(IvrFlow.code.in_(names))))
    if len(known) < len(names):
        db.session.execute(insert(IvrFlow.__table__).values(rows).on_conflict_do_nothing())


def version_of(flow: IvrFlow, state: VersionState) -> IvrVersion | None:
    """Its draft, or what is in force."""
    wanted = select(IvrVersion).where(IvrVersion.flow_id == flow.id, IvrVersion.state == state)
    return db.session.scalars(wanted).one_or_none()


def in_force(flow: IvrFlow) -> Flow:
    """What its callers hear now."""
    version = version_of(flow, VersionState.PUBLISHED)
    if version is not None:
        return Flow.model_validate(version.body)
    return OF_THE_HOUSE.get(flow.code, DEFAULT)


def found_problems(flow: Flow) -> list[Problem]:
    """What is wrong with it, as things stand in this city."""
    queues = set(db.session.scalars(select(CallQueue.code).where(CallQueue.active)))
    sounds = set(db.session.scalars(select(IvrSound.key)))
    if flow in OF_THE_HOUSE.values():
        queues |= {node.queue for node in flow.nodes.values() if node.kind == "queue"}
    outside = {node.number for node in flow.nodes.values() if node.kind == "transfer" and node.number}
    known = our_numbers() if outside else set()
    return problems(flow, queues, sounds, {number for number in outside if readable(number) in known})


@transactional
def make_flow(person: Person, code: str, name: str, numbers: Sequence[str]) -> IvrFlow:
    """A flow of its own for some numbers, begun as a draft of what their callers hear now."""
    ensure(person, "ivr:change")
    if db.session.scalar(select(func.count()).where(IvrFlow.code == code)):
        raise Invalid(fields={"code": _("There is a call flow with this code.")})
    flow = IvrFlow(code=code, name=name)
    db.session.add(flow)
    db.session.flush()
    _set_numbers(person, flow, numbers)
    _draft(person, flow, FORMER_NUMBER)
    return flow


@transactional
def set_numbers(person: Person, flow: IvrFlow, numbers: Sequence[str]) -> None:
    """The numbers of ours that lead to this flow; Invalid if one leads elsewhere."""
    ensure(person, "ivr:change")
    _set_numbers(person, flow, numbers)


@transactional
def open_draft(person: Person, flow: IvrFlow) -> IvrVersion:
    """The draft there is, or a new one that begins as what is in force."""
    ensure(person, "ivr:change")
    draft = _locked_draft(flow)
    return draft if draft is not None else _draft(person, flow, in_force(flow))


@transactional
def save_draft(person: Person, flow: IvrFlow, document: Flow, revision: int) -> IvrVersion:
    """Write the draft anew; Conflict if somebody else did since `revision` was read."""
    ensure(person, "ivr:change")
    draft = _locked_draft(flow)
    if draft is None or draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft meanwhile. Look at theirs first."))
    draft.body = document.model_dump(mode="json")
    draft.revision += 1
    draft.changed_at = clock.now()
    audit.record("ivr:save", person, subject=("ivr_version", draft.id), detail=_about(draft))
    return draft


@transactional
def discard_draft(person: Person, flow: IvrFlow) -> None:
    """Throw the draft away."""
    ensure(person, "ivr:change")
    draft = _locked_draft(flow)
    if draft is None:
        raise NotFound(_("There is no draft."))
    audit.record("ivr:discard", person, subject=("ivr_version", draft.id), detail=_about(draft))
    db.session.delete(draft)


@transactional
def publish(person: Person, flow: IvrFlow, revision: int, note: str = "") -> IvrVersion:
    """Put the draft in force for the next caller. Refused, with the nodes that are to blame, if it is not sound."""
    ensure(person, "ivr:change")
    draft = _locked_draft(flow)
    if draft is None or draft.revision != revision:
        raise Conflict(_("Somebody else has changed this draft meanwhile. Look at theirs first."))
    grave = [one for one in found_problems(Flow.model_validate(draft.body)) if one.grave]
    if grave:
        said = " ".join(f"{one.node or flow.title}: {one.sentence}" for one in grave[:5])
        raise Refused(_("This draft cannot be put in force. %(problems)s", problems=said))
    draft.note = note
    _put_in_force(person, flow, draft)
    audit.record("ivr:publish", person, subject=("ivr_version", draft.id), detail=_about(draft))
    return draft


@transactional
def roll_back(person: Person, flow: IvrFlow, number: int) -> IvrVersion:
    """Put an earlier version in force again."""
    ensure(person, "ivr:change")
    _lock(flow)
    wanted = select(IvrVersion).where(IvrVersion.flow_id == flow.id, IvrVersion.number == number)
    version = db.session.scalars(wanted).one_or_none()
    if version is None or version.state is not VersionState.RETIRED:
        raise Refused(_("Only a version that was in force before can be put back."))
    _put_in_force(person, flow, version)
    audit.record("ivr:roll_back", person, subject=("ivr_version", version.id), detail=_about(version))
    return version


def _put_in_force(person: Person, flow: IvrFlow, version: IvrVersion) -> None:
    now = clock.now()
    before = version_of(flow, VersionState.PUBLISHED)
    if before is not None:
        before.state, before.retired_at = VersionState.RETIRED, now
        db.session.flush()
    version.state, version.retired_at = VersionState.PUBLISHED, None
    version.published_at, version.published_by_id = now, person.id
    db.session.flush()


def _draft(person: Person, flow: IvrFlow, document: Flow) -> IvrVersion:
    last = db.session.scalar(select(func.max(IvrVersion.number)).where(IvrVersion.flow_id == flow.id))
    now = clock.now()
    draft = IvrVersion(
        flow_id=flow.id,
        key=new_id(),
        number=(last or 0) + 1,
        state=VersionState.DRAFT,
        body=document.model_dump(mode="json"),
        note="",
        revision=0,
        made_at=now,
        changed_at=now,
        made_by_id=person.id,
    )
    db.session.add(draft)
    db.session.flush()
    return draft


def _lock(flow: IvrFlow) -> None:
    db.session.execute(select(IvrFlow.id).where(IvrFlow.id == flow.id).with_for_update())


def _locked_draft(flow: IvrFlow) -> IvrVersion | None:
    _lock(flow)
    return version_of(flow, VersionState.DRAFT)


def _set_numbers(person: Person, flow: IvrFlow, numbers: Sequence[str]) -> None:
    wanted = list(dict.fromkeys("".join(c for c in number if c.isdigit()) for number in numbers))
    taken = db.session.scalars(
        select(IvrNumber.number).where(IvrNumber.number.in_(wanted), IvrNumber.flow_id != flow.id)
    ).all()
    if taken:
        sentence = _("%(numbers)s leads to another call flow.", numbers=", ".join(taken))
        raise Invalid(fields={"numbers": sentence})
    kept = {row.number: row for row in flow.numbers}
    flow.numbers = [kept.get(number) or IvrNumber(number=number) for number in wanted]
    db.session.flush()
    detail = {"code": flow.code, "numbers": wanted}
    audit.record("ivr:numbers", person, subject=("ivr_flow", flow.id), detail=detail)


def _about(version: IvrVersion) -> dict[str, object]:
    return {"flow": version.flow.code, "version": version.number}
