"""What departments hand in, and reports of errors: whose turn it is, until when, and what is counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from accounts.roles import Role
from config import clock as ours
from config.calendar import add_working_days
from config.errors import Conflict, Invalid, NotPermitted, Refused
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import KnowledgeCorrection
from knowledge_base.services import (
    accept_item,
    approve_item,
    confirm_item,
    draft_item,
    edit_item,
    hand_in_item,
    refuse_item,
    send_correction,
    settle_correction,
    submit_item,
    take_correction,
    withdraw_item,
    working_version,
)
from knowledge_base.services.reminding import remind_of_corrections, remind_of_reviews
from knowledge_base.words import CorrectionState, ItemState
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text


@pytest.fixture
def bureau(app):
    return make_department(name="水务局")


@pytest.fixture
def officer(bureau):
    return make_person(roles=(Role.CASE_OFFICER,), department=bureau)


def handed_in(officer, title=""):
    item = draft_item(officer, some_text(title))
    return hand_in_item(officer, item)


def test_a_department_hands_in_and_an_editor_passes_it_on(officer):
    item = handed_in(officer)
    assert working_version(item).state is ItemState.HANDED_IN
    accept_item(make_editor(), item)
    assert working_version(item).state is ItemState.IN_REVIEW
    approve_item(make_approver(), item)


def test_a_department_does_not_get_round_the_editors(officer):
    with pytest.raises(NotPermitted):
        submit_item(officer, draft_item(officer, some_text()))


def test_a_refused_submission_goes_back_with_a_reason(officer):
    item = handed_in(officer)
    with pytest.raises(Invalid):
        refuse_item(make_editor(), item, "")
    refuse_item(make_editor(), item, "没有依据文件")
    assert working_version(item).state is ItemState.DRAFT
    assert queries.history_of(item)[0].reason == "没有依据文件"


def test_what_is_with_the_editors_is_theirs_until_it_is_taken_back(officer):
    item = handed_in(officer)
    with pytest.raises(Refused) as refused:
        edit_item(officer, item, some_text())
    assert refused.value.detail["condition"] == "not_with_the_editors"
    edit_item(make_editor(), item, some_text("采编改过"))
    withdraw_item(officer, item)
    edit_item(officer, item, some_text("自己再改"))


def test_two_editors_decide_and_the_second_is_told_who_was_first(officer):
    item = handed_in(officer)
    accept_item(make_editor(name="周采编"), item)
    with pytest.raises(Conflict) as late:
        refuse_item(make_editor(), item, "不要")
    assert late.value.detail["by"] == "周采编"


def test_submissions_are_counted_for_the_department(officer, bureau):
    editor = make_editor()
    published = accept_item(editor, handed_in(officer))
    approve_item(make_approver(), published)
    refuse_item(editor, handed_in(officer), "重复")
    handed_in(officer)
    today = date.today()
    span = (today - timedelta(days=2), today + timedelta(days=2))
    counted = queries.assessments(editor, *span)
    assert [
        (c.department.name, c.handed_in, c.accepted, c.refused, c.published, c.waiting) for c in counted
    ] == [("水务局", 3, 1, 1, 1, 1)]
    other = make_person(roles=(Role.CASE_OFFICER,), department=make_department())
    assert queries.assessments(other, *span) == []
    assert len(queries.assessments(officer, *span)) == 1


def test_an_editors_own_item_is_no_submission(app):
    make_item()
    today = date.today()
    assert [c.published for c in queries.assessments(make_editor(), today, today) if c.published] == []


def test_a_report_has_an_owner_and_a_day_from_the_beginning(app, clock):
    editor = make_editor()
    item = make_item(editor=editor)
    report = send_correction(make_person(roles=(Role.AGENT,)), queries.version_for(editor, item), "电话错了")
    assert (report.owner_id, report.state) == (editor.id, CorrectionState.OPEN)
    assert report.due_on == ours.local(add_working_days(ours.now(), 3)).date()


def test_who_takes_a_report_answers_for_it(app):
    editor, other = make_editor(), make_editor()
    item = make_item(editor=editor)
    report = send_correction(editor, queries.version_for(editor, item), "电话错了")
    take_correction(other, report.id)
    assert (report.owner_id, report.state) == (other.id, CorrectionState.IN_HAND)
    settle_correction(other, report.id, "原文无误", corrected=False)
    assert report.state is CorrectionState.DECLINED
    with pytest.raises(Conflict):
        take_correction(editor, report.id)


def test_a_stranger_does_not_take_a_report(app, officer):
    item = make_item()
    report = send_correction(officer, queries.version_for(officer, item), "错")
    with pytest.raises(NotPermitted):
        take_correction(officer, report.id)


def test_late_reports_are_counted_for_their_owner_and_told_once_a_day(app, monkeypatch):
    told = []
    monkeypatch.setattr("config.live._emit", lambda room, event, payload: told.append((room, event)))
    editor = make_editor()
    item = make_item(editor=editor)
    report = send_correction(editor, queries.version_for(editor, item), "错")
    assert queries.corrections_late(editor) == 0
    db.session.get(KnowledgeCorrection, report.id).due_on = date(2020, 1, 1)
    db.session.flush()
    told.clear()
    assert queries.corrections_late(editor) == 1
    assert (remind_of_corrections(), remind_of_corrections()) == (1, 0)
    assert told == [(f"person:{editor.id}", "knowledge:correction_late")]


def test_what_is_due_to_be_read_again_is_told_once_and_confirmed(app):
    editor = make_editor()
    item = make_item(editor=editor)
    version = queries.version_for(editor, item)
    assert remind_of_reviews() == 0
    version.review_due_on = date.today() + timedelta(days=10)
    db.session.flush()
    assert (remind_of_reviews(), remind_of_reviews()) == (1, 0)
    confirm_item(editor, item)
    assert version.review_due_on > date.today() + timedelta(days=300)
    assert remind_of_reviews() == 0
    assert queries.history_of(item)[0].action == "confirm"
