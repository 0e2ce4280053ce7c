"""One way through: every deed on an item is refused or done here, under the lock of its row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.transaction import transactional
from knowledge_base.models import KnowledgeEvent, KnowledgeItem, KnowledgeVersion
from knowledge_base.services import telling
from knowledge_base.verbs import BY_ACTION
from knowledge_base.words import WORKING_STATES, ItemState
from knowledge_base.workflow import NOTHING_IN_WORK, ItemAction, Transition, transition


@dataclass
class Deed:
    """What an effect works with: the locked item, the version acted on, who acts, and the data."""

    item: KnowledgeItem
    version: KnowledgeVersion
    row: Transition
    person: Person
    at: datetime
    data: dict[str, Any] = field(default_factory=dict)


Effect = Callable[[Deed], None]
_effects: dict[ItemAction, Effect] = {}


def effect(action: ItemAction) -> Callable[[Effect], Effect]:
    """Register what an action writes besides state and history."""

    def register(function: Effect) -> Effect:
        _effects[action] = function
        return function

    return register


@transactional
def perform(
    person: Person,
    item: KnowledgeItem,
    action: ItemAction,
    data: Mapping[str, Any] | None = None,
    edit_no: int | None = None,
    number: int | None = None,
) -> KnowledgeItem:
    """Do `action`. `edit_no` is that of the text the person saw, if what they do depends on it.

    `number` says which version is meant where several are alive: today's text is corrected while tomorrow's waits.

    Refused: the table or a rule says no. Conflict: somebody changed the text meanwhile. NotPermitted: this person
    may not. Invalid: data are missing. Nothing is changed by any of them.
    """
    locked = lock(item.id)
    act(person, locked, _acted_on(locked, transition(action), number), action, data, edit_no)
    return locked


def act(
    person: Person,
    item: KnowledgeItem,
    version: KnowledgeVersion,
    action: ItemAction,
    data: Mapping[str, Any] | None = None,
    edit_no: int | None = None,
) -> None:
    """`perform` on a version at hand, of an item that the caller has locked or has itself only just made."""
    row = transition(action)
    if version.state not in row.sources:
        raise _too_late(item, version, row)
    ensure(person, row.permission, item)
    if (condition := row.refusal(version, person)) is not None:
        raise Refused(condition.otherwise, condition=condition.name)
    if edit_no is not None and edit_no != version.edit_no:
        raise _changed_meanwhile(version)
    given = {name: value for name, value in (data or {}).items() if value not in (None, "")}
    if missing := [name for name in row.needs if name not in given]:
        raise Invalid(fields={name: _("This is needed.") for name in missing})
    _carry_out(Deed(item, version, row, person, clock.now(), given))


def lock(item_id: int) -> KnowledgeItem:
    """The item with its row locked, as it is now."""
    item = db.session.scalar(
        select(KnowledgeItem)
        .where(KnowledgeItem.id == item_id)
        .with_for_update(of=KnowledgeItem)
        .execution_options(populate_existing=True)
    )
    if item is None:
        raise NotFound(_("There is no such item."))
    return item


def remember(
    item: KnowledgeItem,
    version: KnowledgeVersion,
    action: str,
    person: Person,
    reason: str = "",
    import_id: int | None = None,
) -> None:
    """The row of history that belongs to a deed."""
    db.session.add(
        KnowledgeEvent(
            item=item,
            version_number=version.number,
            at=clock.now(),
            action=action,
            to_state=version.state,
            person_id=person.id,
            reason=reason[:500],
            import_id=import_id,
        )
    )


def _acted_on(item: KnowledgeItem, row: Transition, number: int | None) -> KnowledgeVersion:
    """The version of that `number`, else the newest, in a state where the action starts.

    Refused, naming who was first, if there is none.

    An old version is a record: what was retired long ago is not acted on while a newer one is in force.
    """
    versions = list(
        db.session.scalars(
            select(KnowledgeVersion)
            .where(KnowledgeVersion.item_id == item.id)
            .order_by(KnowledgeVersion.number.desc())
            .execution_options(populate_existing=True)
        )
    )
    alive = [v for v in versions if v.state is not ItemState.RETIRED] or versions[:1]
    fitting = [v for v in alive if v.state in row.sources and number in (None, v.number)]
    found = next(iter(fitting), None)
    if found is None:
        raise _too_late(item, alive[0], row)
    if NOTHING_IN_WORK in row.conditions:
        db.session.refresh(found, ["has_sibling_in_work"])
    return found


def _carry_out(deed: Deed) -> None:
    before = deed.version.state
    if write := _effects.get(deed.row.action):
        write(deed)
    version = deed.version
    version.state = deed.row.target_from(before)
    if version.state is ItemState.RETIRED and version.retired_at is None:
        version.retired_at = deed.at
    reason = str(deed.data.get("reason", ""))
    batch = deed.data.get("import_id")
    remember(deed.item, version, deed.row.action.value, deed.person, reason, batch)
    audit.record(
        BY_ACTION[deed.row.action],
        deed.person,
        ("knowledge", deed.item.id),
        {"item_no": deed.item.item_no, "version": version.number},
    )
    telling.tell(deed.item, version, deed.row.action, deed.person, one_of_many=batch is not None)


def _too_late(item: KnowledgeItem, version: KnowledgeVersion, row: Transition) -> Refused:
    last = db.session.scalar(
        select(KnowledgeEvent)
        .where(KnowledgeEvent.item_id == item.id)
        .order_by(KnowledgeEvent.id.desc())
        .limit(1)
    )
    if last is not None and last.action in {action.value for action in ItemAction}:
        return Conflict(
            _(
                "%(who)s was first: “%(what)s” at %(when)s. The item is now “%(state)s”.",
                who=last.person.name,
                what=ItemAction(last.action).label,
                when=clock.local(last.at).strftime("%H:%M:%S"),
                state=version.state.label,
            ),
            by=last.person.name,
            at=last.at.isoformat(),
            state=version.state.value,
        )
    return Refused(
        _(
            "“%(what)s” cannot be done while the item is “%(state)s”.",
            what=row.action.label,
            state=version.state.label,
        ),
        state=version.state.value,
    )


def _changed_meanwhile(version: KnowledgeVersion) -> Conflict:
    return Conflict(
        _(
            "%(who)s changed this text at %(when)s. Nothing of yours was saved: copy what you need, then load anew.",
            who=version.written_by.name,
            when=clock.local(version.written_at).strftime("%H:%M:%S"),
        ),
        by=version.written_by.name,
        at=version.written_at.isoformat(),
    )


def working_version(item: KnowledgeItem) -> KnowledgeVersion | None:
    """The version somebody is at work on, if any."""
    return db.session.scalar(
        select(KnowledgeVersion).where(
            KnowledgeVersion.item_id == item.id, KnowledgeVersion.state.in_(WORKING_STATES)
        )
    )
