"""The pages of collection tasks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import Role
from config import clock as clocks
from config.extensions import db
from knowledge_base.models import CollectionTask, KnowledgeItem
from knowledge_base.services import make_task
from knowledge_base.words import TaskState
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor


@pytest.fixture
def bureau(app, clock):
    return make_department(name="水务局")


@pytest.fixture
def task(bureau):
    return make_task(make_editor(), "停水找谁", bureau, clocks.today() + timedelta(days=3))


def test_an_editor_makes_a_task_of_a_search(sign_in, bureau):
    client = sign_in(make_editor())
    assert 'value="停水找谁"' in client.get("/knowledge/tasks/new?question=停水找谁").text
    sent = {
        "question": "停水找谁",
        "department": str(bureau.id),
        "due_on": str(clocks.today()),
        "note": "问的人多",
    }
    answer = client.post("/knowledge/tasks/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "水务局" in answer.text
    again = client.post("/knowledge/tasks/new", data=sent)
    assert again.status_code == 422
    assert "C0000" in again.text


def test_a_wrong_form_is_shown_again(sign_in, bureau):
    client = sign_in(make_editor())
    for sent in ({}, {"question": "停水", "department": "9999", "due_on": "2026-13-01"}):
        assert client.post("/knowledge/tasks/new", data=sent).status_code == 422


def test_the_department_sees_and_answers_it(sign_in, bureau, task):
    officer = make_person([Role.CASE_OFFICER], department=bureau)
    client = sign_in(officer)
    assert "停水找谁" in client.get("/knowledge/tasks").text
    assert client.get("/knowledge/tasks/new").status_code == 403
    assert 'value="停水找谁"' in client.get(f"/knowledge/new?task={task.id}").text
    sent = {
        "title": "停水找谁", "kind": "qa", "department": bureau.code, "body": "打水务热线。",
        "effective_on": str(clocks.today()), "audience": "everyone", "then": "save",
    }  # fmt: skip
    assert client.post(f"/knowledge/new?task={task.id}", data=sent).status_code == 302
    written = db.session.query(KnowledgeItem).one()
    assert db.session.get(CollectionTask, task.id).item_id == written.id
    assert written.item_no in client.get(f"/knowledge/tasks/{task.id}").text


def test_a_department_does_not_see_another_ones(sign_in, task):
    client = sign_in(make_person([Role.CASE_OFFICER], department=make_department()))
    assert "停水找谁" not in client.get("/knowledge/tasks?view=late").text
    assert client.get(f"/knowledge/tasks/{task.id}").status_code == 404
    assert client.get(f"/knowledge/new?task={task.id}").status_code == 404
    assert client.post(f"/knowledge/tasks/{task.id}/drop", data={"reason": "x"}).status_code == 403


def test_it_is_handed_on_dropped_and_then_only_read(sign_in, task, bureau):
    client, other = sign_in(make_editor()), make_department(name="住建局")
    sent = {"department": str(other.id), "owner": "", "due_on": str(task.due_on)}
    assert "住建局" in client.post(f"/knowledge/tasks/{task.id}/hand", data=sent, follow_redirects=True).text
    client.post(f"/knowledge/tasks/{task.id}/finish", data={"item_no": "K9"})
    assert task.state is TaskState.OPEN
    page = client.post(
        f"/knowledge/tasks/{task.id}/drop", data={"reason": "重复"}, follow_redirects=True
    ).text
    assert "重复" in page
    assert f"/knowledge/tasks/{task.id}/drop" not in page
    assert "停水找谁" in client.get("/knowledge/tasks?view=dropped").text


def test_managers_look_on(sign_in, task):
    client = sign_in(make_person([Role.MANAGER]))
    assert "停水找谁" in client.get("/knowledge/tasks?view=nonsense&cursor=%00").text
    assert f"/knowledge/tasks/{task.id}/drop" not in client.get(f"/knowledge/tasks/{task.id}").text
