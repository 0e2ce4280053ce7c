"""From files to items and back again."""

from __future__ import annotations

import io
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime
from threading import Barrier, Thread

import pytest
from sqlalchemy import select, text

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, HotlineError, Invalid, NoRoom, NotPermitted, Refused
from config.extensions import db, job_queue
from knowledge_base import jobs, queries
from knowledge_base.models import (
    ImportRow,
    KnowledgeAttachment,
    KnowledgeEvent,
    KnowledgeImport,
    KnowledgeItem,
)
from knowledge_base.services import (
    approve_item,
    confirm_item,
    edit_item,
    retire_item,
    revise_item,
    submit_item,
    working_version,
)
from knowledge_base.services.importing import (
    Given,
    accept_rows,
    ask_to_undo,
    begin_import,
    correct_row,
    decline_rows,
    entering,
)
from knowledge_base.services.importing.batches import in_hand
from knowledge_base.services.writing import text_of
from knowledge_base.words import (
    Doubt,
    ImportOrigin,
    ImportProblem,
    ImportState,
    ItemKind,
    ItemState,
    Proposal,
    RowState,
)
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text
from tests.knowledge_base.importing.files import LAW, archive, printed, word_document
from tests.support.disk import room_for

LATER = (
    LAW.replace("2019年3月28日", "2023年9月1日")
    .replace("2019年6月1日", "2024年1月1日")
    .replace("五十元", "二十元")
)


def make_publisher():
    return make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))


def bring(person, files: dict[str, str | bytes], *, publish=False) -> KnowledgeImport:
    """A batch, read."""
    given = [
        Given(name, io.BytesIO(data.encode() if isinstance(data, str) else data))
        for name, data in files.items()
    ]
    batch = begin_import(person, given, make_department(), origin=ImportOrigin.PAGE, publish=publish)
    jobs.read_import(batch.id)
    work(batch.id)
    return queries.import_batch(batch.id)


def work(batch_id: int) -> None:
    """What the queue would have done."""
    job_queue().empty()
    jobs.enter_import(batch_id)
    jobs.undo_import(batch_id)
    db.session.expire_all()


def rows_of(batch) -> list[ImportRow]:
    return list(
        db.session.scalars(
            select(ImportRow).where(ImportRow.import_id == batch.id).order_by(ImportRow.ordinal)
        )
    )


def states(batch) -> list[str]:
    return [row.state.value for row in rows_of(batch)]


def in_force(item, on=None) -> str:
    return queries.version_for(make_editor(), item, on=on).body


def test_files_become_proposals_and_nothing_enters_by_itself(app):
    batch = bring(
        make_editor(), {"条例.md": LAW, "通知.docx": word_document(["停水通知", "明日停水，请储水备用。"])}
    )
    assert batch.state is ImportState.READY
    assert states(batch) == ["ready", "ready"]
    assert rows_of(batch)[0].title == "云汀市养犬管理条例"
    assert db.session.scalar(select(KnowledgeItem.id)) is None


def test_what_an_editor_accepts_is_a_draft_with_its_source_beside_it(app):
    editor = make_editor()
    batch = bring(editor, {"条例.md": LAW})
    accept_rows(editor, batch.id)
    work(batch.id)
    row = rows_of(batch)[0]
    assert (row.state, queries.import_batch(batch.id).state) == (RowState.ENTERED, ImportState.DONE)
    draft = working_version(row.item)
    assert (draft.state, draft.title, draft.issued_on) == (
        ItemState.DRAFT,
        "云汀市养犬管理条例",
        date(2019, 3, 28),
    )
    kept = db.session.scalar(select(KnowledgeAttachment).where(KnowledgeAttachment.version_id == draft.id))
    assert kept.file.filename == "条例.md"


def test_every_bad_file_says_why_and_the_rest_goes_in(app):
    files = {
        "好.md": LAW,
        "空.txt": b"",
        "程序.txt": b"MZ" + b"\x00" * 99,
        "扫描.pdf": printed([[], []]),
        "旧.doc": b"\xd0\xcf\x11\xe0",
        "包.zip": archive({"好/二.md": LATER.encode("gb18030"), "../坏.txt": b"x", "空.txt": b""}),
        "坏.zip": b"PK\x03\x04 nothing",
    }
    batch = bring(make_editor(), files)
    problems = {row.name: row.problem for row in rows_of(batch)}
    assert problems == {
        "好.md": None,
        "空.txt": ImportProblem.EMPTY,
        "程序.txt": ImportProblem.DISGUISED,
        "扫描.pdf": ImportProblem.SCANNED,
        "旧.doc": ImportProblem.OLD_OFFICE,
        "坏.zip": ImportProblem.BROKEN,
        "包.zip › 好/二.md": None,
        "包.zip › ../坏.txt": ImportProblem.ESCAPING,
        "包.zip › 空.txt": ImportProblem.EMPTY,
    }
    assert (batch.total, batch.done) == (9, 9)


def test_a_row_tells_of_chapters_and_articles_where_there_are_any(app):
    short = "养犬办法\n第一条 犬只应当登记。\n第二条 登记不收费。"
    files = {"条例.md": LAW, "办法.txt": short, "通知.txt": "停水通知\n明日停水，请储水备用。"}
    law, measures, notice = rows_of(bring(make_editor(), files))
    assert law.detail.startswith("2 章 5 条")
    assert measures.detail.startswith("2 条，")
    assert re.fullmatch(r"\d+ 字", notice.detail)


def test_a_publishing_import_is_published_by_who_called_it(app):
    caller = make_publisher()
    batch = bring(caller, {"条例.md": LAW}, publish=True)
    version = queries.version_for(make_editor(), rows_of(batch)[0].item)
    assert (version.state, version.approved_by_id, version.writer_ids) == (ItemState.PUBLISHED, caller.id, [])
    assert len(queries.passages_of(version)) == 6
    mine = select(AuditEntry.verb).where(AuditEntry.person_id == caller.id)
    verbs = list(db.session.scalars(mine.order_by(AuditEntry.id)))
    assert verbs == ["knowledge:import", "knowledge:draft", "knowledge:submit", "knowledge:approve"]


UNTITLED = """第一条 为了加强犬只管理，保障公民健康，制定本办法。
第二条 犬只应当登记。犬只不得进入学校，犬只登记不收费。
"""


def brought_untitled(*, publish=True):
    """The version that a file without a title and a day became."""
    batch = bring(make_publisher(), {"扫描0012.txt": UNTITLED}, publish=publish)
    return queries.version_for(make_editor(), rows_of(batch)[0].item)


def test_what_was_read_without_certainty_is_published_and_said_to_be_doubtful(app):
    version = brought_untitled()
    assert (version.title, version.doubtful) == ("犬只管理办法", [Doubt.TITLE_FROM_TEXT, Doubt.EFFECTIVE_ON])


def test_a_doubt_ends_when_somebody_says_that_it_is_right(app):
    version = brought_untitled()
    confirm_item(make_editor(), version.item)
    assert version.doubts == []


def test_a_doubt_ends_when_its_field_is_corrected(app):
    editor = make_editor()
    batch = bring(editor, {"扫描0012.txt": UNTITLED})
    accept_rows(editor, batch.id)
    work(batch.id)
    item = rows_of(batch)[0].item
    draft = working_version(item)
    edit_item(editor, item, replace(text_of(draft), title="云汀市养犬办法"))
    assert draft.doubtful == [Doubt.EFFECTIVE_ON]
    submit_item(editor, item)
    approve_item(make_approver(), item)
    assert draft.doubts == [], "an approver read it"


def test_a_title_that_we_gave_takes_no_items_place_by_itself(app):
    held = make_item("犬只管理办法", "别处的规定。", effective_on=date(2020, 1, 1))
    batch = bring(make_publisher(), {"扫描0012.txt": UNTITLED}, publish=True)
    assert (rows_of(batch)[0].proposal, states(batch)) == (Proposal.VERSION, ["ready"])
    assert in_force(held) == "别处的规定。"


def test_an_editor_may_not_publish_by_importing(app):
    with pytest.raises(NotPermitted):
        bring(make_editor(), {"条例.md": LAW}, publish=True)


def test_who_corrected_the_words_does_not_publish_them(app):
    both = make_publisher()
    batch = bring(both, {"条例.md": LAW})
    row = rows_of(batch)[0]
    correct_row(both, row.id, some_text("更正的标题", row.body, kind=ItemKind.POLICY), row.edit_no)
    accept_rows(both, batch.id, publish=True)
    work(batch.id)
    assert working_version(rows_of(batch)[0].item).state is ItemState.IN_REVIEW


def test_two_texts_of_one_law_become_one_item_with_two_periods(app):
    batch = bring(make_publisher(), {"a(2019-03-28).md": LAW, "b(2023-09-01).md": LATER}, publish=True)
    first, second = rows_of(batch)
    assert (first.proposal, second.proposal) == (Proposal.NEW, Proposal.VERSION)
    assert first.item_id == second.item_id
    assert "二十元" in in_force(first.item)
    assert "五十元" in in_force(first.item, on=date(2023, 12, 31))


def test_the_same_file_again_is_known_and_not_entered_twice(app):
    caller = make_publisher()
    bring(caller, {"条例.md": LAW}, publish=True)
    again = bring(caller, {"换了名字.txt": LAW.replace("　", " "), "更.md": LAW}, publish=True)
    assert [row.proposal for row in rows_of(again)] == [Proposal.DUPLICATE, Proposal.DUPLICATE]
    assert states(again) == ["ready", "ready"]
    assert len(list(db.session.scalars(select(KnowledgeItem)))) == 1


def test_a_text_much_like_another_is_said_to_be(app):
    body = "\n".join(
        f"第{n}条 关于第{n}类事项，由所在街道在{n}个工作日内受理并答复申请人。" for n in range(1, 40)
    )
    bring(make_publisher(), {"甲.txt": f"东区便民服务办法\n{body}"}, publish=True)
    other = body.replace("第7类事项，由所在街道", "第7类事项，由区政务服务中心")
    batch = bring(make_editor(), {"乙.txt": f"西区便民服务办法\n{other}"})
    row = rows_of(batch)[0]
    assert row.proposal is Proposal.SIMILAR
    assert 0.8 < row.likeness < 1
    assert row.match.title == "东区便民服务办法"
    accept_rows(make_editor(), batch.id)
    assert states(batch) == ["ready"], "nearly the same: a person has to say that it is another"


def test_a_person_says_of_which_item_it_is_a_version(app):
    editor, item = make_editor(), make_item("养犬规定", effective_on=date(2010, 1, 1))
    batch = bring(editor, {"条例.md": LAW})
    row = rows_of(batch)[0]
    words = some_text(row.title, row.body, kind=ItemKind.POLICY, effective_on=row.effective_on)
    with pytest.raises(Invalid):
        correct_row(editor, row.id, words, row.edit_no, enter_as="K999999")
    correct_row(editor, row.id, words, row.edit_no, enter_as=item.item_no.lower())
    accept_rows(editor, batch.id)
    work(batch.id)
    assert rows_of(batch)[0].item_id == item.id


def test_a_row_changed_by_somebody_else_is_not_overwritten(app):
    batch = bring(make_editor(), {"条例.md": LAW})
    row = rows_of(batch)[0]
    seen = row.edit_no
    correct_row(make_editor(), row.id, some_text("先改的", row.body), seen)
    with pytest.raises(Conflict):
        correct_row(make_editor(), row.id, some_text("后改的", row.body), seen)
    assert rows_of(batch)[0].title == "先改的"


def test_a_version_whose_item_is_being_revised_waits_and_says_for_whom(app):
    bring(make_publisher(), {"旧.md": LAW}, publish=True)
    item = db.session.scalar(select(KnowledgeItem))
    revise_item(make_editor(name="周采编"), item)
    editor = make_editor()
    batch = bring(editor, {"新.md": LATER})
    accept_rows(editor, batch.id)
    work(batch.id)
    row = rows_of(batch)[0]
    assert row.state is RowState.READY
    assert "周采编" in row.detail
    assert queries.import_batch(batch.id).state is ImportState.READY


def test_what_is_declined_does_not_go_in(app):
    editor = make_editor()
    batch = bring(editor, {"条例.md": LAW})
    decline_rows(editor, batch.id)
    assert (states(batch), queries.import_batch(batch.id).state) == (["declined"], ImportState.DONE)


def test_an_undone_import_leaves_everything_as_it_was(app):
    caller = make_publisher()
    bring(caller, {"旧.md": LAW}, publish=True)
    item = db.session.scalar(select(KnowledgeItem))
    batch = bring(caller, {"新.md": LATER, "别的.txt": "停水须知\n明日停水。"}, publish=True)
    assert "二十元" in in_force(item)
    ask_to_undo(caller, batch.id)
    work(batch.id)
    assert (states(batch), queries.import_batch(batch.id).state) == (["undone", "undone"], ImportState.UNDONE)
    version = queries.version_for(make_editor(), item)
    assert ("五十元" in version.body, version.expires_on) == (True, None)
    with pytest.raises(Refused):
        ask_to_undo(caller, batch.id)


def test_undoing_gives_a_replaced_text_back(app):
    caller = make_publisher()
    bring(caller, {"旧.md": LAW}, publish=True)
    batch = bring(caller, {"更正.md": LAW.replace("五十元", "六十元")}, publish=True)
    item = rows_of(batch)[0].item
    assert "六十元" in in_force(item)
    ask_to_undo(caller, batch.id)
    work(batch.id)
    assert "五十元" in in_force(item)


def test_what_somebody_changed_since_is_kept_and_named(app):
    caller = make_publisher()
    batch = bring(caller, {"一.md": LAW, "二.txt": "停水须知\n明日停水。"}, publish=True)
    first = rows_of(batch)[0].item
    editor = make_editor(name="周采编")
    revise_item(editor, first)
    ask_to_undo(caller, batch.id)
    work(batch.id)
    kept, undone = rows_of(batch)
    assert (kept.state, undone.state) == (RowState.KEPT, RowState.UNDONE)
    assert "周采编" in kept.detail
    assert "五十元" in in_force(first)


def test_an_undone_import_can_be_brought_in_again(app):
    caller = make_publisher()
    batch = bring(caller, {"一.md": LAW}, publish=True)
    ask_to_undo(caller, batch.id)
    work(batch.id)
    again = bring(caller, {"一.md": LAW}, publish=True)
    assert states(again) == ["entered"]


def test_undoing_drafts_discards_them(app):
    editor = make_editor()
    batch = bring(editor, {"一.md": LAW})
    accept_rows(editor, batch.id)
    work(batch.id)
    ask_to_undo(editor, batch.id)
    work(batch.id)
    assert [v.state for v in queries.versions_of(rows_of(batch)[0].item)] == [ItemState.RETIRED]


def test_a_worker_that_died_is_followed_by_one_that_goes_on(app, clock):
    editor = make_editor()
    given = [Given(f"{n}.txt", io.BytesIO(f"第{n}号须知\n内容{n}。".encode())) for n in range(3)]
    batch = begin_import(editor, given, make_department(), origin=ImportOrigin.PAGE)
    clock.advance(minutes=1)
    jobs.resume_imports()
    assert [job.func_name for job in job_queue().jobs] == ["knowledge_base.jobs.read_import"]
    jobs.read_import(batch.id)
    assert states(batch) == ["ready"] * 3


def test_what_a_living_worker_has_in_hand_is_given_to_no_other(app, clock):
    given = [Given("一.md", io.BytesIO(LAW.encode()))]
    batch = begin_import(make_editor(), given, make_department(), origin=ImportOrigin.PAGE)
    clock.advance(minutes=1)
    with in_hand(batch.id, ImportState.READING) as mine:
        assert mine is batch
        jobs.resume_imports()
        assert job_queue().jobs == []
    jobs.resume_imports()
    assert len(job_queue().jobs) == 1


def test_two_workers_share_a_batch_and_enter_nothing_twice(committed):
    editor = make_editor()
    files = {f"{n}.txt": f"第{n}号须知\n内容是第{n}号，请在{n}日内办理。" for n in range(8)}
    batch = bring(editor, files)
    accept_rows(editor, batch.id)
    number, start, failed = batch.id, Barrier(2), []
    db.session.remove()

    def worker() -> None:
        with committed.app_context():
            try:
                start.wait(20)
                jobs.enter_import(number)
            except Exception as error:
                failed.append(error)
            finally:
                db.session.remove()

    threads = [Thread(target=worker) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert states(queries.import_batch(number)) == ["entered"] * 8
    assert len(list(db.session.scalars(select(KnowledgeItem)))) == 8
    assert queries.import_batch(number).state is ImportState.DONE


def test_of_many_texts_the_one_that_is_refused_says_why_and_the_others_go_in(app):
    caller = make_publisher()
    batch = bring(caller, {f"{n}.txt": f"第{n}号须知\n第{n}号窗口在{n}楼。" for n in range(4)})
    accept_rows(caller, batch.id, publish=True)
    rows_of(batch)[2].title = " "  # as no reader of files would leave it
    db.session.commit()
    work(batch.id)
    assert states(batch) == ["entered", "entered", "ready", "entered"]
    assert rows_of(batch)[2].detail
    assert len(list(db.session.scalars(select(KnowledgeItem)))) == 3
    deeds = db.session.scalars(select(KnowledgeEvent.action)).all()
    assert Counter(deeds) == {"draft": 3, "submit": 3, "approve": 3}


def test_a_text_and_its_next_version_come_in_together_and_keep_their_order(app):
    files = {f"{n}.txt": f"第{n}号须知\n第{n}号窗口在{n}楼。" for n in range(3)}
    batch = bring(make_publisher(), {"旧.md": LAW, **files, "新.md": LATER}, publish=True)
    old, new = rows_of(batch)[0], rows_of(batch)[4]
    assert (new.item_id, new.version_number, states(batch)) == (old.item_id, 2, ["entered"] * 5)


def test_nobody_decides_while_a_job_is_at_work(app):
    editor = make_editor()
    batch = begin_import(
        editor, [Given("一.md", io.BytesIO(LAW.encode()))], make_department(), origin=ImportOrigin.PAGE
    )
    for deed in (accept_rows, decline_rows):
        with pytest.raises(HotlineError):
            deed(editor, batch.id)


def test_an_import_without_files_is_none(app):
    with pytest.raises(Invalid):
        begin_import(make_editor(), [], make_department(), origin=ImportOrigin.PAGE)


def test_a_changed_draft_keeps_what_the_file_said_about_itself(app):
    editor = make_editor()
    batch = bring(editor, {"一.md": LAW})
    accept_rows(editor, batch.id)
    work(batch.id)
    item = rows_of(batch)[0].item
    draft = working_version(item)
    edit_item(editor, item, text_of(draft))
    assert (draft.issued_on, draft.issued_by, draft.writer_ids) == (
        date(2019, 3, 28),
        rows_of(batch)[0].issued_by,
        [editor.id],
    )


def test_a_retired_item_is_no_match(app):
    caller = make_publisher()
    batch = bring(caller, {"一.md": LAW}, publish=True)
    retire_item(make_approver(), rows_of(batch)[0].item, "废止")
    assert rows_of(bring(caller, {"一.md": LAW}))[0].proposal is Proposal.NEW


def test_an_archive_waits_for_room_on_the_disk(app):
    editor = make_editor()
    given = [Given("包.zip", io.BytesIO(archive({"一.md": LAW.encode()})))]
    batch = begin_import(editor, given, make_department(), origin=ImportOrigin.PAGE)
    with room_for(20), pytest.raises(NoRoom) as full:
        jobs.read_import(batch.id)
    db.session.expire_all()
    assert (states(batch), queries.import_batch(batch.id).state) == (["waiting"], ImportState.READING)
    assert queries.import_batch(batch.id).trouble == full.value.message
    jobs.read_import(batch.id)
    assert (states(batch), queries.import_batch(batch.id).trouble) == (["ready"], "")


def looked_at() -> datetime | None:
    """When somebody last had the database look at the passages."""
    with db.engine.engine.connect() as link:
        return link.scalar(
            text("SELECT last_analyze FROM pg_stat_user_tables WHERE relname = 'knowledge_passage'")
        )


def test_after_a_large_import_the_database_looks_at_what_it_brought(app, monkeypatch):
    before = looked_at()
    bring(make_publisher(), {"a.txt": LAW}, publish=True)
    assert looked_at() == before
    monkeypatch.setattr(entering, "MANY", 2)
    batch = bring(make_publisher(), {"b.txt": LAW.replace("养犬", "养猫"), "c.txt": LATER}, publish=True)
    assert states(batch) == ["entered", "entered"]
    assert looked_at() != before
