"""The dictionary that editors keep. What they write holds for the next search on every process."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Invalid, NotFound
from config.extensions import db
from config.transaction import after_commit, transactional
from knowledge_base import verbs
from knowledge_base.models import WordGroup
from knowledge_base.search.thesaurus import Group
from knowledge_base.signals import wording_changed

MOST_WORDS, LONGEST_WORD = 20, 40


@transactional
def write_words(person: Person, written: str, group_id: int | None = None) -> WordGroup:
    """Add a group of words (低保 = 最低生活保障, 狗咬人 > 饲养动物), or change one. Invalid says what is wrong."""
    ensure(person, "knowledge:wording")
    read = _group(written)
    group = _locked(group_id) if group_id is not None else WordGroup()
    same = (WordGroup.active, WordGroup.words == list(read.words), WordGroup.leads == read.leads)
    if (
        db.session.scalar(select(WordGroup.id).where(*same, WordGroup.id != (group_id or 0)).limit(1))
        is not None
    ):
        raise Invalid(fields={"words": _("These words stand here already.")})
    group.words, group.leads, group.active = list(read.words), read.leads, True
    return _changed(person, group)


@transactional
def drop_words(person: Person, group_id: int) -> WordGroup:
    """Take a group out of use."""
    ensure(person, "knowledge:wording")
    group = _locked(group_id)
    group.active = False
    return _changed(person, group)


def _group(written: str) -> Group:
    try:
        group = Group.read(written.replace("\x00", ""))
    except ValueError:
        raise Invalid(
            fields={"words": _("Write words on both sides of one >, or words with = between them.")}
        ) from None
    if not group.words:
        raise Invalid(fields={"words": _("Write at least one word.")})
    if len(group.words) > MOST_WORDS:
        raise Invalid(fields={"words": _("At most %(n)s words in a group.", n=MOST_WORDS)})
    if too_long := next((word for word in group.words if len(word) > LONGEST_WORD), None):
        raise Invalid(fields={"words": _("“%(word)s…” is too long for a word.", word=too_long[:12])})
    return group


def _locked(group_id: int) -> WordGroup:
    group = db.session.scalar(
        select(WordGroup)
        .where(WordGroup.id == group_id)
        .with_for_update(of=WordGroup)
        .execution_options(populate_existing=True)
    )
    if group is None:
        raise NotFound(_("There is no such group of words."))
    return group


def _changed(person: Person, group: WordGroup) -> WordGroup:
    group.changed_at, group.changed_by_id = clock.now(), person.id
    db.session.add(group)
    db.session.flush()
    facts = {"words": list(group.words), "leads": group.leads, "active": group.active}
    audit.record(verbs.WORDING, person, ("knowledge_words", group.id), facts)
    after_commit(wording_changed.send, group.id)
    return group
