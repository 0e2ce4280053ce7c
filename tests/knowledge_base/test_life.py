"""From draft to published and out again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, Invalid, NotPermitted, Refused
from config.extensions import db
from config.transaction import transaction
from knowledge_base import queries
from knowledge_base.models import KnowledgeVersion
from knowledge_base.services import (
    approve_item,
    discard_draft,
    draft_item,
    edit_item,
    retire_item,
    return_item,
    revise_item,
    submit_item,
    withdraw_item,
    working_version,
)
from knowledge_base.signals import knowledge_published, knowledge_retired
from knowledge_base.words import ItemState
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text


def states(item) -> list[str]:
    return [v.state.value for v in reversed(queries.versions_of(item))]


def test_a_draft_is_reviewed_by_somebody_else_and_published(app):
    editor, approver = make_editor(), make_approver()
    item = draft_item(editor, some_text("住房公积金提取"), make_department())
    submit_item(editor, item)
    approve_item(approver, item)
    version = queries.version_for(approver, item)
    assert version.state is ItemState.PUBLISHED
    assert (version.written_by_id, version.approved_by_id) == (editor.id, approver.id)
    assert [p.ordinal for p in queries.passages_of(version)] == [1]
    assert [e.action for e in queries.history_of(item)] == ["approve", "submit", "draft"]


def test_every_deed_is_in_the_audit_trail(app):
    item = make_item(state=ItemState.RETIRED)
    verbs = db.session.scalars(
        select(AuditEntry.verb)
        .where(AuditEntry.subject_type == "knowledge", AuditEntry.subject_id == str(item.id))
        .order_by(AuditEntry.id)
    )
    assert list(verbs) == ["knowledge:draft", "knowledge:submit", "knowledge:approve", "knowledge:retire"]


def test_nobody_publishes_a_text_they_worked_on(app):
    both = make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    item = draft_item(make_editor(), some_text(), make_department())
    edit_item(both, item, some_text("改过一个字"))
    submit_item(make_editor(), item)
    with pytest.raises(Refused) as refused:
        approve_item(both, item)
    assert refused.value.detail["condition"] == "four_eyes"
    assert states(item) == ["in_review"]


def test_the_database_itself_keeps_four_eyes(app):
    item = make_item(state=ItemState.IN_REVIEW)
    version = working_version(item)
    with pytest.raises(IntegrityError, match="four_eyes"), db.session.begin_nested():
        db.session.execute(
            text(
                "UPDATE knowledge_version SET state = 'published', approved_by_id = written_by_id,"
                " published_at = now(), review_due_on = current_date WHERE id = :id"
            ),
            {"id": version.id},
        )


def test_the_database_refuses_a_second_version_in_force(app):
    item, approver = make_item(), make_approver()
    who = approver.id
    revise_item(make_editor(), item)
    with pytest.raises(IntegrityError, match="in_force"), db.session.begin_nested():
        db.session.execute(
            text(
                "UPDATE knowledge_version SET state = 'published', approved_by_id = :who,"
                " published_at = now(), review_due_on = current_date WHERE item_id = :item AND state = 'draft'"
            ),
            {"who": who, "item": item.id},
        )


def test_what_is_published_stays_in_force_while_it_is_revised(app):
    item = make_item("老办法")
    editor = make_editor()
    revise_item(editor, item)
    edit_item(editor, item, some_text("新办法"))
    reader = make_person(roles=(Role.AGENT,))
    assert queries.version_for(reader, item).title == "老办法"
    submit_item(editor, item)
    approve_item(make_approver(), item)
    assert queries.version_for(reader, item).title == "新办法"
    assert states(item) == ["retired", "published"]


def test_a_second_revision_at_the_same_time_is_refused(app):
    item = make_item()
    revise_item(make_editor(), item)
    with pytest.raises(Refused) as refused:
        revise_item(make_editor(), item)
    assert refused.value.detail["condition"] == "nothing_in_work"


def test_a_second_approver_is_told_who_was_first(app):
    item = make_item(state=ItemState.IN_REVIEW)
    first = make_approver(name="李审核")
    approve_item(first, item)
    with pytest.raises(Conflict) as late:
        approve_item(make_approver(), item)
    assert late.value.detail["by"] == "李审核"


def test_an_editor_is_told_that_the_text_changed_under_them(app):
    item = make_item(state=ItemState.DRAFT)
    before = working_version(item).edit_no
    edit_item(make_editor(name="王采编"), item, some_text("先改的"))
    with pytest.raises(Conflict) as late:
        edit_item(make_editor(), item, some_text("后改的"), edit_no=before)
    assert late.value.detail["by"] == "王采编"
    assert working_version(item).title == "先改的"


def test_sending_back_needs_a_reason_and_keeps_it(app):
    item = make_item(state=ItemState.IN_REVIEW)
    with pytest.raises(Invalid) as invalid:
        return_item(make_approver(), item, "")
    assert "reason" in invalid.value.fields
    return_item(make_approver(), item, "缺少依据文号")
    assert states(item) == ["draft"]
    assert queries.history_of(item)[0].reason == "缺少依据文号"


def test_a_writer_may_take_back_what_waits_for_review(app):
    editor = make_editor()
    item = make_item(state=ItemState.IN_REVIEW, editor=editor)
    withdraw_item(editor, item)
    assert states(item) == ["draft"]


def test_what_was_retired_can_be_revised_and_come_back(app):
    item = make_item(state=ItemState.RETIRED)
    editor = make_editor()
    revise_item(editor, item)
    submit_item(editor, item)
    approve_item(make_approver(), item)
    assert states(item) == ["retired", "published"]


def test_a_discarded_draft_leaves_the_published_text_alone(app):
    item = make_item("留下的")
    editor = make_editor()
    revise_item(editor, item)
    discard_draft(editor, item)
    assert states(item) == ["published", "retired"]
    assert queries.version_for(editor, item).title == "留下的"


def test_an_item_says_what_and_from_when(app):
    with pytest.raises(Invalid) as invalid:
        draft_item(
            make_editor(),
            some_text(
                "  ", "\x00 ", effective_on=date(2026, 5, 1), expires_on=date(2026, 4, 1), tags=("长" * 41,)
            ),
            make_department(),
        )
    assert set(invalid.value.fields) >= {"body", "expires_on", "tags"}


def test_a_refused_deed_changes_nothing(app):
    item = make_item()
    with pytest.raises(NotPermitted):
        retire_item(make_editor(), item, "不想要了")
    assert states(item) == ["published"]
    assert len(queries.history_of(item)) == 3


def test_floors_above_hear_of_it_after_the_commit_only(app):
    heard = []

    def note(sender, **facts):
        heard.append(sender)

    knowledge_published.connect(note)
    knowledge_retired.connect(note)
    item = make_item(state=ItemState.IN_REVIEW)
    approver = make_approver()
    with transaction():
        approve_item(approver, item)
        assert heard == []
    assert heard == [item.id]
    retire_item(approver, item, "过时")
    assert heard == [item.id, item.id]


def test_numbers_of_items_are_never_given_twice(app):
    assert make_item().item_no != make_item().item_no
    assert db.session.scalar(select(KnowledgeVersion).limit(1)).item.item_no.startswith("K")


def test_writers_and_their_department_are_told_live_after_the_commit(app, monkeypatch):
    told = []
    monkeypatch.setattr("config.live._emit", lambda room, event, payload: told.append((room, event, payload)))
    editor, approver, bureau = make_editor(), make_approver(name="李审核"), make_department()
    item = make_item("停水通知", state=ItemState.DRAFT, editor=editor, department=bureau)
    submit_item(editor, item)
    assert told == [(f"person:{approver.id}", "worklist", {"desk": "knowledge", "delta": 1})]
    told.clear()
    with transaction():
        approve_item(approver, item)
        assert told == []
    facts = {"item_no": item.item_no, "title": "停水通知", "version": 1, "by": "李审核"}
    assert {room for room, event, _payload in told if event == "knowledge:published"} == {
        f"department:{bureau.id}",
        f"person:{editor.id}",
    }
    assert [payload for _room, event, payload in told if event == "knowledge:published"] == [facts, facts]
