"""What the knowledge base does by itself: imports, and reminders each morning."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from config import clock
from config.extensions import db
from config.periodic import periodic
from config.transaction import transactional
from knowledge_base.models import KnowledgeImport
from knowledge_base.services import importing
from knowledge_base.services.importing.batches import is_in_hand, queue
from knowledge_base.services.reminding import remind_of_corrections, remind_of_reviews, remind_of_tasks
from knowledge_base.words import ImportState

ABANDONED = timedelta(seconds=30)
"""Longer than a job waits for a worker on a quiet day; asked twice, it is done once."""
_JOBS = {
    ImportState.READING: "read_import",
    ImportState.ENTERING: "enter_import",
    ImportState.UNDOING: "undo_import",
}


def read_import(batch_id: int) -> None:
    """Read the files of a batch; where it is to be published, enter them too."""
    importing.read_batch(batch_id)


def enter_import(batch_id: int) -> None:
    """Enter what was accepted."""
    importing.enter_batch(batch_id)


def undo_import(batch_id: int) -> None:
    """Take back what was entered."""
    importing.undo_batch(batch_id)


@periodic("* * * * *", name="knowledge.resume_imports")
@transactional
def resume_imports() -> None:
    """Go on with batches whose worker died: nothing moved in them for a while, and no living process has them."""
    still = KnowledgeImport.touched_at < clock.now() - ABANDONED
    for batch in db.session.scalars(
        select(KnowledgeImport)
        .where(KnowledgeImport.state.in_(_JOBS), still)
        .with_for_update(of=KnowledgeImport, skip_locked=True)
    ):
        if not is_in_hand(batch.id):
            batch.touched_at = clock.now()
            queue(batch.id, _JOBS[batch.state])


@periodic("30 8 * * *", name="knowledge.remind")
def remind() -> None:
    """Tell owners what is due to be read again, ends soon, or is wrong and late."""
    remind_of_reviews()
    remind_of_corrections()
    remind_of_tasks()
