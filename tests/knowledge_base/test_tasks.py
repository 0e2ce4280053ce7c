"""Collection tasks: a question without an answer becomes somebody's work, and ends when it is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import Role
from config import clock as clocks
from config.errors import Conflict, Invalid, NotPermitted
from config.extensions import db
from knowledge_base import queries
from knowledge_base.services import (
    approve_item,
    begin_answer,
    drop_task,
    finish_task,
    hand_task,
    make_task,
    record_search,
    submit_item,
)
from knowledge_base.services.reminding import remind_of_tasks
from knowledge_base.words import ItemState, SearchOrigin, TaskState
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item


@pytest.fixture
def bureau(app, clock):
    return make_department()


@pytest.fixture
def officer(bureau):
    return make_person([Role.CASE_OFFICER], department=bureau)


def in_days(days):
    return clocks.today() + timedelta(days=days)


def test_a_question_is_open_once_and_knows_how_often_it_was_asked(bureau):
    editor, agent = make_editor(), make_person([Role.AGENT])
    for words in ("电动车 上牌", "完全不同的事", "电动车 上牌"):
        record_search(agent, words, SearchOrigin.PAGE, 0)
    task = make_task(editor, " 电动车  上牌 ", bureau, in_days(3))
    assert (task.question, task.times, task.state) == ("电动车 上牌", 2, TaskState.OPEN)
    with pytest.raises(Conflict, match=task.task_no):
        make_task(editor, "电动车 上牌", bureau, in_days(9))
    drop_task(editor, task.id, "不归本市管")
    assert make_task(editor, "电动车 上牌", bureau, in_days(9)).id != task.id


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"question": "\u200b "}, "question"),
        ({"question": "长" * 201}, "question"),
        ({"due_on": -1}, "due_on"),
        ({"due_on": 400}, "due_on"),
        ({"note": "长" * 501}, "note"),
        ({"owner": True}, "owner"),
    ],
)
def test_a_wrong_task_names_its_field_and_is_not_kept(bureau, wrong, field):
    facts = {"question": "停水找谁", "due_on": 3, "note": "", "owner": None, **wrong}
    stranger = make_person([Role.CASE_OFFICER], department=make_department()) if facts["owner"] else None
    with pytest.raises(Invalid) as refusal:
        make_task(make_editor(), facts["question"], bureau, in_days(facts["due_on"]), stranger, facts["note"])
    assert set(refusal.value.fields) == {field}
    assert queries.count(queries.tasks(make_editor())) == 0


def test_only_editors_and_approvers_make_tasks(bureau, officer):
    with pytest.raises(NotPermitted):
        make_task(officer, "停水找谁", bureau, in_days(3))


def test_a_department_sees_its_own_and_shares_them_out_but_passes_none_on(bureau, officer):
    editor, other = make_editor(), make_department()
    task = make_task(editor, "停水找谁", bureau, in_days(3))
    theirs = make_task(editor, "停电找谁", other, in_days(3))
    assert list(db.session.scalars(queries.tasks(officer))) == [task]
    assert hand_task(officer, task.id, bureau, officer, task.due_on).owner is officer
    with pytest.raises(NotPermitted):
        hand_task(officer, task.id, other, None, task.due_on)
    with pytest.raises(NotPermitted):
        hand_task(officer, task.id, bureau, None, in_days(30))
    with pytest.raises(NotPermitted):
        drop_task(officer, theirs.id, "不想写")


def test_publishing_what_was_written_for_it_finishes_the_task(bureau):
    editor = make_editor()
    task = make_task(editor, "停水找谁", bureau, in_days(3))
    item = make_item("停水找谁", department=bureau, editor=editor, state=ItemState.DRAFT)
    begin_answer(editor, task.id, item)
    assert (task.state, task.owner_id) == (TaskState.OPEN, editor.id)
    approver = make_approver()
    submit_item(editor, item)
    approve_item(approver, item)
    assert (task.state, task.closed_by, task.item) == (TaskState.DONE, approver, item)


def test_a_published_item_answers_and_a_draft_does_not(bureau, officer):
    editor = make_editor()
    task = make_task(editor, "停水找谁", bureau, in_days(3))
    draft = make_item("草稿", state=ItemState.DRAFT)
    for number in (draft.item_no, "K999999", "", "\x00"):
        with pytest.raises(Invalid):
            finish_task(officer, task.id, number)
    item = make_item("停水公告")
    assert finish_task(officer, task.id, item.item_no.lower()).state is TaskState.DONE
    with pytest.raises(Conflict, match=officer.name):
        drop_task(editor, task.id, "重复")


def test_dropping_says_why(bureau):
    editor = make_editor()
    task = make_task(editor, "停水找谁", bureau, in_days(3))
    with pytest.raises(Invalid):
        drop_task(editor, task.id, "  ")
    assert drop_task(editor, task.id, "不归本市管").reason == "不归本市管"


def test_late_tasks_are_told_once_a_day_and_counted(bureau, officer, clock):
    task = make_task(make_editor(), "停水找谁", bureau, in_days(1), officer)
    assert (remind_of_tasks(), queries.tasks_late(officer)) == (0, 0)
    clock.advance(days=2)
    assert (remind_of_tasks(), remind_of_tasks(), queries.tasks_late(officer)) == (1, 0, 1)
    clock.advance(days=1)
    assert remind_of_tasks() == 1
    drop_task(officer, task.id, "不归本市管")
    assert queries.tasks_late(officer) == 0
