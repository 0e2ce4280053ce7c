"""Who hears of a deed: the floors above by signal, people by their live rooms. All of it after the commit."""

from __future__ import annotations

from sqlalchemy import select

from accounts.models import Person, RoleGrant
from accounts.roles import Role
from config import live
from config.extensions import db
from config.transaction import after_commit
from knowledge_base.models import KnowledgeItem, KnowledgeVersion
from knowledge_base.signals import knowledge_published, knowledge_retired
from knowledge_base.workflow import ItemAction

_EVENTS = {
    ItemAction.APPROVE: "knowledge:published",
    ItemAction.RETURN: "knowledge:returned",
    ItemAction.REFUSE: "knowledge:refused",
    ItemAction.ACCEPT: "knowledge:accepted",
    ItemAction.RETIRE: "knowledge:retired",
}
_QUEUE = {
    ItemAction.SUBMIT: 1,
    ItemAction.ACCEPT: 1,
    ItemAction.WITHDRAW: -1,
    ItemAction.RETURN: -1,
    ItemAction.APPROVE: -1,
}
_SUBMISSIONS = {ItemAction.HAND_IN: 1, ItemAction.ACCEPT: -1, ItemAction.REFUSE: -1}


def tell(
    item: KnowledgeItem,
    version: KnowledgeVersion,
    action: ItemAction,
    person: Person,
    one_of_many: bool = False,
) -> None:
    """Tell of `action`, which `person` has just done. Of hundreds at once only the signals tell: nobody reads those."""
    if not one_of_many:
        _tell_people(item, version, action, person)
    if action is ItemAction.APPROVE:
        after_commit(knowledge_published.send, item.id, version_number=version.number)
    elif action is ItemAction.RETIRE:
        after_commit(knowledge_retired.send, item.id)


def _tell_people(item: KnowledgeItem, version: KnowledgeVersion, action: ItemAction, person: Person) -> None:
    facts = {"item_no": item.item_no, "title": version.title, "version": version.number, "by": person.name}
    if event := _EVENTS.get(action):
        live.tell(f"department:{item.department_id}", event, facts)
        for writer in set(version.writer_ids) - {person.id}:
            live.tell(f"person:{writer}", event, facts)
    if delta := _QUEUE.get(action):
        for approver in holders_of(Role.KB_APPROVER):
            live.tell(f"person:{approver}", "worklist", {"desk": "knowledge", "delta": delta})
    if delta := _SUBMISSIONS.get(action):
        for editor in holders_of(Role.KB_EDITOR):
            live.tell(f"person:{editor}", "worklist", {"desk": "submissions", "delta": delta})


def holders_of(role: Role) -> list[int]:
    """Whose queue it is: a handful of people, each with a room of their own."""
    grants = select(RoleGrant.person_id).join(Person, Person.id == RoleGrant.person_id)
    return list(db.session.scalars(grants.where(RoleGrant.role == role, Person.active).distinct()))
