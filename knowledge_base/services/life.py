"""From a finished draft to what everybody finds, and out of it again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Text, bindparam, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from accounts.models import Person
from config import clock
from config.extensions import db
from knowledge_base.models import KnowledgeItem, Passage
from knowledge_base.models.revision import next_revision
from knowledge_base.passages import Cut, cut
from knowledge_base.services.asking import hand_on_questions
from knowledge_base.services.chain import published_of, take_place
from knowledge_base.services.perform import Deed, effect, perform
from knowledge_base.services.tasks import finish_tasks_answered_by
from knowledge_base.words import ItemState
from knowledge_base.workflow import ItemAction


def submit_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Ask for the draft to be reviewed."""
    return perform(person, item, ItemAction.SUBMIT)


def hand_in_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Give a department's draft to the hotline's editors."""
    return perform(person, item, ItemAction.HAND_IN)


def accept_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Take what a department handed in; it goes on to an approver, and is counted for the department."""
    return perform(person, item, ItemAction.ACCEPT)


def refuse_item(person: Person, item: KnowledgeItem, reason: str) -> KnowledgeItem:
    """Give it back to the department, saying why; it is counted."""
    return perform(person, item, ItemAction.REFUSE, {"reason": reason})


def confirm_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """It was read again and is still right: the next review is due a cycle later."""
    return perform(person, item, ItemAction.CONFIRM)


def withdraw_item(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Take it back from review to go on writing."""
    return perform(person, item, ItemAction.WITHDRAW)


def approve_item(person: Person, item: KnowledgeItem, edit_no: int | None = None) -> KnowledgeItem:
    """Publish what is in review. `edit_no`: of the text the approver read. For the version before it, see chain.py."""
    return perform(person, item, ItemAction.APPROVE, edit_no=edit_no)


def return_item(person: Person, item: KnowledgeItem, reason: str) -> KnowledgeItem:
    """Send it back to its writer, saying why."""
    return perform(person, item, ItemAction.RETURN, {"reason": reason})


def retire_item(person: Person, item: KnowledgeItem, reason: str) -> KnowledgeItem:
    """Take it out of force, with what it followed; search forgets it at once."""
    return perform(person, item, ItemAction.RETIRE, {"reason": reason})


def discard_draft(person: Person, item: KnowledgeItem) -> KnowledgeItem:
    """Give up the draft; what is published stays."""
    return perform(person, item, ItemAction.DISCARD)


@effect(ItemAction.ACCEPT)
@effect(ItemAction.SUBMIT)
def _submit(deed: Deed) -> None:
    deed.version.submitted_by_id, deed.version.submitted_at = deed.person.id, deed.at


@effect(ItemAction.HAND_IN)
def _hand_in(deed: Deed) -> None:
    deed.version.handed_in_at = deed.at


@effect(ItemAction.CONFIRM)
def _confirm(deed: Deed) -> None:
    today = clock.local(deed.at).date()
    deed.version.review_due_on = months_after(today, deed.item.review_every_months)
    deed.version.reminded_on = None
    deed.version.doubts = []


@effect(ItemAction.APPROVE)
def _approve(deed: Deed) -> None:
    version = deed.version
    take_place(version, deed.at)
    version.approved_by_id, version.published_at = deed.person.id, deed.at
    version.review_due_on = months_after(clock.local(deed.at).date(), deed.item.review_every_months)
    _keep_passages(version.id, cut(version.body))
    if version.number > 1:
        db.session.flush()
        hand_on_questions(version)
    # Those who publish many in one transaction count once for all: all become visible with it.
    deed.item.revision = deed.data.get("revision") or next_revision()
    if "import_id" not in deed.data:  # an approver read it; an import that publishes by itself asked nobody
        version.doubts = []
    finish_tasks_answered_by(deed.item, deed.person)


def _keep_passages(version_id: int, pieces: Sequence[Cut]) -> None:
    """In one statement, whatever their number: a law has hundreds, and each row sent by itself costs as much as all."""
    texts = ARRAY(Text)
    listed = (
        func.unnest(
            bindparam("headings", [piece.heading for piece in pieces], texts),
            bindparam("texts", [piece.text for piece in pieces], texts),
        )
        .table_valued("heading", "text", with_ordinality="ordinal")
        .render_derived()
    )
    rows = select(literal(version_id), listed.c.ordinal, listed.c.heading, listed.c.text)
    db.session.execute(insert(Passage).from_select(["version_id", "ordinal", "heading", "text"], rows))


@effect(ItemAction.RETIRE)
def _retire(deed: Deed) -> None:
    for other in published_of(deed.item.id):
        if other.id != deed.version.id:
            other.state, other.retired_at = ItemState.RETIRED, deed.at
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
