"""Two people press a button of one item at the same moment: one of them did it, and the other is told who was first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from accounts.models import Person
from accounts.roles import Role
from config.errors import Conflict, HotlineError, Refused
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import KnowledgeEvent, KnowledgeItem
from knowledge_base.services import (
    approve_item,
    edit_item,
    return_item,
    revise_item,
    submit_item,
    withdraw_item,
    working_version,
)
from knowledge_base.words import ItemState
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text

Deed = Callable[[Person, KnowledgeItem], object]


def at_once(app, item: KnowledgeItem, *deeds: tuple[Person, Deed]) -> list[HotlineError | None]:
    """Each deed in a thread with a connection of its own; what each was told, None where it was done."""
    told: list[HotlineError | None] = [None] * len(deeds)
    broken: list[BaseException] = []
    start, item_id, people = Barrier(len(deeds)), item.id, [person.id for person, _deed in deeds]
    db.session.commit()

    def press(n: int) -> None:
        with app.app_context():
            try:
                person = db.session.get_one(Person, people[n])
                seen = db.session.get_one(KnowledgeItem, item_id)
                start.wait(20)
                deeds[n][1](person, seen)
            except HotlineError as refusal:
                told[n] = refusal
            except BaseException as error:
                broken.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=press, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return told


def deeds_on(item: KnowledgeItem) -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(KnowledgeEvent.action).where(KnowledgeEvent.item_id == item.id)))


def test_two_approvers_publish_once_and_the_second_is_told_who_was_first(committed):
    approvers = [make_approver(name="钱主任"), make_approver(name="孙主任")]
    names = [person.name for person in approvers]
    for _n in range(5):
        item = make_item(state=ItemState.IN_REVIEW)
        told = at_once(committed, item, *((person, approve_item) for person in approvers))
        first, second = sorted(range(2), key=lambda n: told[n] is not None)
        assert told[first] is None
        assert isinstance(told[second], Conflict)
        assert names[first] in told[second].message
        assert told[second].detail["by"] == names[first]
        version = queries.version_for(make_editor(), item)
        assert (version.state, version.approved_by.name) == (ItemState.PUBLISHED, names[first])
        assert len(queries.passages_of(version)) == 1
        assert deeds_on(item)["approve"] == 1


def test_a_writer_who_may_approve_is_refused_before_during_and_after_another_approves(committed):
    both = make_person(name="周采编", roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    other = make_approver(name="钱主任")
    for first in ("both", "other"):
        item = make_item(state=ItemState.DRAFT)
        edit_item(both, item, some_text("改过一个字"))
        submit_item(make_editor(), item)
        with pytest.raises(Refused) as refused:
            approve_item(both, item)
        assert refused.value.detail["condition"] == "four_eyes"
        pressed = [(both, approve_item), (other, approve_item)]
        told = at_once(committed, item, *(pressed if first == "both" else pressed[::-1]))
        by_both, by_other = told if first == "both" else told[::-1]
        assert by_other is None
        assert isinstance(by_both, Refused | Conflict)
        with pytest.raises(HotlineError):
            approve_item(both, item)
        assert queries.version_for(other, item).approved_by_id == other.id
        assert deeds_on(item)["approve"] == 1


@pytest.mark.parametrize("against", ["returned", "withdrawn"])
def test_what_is_sent_back_or_withdrawn_at_the_moment_of_approval_is_either_and_never_both(
    committed, against
):
    editor, approver, another = make_editor(), make_approver(), make_approver()
    for _n in range(3):
        item = make_item(state=ItemState.IN_REVIEW, editor=editor)
        back = (another, lambda p, i: return_item(p, i, "写错了"))
        if against == "withdrawn":
            back = (editor, withdraw_item)
        told = at_once(committed, item, (approver, approve_item), back)
        assert Counter(error is None for error in told) == {True: 1, False: 1}
        assert isinstance(next(error for error in told if error), Conflict)
        draft = working_version(item)
        assert (draft is None) == (told[0] is None)
        if draft is not None:
            assert (draft.state, queries.passages_of(draft)) == (ItemState.DRAFT, [])


def test_a_text_changed_while_it_was_being_read_is_not_approved_unread(committed):
    editor, approver = make_editor(), make_approver()
    item = make_item(state=ItemState.IN_REVIEW, editor=editor)
    seen = working_version(item).edit_no
    withdraw_item(editor, item)
    edit_item(editor, item, some_text("别的内容"))
    submit_item(editor, item)
    with pytest.raises(Conflict):
        approve_item(approver, item, seen)
    assert working_version(item).state is ItemState.IN_REVIEW


def test_two_editors_who_revise_at_once_make_one_draft(committed):
    item = make_item()
    told = at_once(committed, item, (make_editor(), revise_item), (make_editor(), revise_item))
    assert Counter(error is None for error in told) == {True: 1, False: 1}
    assert deeds_on(item)["revise"] == 1


def test_two_editors_who_save_at_once_keep_one_text_and_the_other_is_told_whose(committed):
    item = make_item(state=ItemState.DRAFT)
    seen = working_version(item).edit_no
    names = ["周采编", "吴采编"]
    saves = [
        (make_editor(name=name), lambda p, i, name=name: edit_item(p, i, some_text(f"{name}写的"), seen))
        for name in names
    ]
    told = at_once(committed, item, *saves)
    first, second = sorted(range(2), key=lambda n: told[n] is not None)
    assert told[first] is None
    assert isinstance(told[second], Conflict)
    assert names[first] in told[second].message
    db.session.rollback()
    assert working_version(item).title == f"{names[first]}写的"


def test_the_second_approver_reads_on_the_page_who_was_first(committed, sign_in):
    item = make_item(state=ItemState.IN_REVIEW)
    client = sign_in(make_approver(name="孙主任"))
    edit_no = working_version(item).edit_no
    approve_item(make_approver(name="钱主任"), item)
    answer = client.post(f"/knowledge/{item.id}/actions/approve", data={"edit_no": str(edit_no)})
    assert answer.status_code == 409
    assert "钱主任" in answer.text
