"""Favourites of a person, and scripts that editors and shift leads keep."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Invalid, NotFound
from config.extensions import db
from config.text import plain
from config.transaction import transactional
from knowledge_base import verbs
from knowledge_base.interfaces import script_places
from knowledge_base.models import Favourite, KnowledgeItem, Script

TITLE, BODY = 80, 1000


@transactional
def keep_favourite(person: Person, item: KnowledgeItem, kept: bool = True) -> bool:
    """Keep the item at hand, or no longer; twice is once."""
    ensure(person, "knowledge:read")
    if kept:
        row = insert(Favourite).values(person_id=person.id, item_id=item.id, at=clock.now())
        db.session.execute(row.on_conflict_do_nothing())
    else:
        mine = delete(Favourite).where(Favourite.person_id == person.id, Favourite.item_id == item.id)
        db.session.execute(mine)
    return kept


@transactional
def write_script(
    person: Person,
    title: str,
    body: str,
    *,
    category_code: str = "",
    queue_code: str = "",
    place: int = 100,
    script_id: int | None = None,
) -> Script:
    """Add a script, or change one. Invalid names every field that is wrong."""
    ensure(person, "knowledge:scripts")
    script = _locked(script_id) if script_id is not None else Script()
    script.title, script.body = " ".join(plain(title).split()), plain(body.replace("\r\n", "\n"))
    wrong = {}
    for name, most in (("title", TITLE), ("body", BODY)):
        if not getattr(script, name):
            wrong[name] = _("This is needed.")
        elif len(getattr(script, name)) > most:
            wrong[name] = _("At most %(n)s characters.", n=most)
    places = script_places()
    if category_code and category_code not in dict(places.categories):
        wrong["category_code"] = _("There is no such category.")
    if queue_code and queue_code not in dict(places.queues):
        wrong["queue_code"] = _("There is no such queue.")
    if wrong:
        raise Invalid(fields=wrong)
    script.category_code, script.queue_code = category_code, queue_code
    script.place, script.active = max(0, min(place, 9999)), True
    return _changed(person, script)


@transactional
def drop_script(person: Person, script_id: int) -> Script:
    """Take a script out of use."""
    ensure(person, "knowledge:scripts")
    script = _locked(script_id)
    script.active = False
    return _changed(person, script)


def _locked(script_id: int) -> Script:
    script = db.session.scalar(
        select(Script)
        .where(Script.id == script_id)
        .with_for_update(of=Script)
        .execution_options(populate_existing=True)
    )
    if script is None:
        raise NotFound(_("There is no such script."))
    return script


def _changed(person: Person, script: Script) -> Script:
    script.changed_at, script.changed_by_id = clock.now(), person.id
    db.session.add(script)
    db.session.flush()
    facts = {"title": script.title, "active": script.active}
    audit.record(verbs.SCRIPT, person, ("knowledge_script", script.id), facts)
    return script
