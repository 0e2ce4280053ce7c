"""The table itself, and random walks through it: no path leads where the database would refuse."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from accounts.permissions import table
from accounts.roles import Role
from config.errors import HotlineError, Refused
from config.extensions import db
from knowledge_base import queries, verbs
from knowledge_base.choices import choices_for
from knowledge_base.services import edit_item, perform
from knowledge_base.words import WORKING_STATES, ItemState
from knowledge_base.workflow import TRANSITIONS, ItemAction, rows_from, transition
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_editor, make_item, some_text


@dataclass
class Facts:
    """What the table looks at, without a database."""

    state: ItemState = ItemState.DRAFT
    writer_ids: list[int] = field(default_factory=list)
    has_sibling_in_work: bool = False


@dataclass
class Somebody:
    id: int

    def has_role(self, *_roles) -> bool:
        return False


def test_every_action_has_one_row_a_permission_and_an_audit_verb(app):
    assert [row.action for row in TRANSITIONS] == list(dict.fromkeys(row.action for row in TRANSITIONS))
    assert {row.action for row in TRANSITIONS} == set(ItemAction) == set(verbs.BY_ACTION)
    assert {row.permission for row in TRANSITIONS} <= set(table())


def test_every_state_can_be_reached_and_left():
    assert {row.target for row in TRANSITIONS} >= set(ItemState) - {None}
    assert all(rows_from(state) for state in ItemState)


def test_a_writer_may_not_approve_and_is_told_why():
    row = transition(ItemAction.APPROVE)
    mine = Facts(ItemState.IN_REVIEW, writer_ids=[7])
    assert row.refusal(mine, Somebody(8)) is None
    assert row.refusal(mine, Somebody(7)).name == "four_eyes"


STEPS = st.lists(
    st.tuples(st.sampled_from(list(ItemAction)), st.integers(0, 3)),
    max_size=14,
)


@given(steps=STEPS)
def test_random_walks_stay_where_the_database_agrees(app, steps):
    """Whatever four people try: refused before writing, or done whole; and buttons promise what services keep."""
    roles = (Role.KB_EDITOR, Role.KB_APPROVER)
    people = [make_person(roles=roles) for _n in range(2)] + [make_person(roles=(Role.KB_EDITOR,))]
    people.append(make_person(roles=(Role.CASE_OFFICER,)))
    item = make_item(state=ItemState.DRAFT, editor=people[0])
    for action, who in steps:
        person = people[who]
        offered = {c.action: c.reason for c in choices_for(person, item, queries.versions_of(item))}
        before = _states(item)
        done = _tried(person, item, action)
        assert done or _states(item) == before
        assert done == (offered.get(action) == ""), f"{action}: offered as {offered.get(action)!r}"
        _check(item)


def _tried(person, item, action: ItemAction) -> bool:
    """Whether it was done; False: refused."""
    try:
        if action is ItemAction.EDIT:
            edit_item(person, item, some_text())
        else:
            perform(person, item, action, {"reason": "因为"})
    except HotlineError:
        return False
    return True


def _states(item) -> list[ItemState]:
    return [version.state for version in queries.versions_of(item)]


def _check(item) -> None:
    states = _states(item)
    assert states.count(ItemState.PUBLISHED) <= 1
    assert sum(state in WORKING_STATES for state in states) <= 1
    published = db.session.execute(
        text(
            "SELECT writer_ids, approved_by_id FROM knowledge_version WHERE item_id = :id AND published_at IS NOT NULL"
        ),
        {"id": item.id},
    )
    assert all(approver not in writers for writers, approver in published)


def test_a_refusal_of_the_table_is_no_crash_of_the_database(app):
    item = make_item(state=ItemState.RETIRED)
    for action in (ItemAction.SUBMIT, ItemAction.APPROVE, ItemAction.RETIRE, ItemAction.DISCARD):
        try:
            perform(make_editor(), item, action, {"reason": "因为"})
        except Refused:
            continue
        raise AssertionError(f"{action} was done on a retired item")
