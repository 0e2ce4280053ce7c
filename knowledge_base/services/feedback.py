"""What readers say about an item."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock, live
from config.calendar import add_working_days
from config.errors import Conflict, Invalid, NotFound
from config.extensions import db
from config.settings import settings
from config.transaction import transactional
from knowledge_base import verbs
from knowledge_base.models import KnowledgeCorrection, KnowledgeItem, KnowledgeRating, KnowledgeVersion
from knowledge_base.services.asking import remember_answered
from knowledge_base.services.perform import lock
from knowledge_base.services.usage import own_search, shown_version
from knowledge_base.words import CorrectionState


@transactional
def rate_item(
    person: Person,
    item: KnowledgeItem,
    helpful: bool,
    *,
    search_id: int | None = None,
    passage: int | None = None,
) -> KnowledgeItem:
    """Say whether it helped; saying it again changes one's mind, it does not count twice.

    What helped is remembered with the question it was found by (`search_id`, of this person's own) at `passage`.
    """
    ensure(person, "knowledge:read")
    locked = lock(item.id)
    row = insert(KnowledgeRating).values(
        item_id=locked.id, person_id=person.id, helpful=helpful, at=clock.now()
    )
    db.session.execute(
        row.on_conflict_do_update(
            index_elements=["item_id", "person_id"],
            set_={"helpful": row.excluded.helpful, "at": row.excluded.at},
        )
    )
    if helpful and (read := shown_version(locked)):
        remember_answered(locked.id, read.number, passage, own_search(person, search_id))
    votes = select(func.count()).where(KnowledgeRating.item_id == locked.id)
    locked.helpful_count = db.session.scalar(votes.where(KnowledgeRating.helpful)) or 0
    locked.unhelpful_count = db.session.scalar(votes.where(~KnowledgeRating.helpful)) or 0
    return locked


@transactional
def send_correction(person: Person, version: KnowledgeVersion, text: str) -> KnowledgeCorrection:
    """Say what is wrong in `version`; the shelf's owner is told."""
    ensure(person, "knowledge:read")
    words = text.replace("\x00", "").strip()
    if not words:
        raise Invalid(fields={"text": _("Say what is wrong.")})
    if len(words) > 2000:
        raise Invalid(fields={"text": _("At most %(n)s characters.", n=2000)})
    correction = KnowledgeCorrection(
        item_id=version.item_id,
        version_number=version.number,
        person_id=person.id,
        at=clock.now(),
        text=words,
        state=CorrectionState.OPEN,
        owner_id=version.item.owner_id,
        due_on=clock.local(add_working_days(clock.now(), settings().correction_days)).date(),
    )
    db.session.add(correction)
    db.session.flush()
    facts = {"item_no": version.item.item_no, "title": version.title, "by": person.name}
    live.tell(f"person:{version.item.owner_id}", "knowledge:correction", facts)
    live.tell(f"department:{version.item.department_id}", "knowledge:correction", facts)
    return correction


@transactional
def take_correction(person: Person, correction_id: int) -> KnowledgeCorrection:
    """Make a report one's own: from now on this person answers for it by its deadline."""
    correction = _open(person, correction_id)
    before = correction.owner.name if correction.owner else ""
    correction.owner_id, correction.state = person.id, CorrectionState.IN_HAND
    facts = {"correction": correction.id, "before": before}
    audit.record(verbs.TAKE_CORRECTION, person, ("knowledge", correction.item_id), facts)
    return correction


@transactional
def settle_correction(
    person: Person, correction_id: int, answer: str, *, corrected: bool = True
) -> KnowledgeCorrection:
    """Answer a report: what was changed, or why nothing was (`corrected` False). Its sender is told."""
    correction = _open(person, correction_id)
    words = " ".join(answer.replace("\x00", "").split())
    if not words or len(words) > 500:
        raise Invalid(fields={"answer": _("Say in at most %(n)s characters what was done.", n=500)})
    correction.state = CorrectionState.CORRECTED if corrected else CorrectionState.DECLINED
    correction.settled_at, correction.settled_by_id, correction.answer = clock.now(), person.id, words
    facts = {"correction": correction.id, "corrected": corrected}
    audit.record(verbs.SETTLE, person, ("knowledge", correction.item_id), facts)
    live.tell(
        f"person:{correction.person_id}",
        "knowledge:correction_settled",
        {"item_no": correction.item.item_no, "answer": words},
    )
    return correction


def _open(person: Person, correction_id: int) -> KnowledgeCorrection:
    """The report, its row locked; Conflict, naming who, if it has been answered."""
    correction = db.session.scalar(
        select(KnowledgeCorrection)
        .where(KnowledgeCorrection.id == correction_id)
        .with_for_update(of=KnowledgeCorrection)
        .execution_options(populate_existing=True)
    )
    if correction is None:
        raise NotFound(_("There is no such correction."))
    ensure(person, "knowledge:settle", correction)
    if correction.settled_by is not None and correction.settled_at is not None:
        raise Conflict(
            _("%(who)s has already answered this.", who=correction.settled_by.name),
            by=correction.settled_by.name,
        )
    return correction
