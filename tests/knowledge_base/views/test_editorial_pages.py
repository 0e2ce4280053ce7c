"""Imports, submissions, corrections and comparisons, as people use them in the browser."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from sqlalchemy import select

from accounts.roles import Role
from config.extensions import db, job_queue
from knowledge_base import jobs, queries
from knowledge_base.models import ImportRow, KnowledgeCorrection, KnowledgeImport, KnowledgeItem
from knowledge_base.services import edit_item, revise_item, send_correction, working_version
from knowledge_base.words import CorrectionState, ImportState, ItemState, RowState
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor, make_item, some_text
from tests.knowledge_base.importing.files import LAW
from tests.knowledge_base.views.test_pages import FORM


def given(client, shelf, *files, **more):
    """What the page sends, and the job done."""
    sent = [(io.BytesIO(data), name) for name, data in files]
    answer = client.post("/knowledge/imports", data={"files": sent, "department": shelf.code, **more})
    assert answer.status_code == 302
    batch = db.session.scalar(select(KnowledgeImport).order_by(KnowledgeImport.id.desc()))
    return batch, answer.headers["Location"]


def work(batch):
    for job in (jobs.read_import, jobs.enter_import, jobs.undo_import):
        job(batch.id)
    db.session.expire_all()


def first_row(batch) -> ImportRow:
    return db.session.scalar(
        select(ImportRow).where(ImportRow.import_id == batch.id).order_by(ImportRow.ordinal)
    )


def test_files_are_given_looked_at_corrected_and_accepted(sign_in):
    client = sign_in(make_editor())
    batch, page = given(client, make_department(), ("条例.md", LAW.encode()), ("空.txt", b""))
    assert [job.func_name for job in job_queue().jobs] == ["knowledge_base.jobs.read_import"]
    assert "<progress" in client.get(page).text
    work(batch)
    assert "云汀市养犬管理条例" in client.get(page).text
    assert "文件是空的。" in client.get(f"{page}?view=unreadable").text
    row = first_row(batch)
    address = f"/knowledge/imports/{batch.id}/files/{row.id}"
    assert "第二章 登记" in client.get(address).text
    typed = {
        "title": "养犬条例（更正）",
        "kind": "policy",
        "effective_on": "2019-06-01",
        "enter_as": "new",
        "body": row.body,
        "edit_no": row.edit_no,
        "then": "accept",
    }
    assert client.post(address, data=typed).status_code == 302
    work(batch)
    assert working_version(first_row(batch).item).title == "养犬条例（更正）"


@pytest.mark.parametrize("deed", [None, "", "acept", "undo"])
def test_what_is_no_deed_accepts_nothing(sign_in, deed):
    client = sign_in(make_editor())
    batch, page = given(client, make_department(), ("条例.md", LAW.encode()))
    work(batch)
    assert client.post(f"{page}/decide", data={"deed": deed, "all": "1"}).status_code == 404
    assert first_row(batch).state is RowState.READY


def test_all_that_is_new_is_accepted_by_one_press_and_undone_by_another(sign_in):
    client = sign_in(make_editor())
    batch, page = given(client, make_department(), ("条例.md", LAW.encode()))
    work(batch)
    client.post(f"{page}/decide", data={"deed": "accept", "all": "1"})
    work(batch)
    assert first_row(batch).state is RowState.ENTERED
    client.post(f"{page}/undo")
    work(batch)
    assert queries.import_batch(batch.id).state is ImportState.UNDONE
    assert client.get(f"/knowledge/imports/{batch.id}/progress").headers["HX-Refresh"] == "true"


@pytest.mark.parametrize("deed", ["accept", "decline", "publish"])
def test_nothing_chosen_changes_nothing(sign_in, deed):
    client = sign_in(make_editor())
    batch, page = given(client, make_department(), ("条例.md", LAW.encode()))
    work(batch)
    assert client.post(f"{page}/decide", data={"deed": deed, "row": ["x", "-1"]}).status_code == 302
    assert first_row(batch).state is RowState.READY


def test_a_list_of_files_names_what_was_not_recognised(sign_in):
    client = sign_in(make_editor())
    untitled = "登记时应当出示犬只免疫证明。".encode()
    batch, page = given(client, make_department(), ("5-dogs.txt", untitled), ("条例.md", LAW.encode()))
    work(batch)
    assert client.get(page).text.count("请核对：") == 1
    assert "请核对：标题（取自文件名），生效日期" in client.get(page).text
    assert "标题（取自文件名），生效日期" in client.get(f"{page}/files/{first_row(batch).id}").text


def test_an_import_without_files_comes_back_with_the_form(sign_in):
    answer = sign_in(make_editor()).post("/knowledge/imports", data={"department": make_department().code})
    assert answer.status_code == 422
    assert "请至少选择一个文件。" in answer.text
    assert re.search(r'<input[^>]*\bname="files"[^>]*\brequired\b', answer.text), (
        "and says so before it is sent"
    )


def test_publishing_is_offered_to_approvers_only(sign_in):
    assert "导入并发布" not in sign_in(make_editor()).get("/knowledge/imports").text
    both = make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    assert "导入并发布" in sign_in(both).get("/knowledge/imports").text
    assert sign_in(make_person(roles=(Role.AGENT,))).get("/knowledge/imports").status_code == 403


def test_two_versions_stand_side_by_side_and_in_one(sign_in):
    item = make_item(body="第一条 收费五十元。\n第二条 甲。", effective_on=date(2020, 1, 1))
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text(body="第一条 收费二十元。\n第二条 甲。"))
    client = sign_in(make_editor())
    assert "收费<del>五</del>十元" in client.get(f"/knowledge/{item.id}/compare").text
    assert (
        "收费<del>五</del><ins>二</ins>十元" in client.get(f"/knowledge/{item.id}/compare?view=inline").text
    )
    agent = sign_in(make_person(roles=(Role.AGENT,)))
    assert "收费二十元" not in agent.get(f"/knowledge/{item.id}/compare?new=2&all=1").text


def test_an_item_is_shown_as_of_a_day(sign_in):
    item = make_item("今年起", effective_on=date(2026, 1, 1))
    client = sign_in(make_person(roles=(Role.AGENT,)))
    assert "该日没有有效文本" in client.get(f"/knowledge/{item.id}?on=2020-05-01").text
    assert client.get(f"/knowledge/{item.id}?on=rubbish").status_code == 200


def test_a_second_tab_sees_what_was_saved_and_loses_nothing(sign_in):
    shelf = make_department()
    item = make_item("原题", "收费五十元。", state=ItemState.DRAFT, department=shelf)
    seen = working_version(item).edit_no
    edit_item(make_editor(name="周采编"), item, some_text("周的题", "收费四十元。"))
    client = sign_in(make_editor())
    mine = {**FORM, "department": shelf.code, "title": "我的题", "body": "收费三十元。", "edit_no": str(seen)}
    late = client.post(f"/knowledge/{item.id}/edit", data=mine)
    assert late.status_code == 422
    assert "周采编" in late.text
    assert "收费<del>四</del>十元" in late.text
    assert 'value="我的题"' in late.text
    mine["edit_no"] = str(working_version(item).edit_no)
    assert client.post(f"/knowledge/{item.id}/edit", data=mine).status_code == 302
    assert working_version(item).title == "我的题"


def test_a_department_hands_in_and_the_editor_goes_from_one_to_the_next(sign_in):
    bureau = make_department()
    officer = make_person(roles=(Role.CASE_OFFICER,), department=bureau)
    theirs = sign_in(officer)
    for title in ("先报的", "后报的"):
        theirs.post(
            "/knowledge/new", data={**FORM, "title": title, "department": bureau.code, "then": "submit"}
        )
    first, second = db.session.scalars(select(KnowledgeItem).order_by(KnowledgeItem.id)).all()
    assert working_version(first).state is ItemState.HANDED_IN
    editor = sign_in(make_editor())
    page = editor.get("/knowledge/submissions").text
    assert page.index("先报的") < page.index("后报的")
    done = editor.post(f"/knowledge/{first.id}/actions/accept")
    assert f"/knowledge/{second.id}" in done.headers["Location"]
    assert "100 %" in editor.get("/knowledge/submissions").text
    for days in ("from=rubbish&to=2020-01-01", "from=0001-01-01", "to=9999-12-31"):
        assert theirs.get(f"/knowledge/submissions?{days}").status_code == 200


def test_reports_are_listed_taken_and_answered(sign_in):
    editor = make_editor()
    item = make_item(editor=editor)
    agent = make_person(roles=(Role.AGENT,))
    report = send_correction(agent, queries.version_for(agent, item), "电话已换号")
    client = sign_in(make_editor(name="周采编"))
    assert "电话已换号" in client.get("/knowledge/corrections").text
    client.post(f"/knowledge/corrections/{report.id}/take")
    assert "周采编" in client.get("/knowledge/corrections").text
    client.post(f"/knowledge/corrections/{report.id}", data={"answer": "号码无误", "corrected": "0"})
    kept = db.session.get(KnowledgeCorrection, report.id, populate_existing=True)
    assert kept.state is CorrectionState.DECLINED
    assert "号码无误" in client.get("/knowledge/corrections?view=answered").text
    assert "电话已换号" not in client.get("/knowledge/corrections").text


def test_an_import_page_asks_the_database_as_often_for_many_files_as_for_few(sign_in, count_queries):
    client, shelf = sign_in(make_editor()), make_department()
    batch, page = given(client, shelf, ("条例.md", LAW.encode()))
    work(batch)
    with count_queries() as few:
        client.get(page)
    many_files = [(f"{n}.txt", f"第{n}号须知\n内容是{n}。".encode()) for n in range(8)]
    batch, page = given(client, shelf, *many_files)
    work(batch)
    with count_queries() as many:
        client.get(page)
    assert len(many) <= len(few)
