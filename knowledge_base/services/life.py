"""From a finished draft to what everybody finds, and out of it again."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from accounts.models import Person
from config import clock
from config.extensions import db
from knowledge_base.models import KnowledgeItem, KnowledgeVersion, Passage
from knowledge_base.models.revision import next_revision
from knowledge_base.passages import cut
from knowledge_base.services.perform import Deed, effect, perform
from knowledge_base.words import ItemState
from knowledge_base.workflow import ItemAction


def submit_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Ask for the draft to be reviewed."""
    return perform(person, item, ItemAction.SUBMIT)


def withdraw_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Take it back from review to go on writing."""
    return perform(person, item, ItemAction.WITHDRAW)


def approve_item(person: Person, item: KnowledgeItem, edit_no: int | None = None) -> KnowledgeItem:
    """Publish what is in review. `edit_no`: of the text the approver read. The version in force so far is retired."""
    return perform(person, item, ItemAction.APPROVE, edit_no=edit_no)


def return_item(person: Person, item: KnowledgeItem, reason: str) -> KnowledgeItem:
    """Send it back to its writer, saying why."""
    return perform(person, item, ItemAction.RETURN, {"reason": reason})


def retire_item(person: Person, item: KnowledgeItem, reason: str) -> KnowledgeItem:
    """Take it out of force; search forgets it at once."""
    return perform(person, item, ItemAction.RETIRE, {"reason": reason})


def discard_draft(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Give up the draft; what is published stays."""
    return perform(person, item, ItemAction.DISCARD)


@effect(ItemAction.SUBMIT)
def _submit(deed: Deed) -> None:
    deed.version.submitted_by_id, deed.version.submitted_at = deed.person.id, deed.at


@effect(ItemAction.APPROVE)
def _approve(deed: Deed) -> None:
    version = deed.version
    in_force = db.session.scalar(
        select(KnowledgeVersion).where(
            KnowledgeVersion.item_id == deed.item.id, KnowledgeVersion.state == ItemState.PUBLISHED
        )
    )
    if in_force is not None:
        in_force.state, in_force.retired_at = ItemState.RETIRED, deed.at
        db.session.flush()  # before the new one: two in force at once is what the database refuses
    version.approved_by_id, version.published_at = deed.person.id, deed.at
    version.review_due_on = months_after(clock.local(deed.at).date(), deed.item.review_every_months)
    for ordinal, piece in enumerate(cut(version.body), start=1):
        db.session.add(
            Passage(version_id=version.id, ordinal=ordinal, heading=piece.heading, text=piece.text)
        )
    deed.item.revision = next_revision()


@effect(ItemAction.RETIRE)
def _retire(deed: Deed) -> None:
    deed.item.revision = next_revision()


def months_after(day: date, months: int) -> date:
    """The same day `months` later, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError("no such month")
