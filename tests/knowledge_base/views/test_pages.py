"""The pages, as people use them."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from accounts.roles import Role
from accounts.services.sessions import open_session
from config import clock
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import KnowledgeCorrection, KnowledgeItem, KnowledgeRating, KnowledgeUse, SearchLog
from knowledge_base.search import current_follower
from knowledge_base.services import revise_item, send_correction, working_version
from knowledge_base.words import Doubt, ItemKind, ItemState, UseKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import SOME_BODY, make_approver, make_editor, make_item


@pytest.fixture
def agent(app):
    return make_person(roles=(Role.AGENT,))


@pytest.fixture(autouse=True)
def _look_at_once(app):
    current_follower().look_now()


FORM = {
    "title": "犬只登记",
    "kind": "guide",
    "audience": "everyone",
    "body": "带上犬只免疫证明到派出所登记。",
    "effective_on": "2026-01-01",
    "synonyms": "养狗办证\n狗证",
    "tags": "养犬，登记",
}


def test_an_agent_finds_an_answer_with_its_words_marked(sign_in, agent):
    item = make_item("公租房申请指南")
    page = sign_in(agent).get("/knowledge?q=怎么申请公共租赁住房").text
    assert "<mark>申请公共租赁住房</mark>" in page
    assert f"/knowledge/{item.id}?q=" in page


def test_an_editor_is_told_what_an_import_was_not_certain_of_and_says_that_it_is_right(sign_in, agent):
    item = make_item("犬只管理办法")
    version = queries.version_for(make_editor(), item)
    version.doubts = [Doubt.TITLE_FROM_TEXT.value]
    db.session.commit()
    editor = sign_in(make_editor())
    said = "标题（根据正文拟定）"
    assert said in editor.get(f"/knowledge/{item.id}").text
    assert (
        editor.post(f"/knowledge/{item.id}/actions/confirm", data={"edit_no": version.edit_no}).status_code
        < 400
    )
    assert said not in editor.get(f"/knowledge/{item.id}").text


def test_without_a_question_what_was_published_last_is_shown(sign_in, agent):
    make_item("第一篇")
    make_item("第二篇", kind=ItemKind.NOTICE)
    client = sign_in(agent)
    assert client.get("/knowledge").text.index("第二篇") < client.get("/knowledge").text.index("第一篇")
    assert "第一篇" not in client.get("/knowledge?kind=notice").text


@pytest.mark.parametrize(
    "address",
    [
        "/knowledge?q=%00%ff&kind=rubbish&department=nowhere&cursor=xx",
        "/knowledge?cursor=%F0%9F%98%80",
        "/knowledge?q=" + "路" * 1500,
        "/knowledge/panel?q=%3Cscript%3E",
        "/knowledge/panel",
        "/knowledge/shelf?view=rubbish&cursor=1",
    ],
)
def test_rubbish_in_an_address_is_no_error(sign_in, address):
    make_item()
    assert sign_in(make_editor()).get(address).status_code == 200


def test_the_panel_answers_with_what_the_workbench_quotes(sign_in, agent):
    item = make_item("供暖费", "居民供暖费每平方米二十三元。", source="供热条例")
    page = sign_in(agent).get("/knowledge/panel?q=供暖费多少钱").text
    assert f'data-item-id="{item.id}"' in page
    assert 'data-answer="居民供暖费每平方米二十三元。"' in page
    assert 'data-source="供热条例"' in page
    assert "<html" not in page


def test_typing_letter_by_letter_is_one_search(sign_in, agent):
    make_item("供暖费")
    client = sign_in(agent)
    for q in ("供", "供暖", "供暖费"):
        client.get("/knowledge/panel", query_string={"q": q})
    client.get("/knowledge/panel", query_string={"q": "养狗"})
    logged = db.session.execute(select(SearchLog.query, SearchLog.hits).order_by(SearchLog.id)).all()
    assert [tuple(row) for row in logged] == [("供暖费", 1), ("养狗", 0)]


def test_quoting_an_answer_is_counted_on_the_item(sign_in, agent):
    item = make_item()
    client = sign_in(agent)
    body = {"kind": "inserted", "rank": 2, "subject": "intake:0042"}
    assert client.post(f"/knowledge/{item.id}/used", json=body).status_code == 204
    assert client.post(f"/knowledge/{item.id}/used", json={"kind": "sent"}).status_code == 204
    assert client.post(f"/knowledge/{item.id}/used", json=[1, "x"]).status_code == 204
    use = db.session.scalar(select(KnowledgeUse).order_by(KnowledgeUse.id).limit(1))
    assert (use.kind, use.rank, use.subject) == (UseKind.INSERTED, 2, "intake:0042")
    assert db.session.get(KnowledgeItem, item.id, populate_existing=True).used_count == 3


def test_opening_a_hit_is_noted_once_with_its_rank(sign_in, agent):
    item = make_item("供暖费")
    client = sign_in(agent)
    client.get("/knowledge?q=供暖费")
    search_id = db.session.scalar(select(SearchLog.id))
    for _again in range(2):
        client.get(f"/knowledge/{item.id}?search={search_id}&rank=1")
    client.get(f"/knowledge/{item.id}?search={10**30}&rank={10**30}")
    opened = db.session.scalars(select(KnowledgeUse.rank).where(KnowledgeUse.search_id == search_id)).all()
    assert opened == [1]


def test_a_page_says_when_a_text_must_not_be_answered_from(sign_in, agent, clock):
    item = make_item(effective_on=date(2026, 1, 1), expires_on=date(2026, 11, 23))
    client = sign_in(agent)
    warning = "Do not answer from it"
    with client.session_transaction() as kept:
        kept["language"] = "en"
    assert warning not in client.get(f"/knowledge/{item.id}").text
    clock.advance(hours=20)
    with client.session_transaction() as kept:
        kept.update(open_session(agent), language="en")
    assert warning in client.get(f"/knowledge/{item.id}").text


def test_an_agent_sees_old_versions_but_no_drafts(sign_in, agent):
    item, editor = make_item("旧办法"), make_editor()
    revise_item(editor, item)
    client = sign_in(agent)
    assert client.get(f"/knowledge/{item.id}?version=1").status_code == 200
    assert client.get(f"/knowledge/{item.id}?version=2").status_code == 404
    assert sign_in(editor).get(f"/knowledge/{item.id}?version=2").status_code == 200
    draft = make_item(state=ItemState.DRAFT)
    assert client.get(f"/knowledge/{draft.id}").status_code == 404


def test_from_empty_editor_to_published(app, sign_in):
    editor, approver, shelf = make_editor(), make_approver(), make_department("公安局")
    client = sign_in(editor)
    assert client.get("/knowledge/new").status_code == 200
    files = {"attachments": (io.BytesIO(b"%PDF-1.7 form"), "登记表.pdf")}
    sent = client.post("/knowledge/new", data={**FORM, **files, "department": shelf.code, "then": "submit"})
    item = db.session.scalar(select(KnowledgeItem).order_by(KnowledgeItem.id.desc()).limit(1))
    assert sent.status_code == 302
    version = working_version(item)
    assert (version.state, version.tags, version.synonyms) == (
        ItemState.IN_REVIEW,
        ["养犬", "登记"],
        ["养狗办证", "狗证"],
    )
    assert [a.file.filename for a in queries.attachments_of(version)] == ["登记表.pdf"]
    desk = sign_in(approver)
    assert "犬只登记" in desk.get("/knowledge/review").text
    done = desk.post(f"/knowledge/{item.id}/actions/approve", data={"edit_no": version.edit_no})
    assert done.headers["Location"].endswith("/knowledge/review")
    assert "犬只登记" in desk.get("/knowledge?q=狗证").text


def test_what_was_typed_comes_back_with_what_is_wrong(sign_in):
    shelf = make_department()
    typed = {**FORM, "department": shelf.code, "expires_on": "2025-01-01", "tags": "长" * 41}
    answer = sign_in(make_editor()).post("/knowledge/new", data=typed)
    assert answer.status_code == 422
    assert "养狗办证" in answer.text
    assert db.session.scalar(select(KnowledgeItem)) is None


def test_an_editor_who_was_overtaken_keeps_their_words(sign_in):
    editor = make_editor()
    item = make_item(state=ItemState.DRAFT, editor=editor)
    seen = working_version(item).edit_no
    typed = {**FORM, "department": item.department.code, "edit_no": seen}
    assert (
        sign_in(editor).post(f"/knowledge/{item.id}/edit", data={**typed, "title": "先"}).status_code == 302
    )
    late = sign_in(make_editor()).post(f"/knowledge/{item.id}/edit", data={**typed, "title": "后来写的"})
    assert late.status_code == 422
    assert "后来写的" in late.text
    assert working_version(item).title == "先"


def test_a_file_of_a_wrong_type_is_refused_by_name_and_costs_nothing_else(sign_in):
    shelf = make_department()
    files = {"attachments": (io.BytesIO(b"MZ"), "病毒.exe")}
    client = sign_in(make_editor())
    client.post("/knowledge/new", data={**FORM, **files, "department": shelf.code})
    item = db.session.scalar(select(KnowledgeItem))
    assert queries.attachments_of(working_version(item)) == []
    assert "病毒.exe" in client.get(f"/knowledge/{item.id}").text


def test_an_approver_is_led_to_the_next_that_waits(sign_in):
    first, second = make_item(state=ItemState.IN_REVIEW), make_item(state=ItemState.IN_REVIEW)
    desk = sign_in(make_approver())
    done = desk.post(f"/knowledge/{first.id}/actions/return", data={"reason": "缺文号"})
    assert f"/knowledge/{second.id}" in done.headers["Location"]


def test_an_agent_cannot_approve_by_address(sign_in, agent):
    item = make_item(state=ItemState.IN_REVIEW)
    assert sign_in(agent).post(f"/knowledge/{item.id}/actions/approve").status_code == 403
    assert sign_in(agent).post(f"/knowledge/{item.id}/actions/explode").status_code == 404
    assert sign_in(agent).get("/knowledge/review").status_code == 403
    assert sign_in(agent).get("/knowledge/new").status_code == 403


def test_one_person_has_one_opinion(sign_in, agent):
    item = make_item()
    client = sign_in(agent)
    client.post(f"/knowledge/{item.id}/rating", data={"helpful": "1"})
    client.post(f"/knowledge/{item.id}/rating", data={"helpful": "0"})
    kept = db.session.get(KnowledgeItem, item.id, populate_existing=True)
    assert (kept.helpful_count, kept.unhelpful_count) == (0, 1)
    assert db.session.scalars(select(KnowledgeRating.helpful)).all() == [False]


def test_a_correction_reaches_the_shelf_and_is_answered(sign_in, agent):
    bureau = make_department()
    officer = make_person(roles=(Role.CASE_OFFICER,), department=bureau)
    item = make_item(department=bureau)
    sign_in(agent).post(f"/knowledge/{item.id}/corrections", data={"text": "电话已换号", "version": 1})
    correction = db.session.scalar(select(KnowledgeCorrection))
    assert "电话已换号" not in sign_in(agent).get(f"/knowledge/{item.id}").text
    assert (
        sign_in(agent).post(f"/knowledge/corrections/{correction.id}", data={"answer": "x"}).status_code
        == 403
    )
    own = sign_in(officer)
    assert "电话已换号" in own.get(f"/knowledge/{item.id}").text
    own.post(f"/knowledge/corrections/{correction.id}", data={"answer": "已更正"})
    again = own.post(f"/knowledge/corrections/{correction.id}", data={"answer": "又答"})
    assert again.status_code == 409
    assert db.session.get(KnowledgeCorrection, correction.id, populate_existing=True).answer == "已更正"


def test_the_shelf_shows_what_ends_soon(sign_in):
    make_item("快到期的", expires_on=clock.today() + timedelta(days=3))
    make_item("还早的")
    page = sign_in(make_editor()).get("/knowledge/shelf?view=due").text
    assert "快到期的" in page
    assert "还早的" not in page


def test_a_list_asks_the_database_as_often_for_many_rows_as_for_few(sign_in, count_queries):
    client = sign_in(make_editor())
    make_item()
    with count_queries() as few:
        client.get("/knowledge/shelf")
    for _n in range(8):
        make_item()
    with count_queries() as many:
        client.get("/knowledge/shelf")
    assert len(many) <= len(few)


def test_the_item_page_is_cheap(sign_in, agent, count_queries):
    item = make_item(body="\n".join(f"第{n}条　{SOME_BODY}" for n in "一二三四五六七八九"))
    client = sign_in(agent)
    client.get(f"/knowledge/{item.id}")
    with count_queries() as queries_made:
        client.get(f"/knowledge/{item.id}")
    assert len(queries_made) <= 14


def test_send_correction_needs_words(sign_in, agent):
    item = make_item()
    sign_in(agent).post(f"/knowledge/{item.id}/corrections", data={"text": "  "})
    assert db.session.scalar(select(KnowledgeCorrection)) is None
    assert send_correction(agent, queries.version_for(agent, item), "错字").version_number == 1


def test_a_session_that_ends_in_the_middle_loses_no_typing(sign_in):
    editor, shelf = make_editor(), make_department()
    typed = {**FORM, "department": shelf.code, "title": "写到一半\x00", "number": 7, "list": ["x"]}
    kept = sign_in(editor).put("/knowledge/typing/new", json={"data": typed, "version": 3})
    assert kept.json == {"version": 4}
    client = sign_in(editor)
    assert 'value="写到一半"' in client.get("/knowledge/new").text
    assert "写到一半" not in sign_in(make_editor()).get("/knowledge/new").text, "it is its writer's alone"
    client.post("/knowledge/new", data={**FORM, "department": shelf.code})
    assert "写到一半" not in client.get("/knowledge/new").text, "what was saved is not typed any more"


def test_typing_over_a_draft_can_be_thrown_away(sign_in):
    item = make_item("草稿原题", state=ItemState.DRAFT)
    client = sign_in(make_editor())
    client.put(f"/knowledge/typing/{item.id}", json={"data": {**FORM, "title": "改了的题"}})
    assert "改了的题" in client.get(f"/knowledge/{item.id}/edit").text
    assert client.post(f"/knowledge/typing/{item.id}/forget").headers["HX-Refresh"] == "true"
    page = client.get(f"/knowledge/{item.id}/edit").text
    assert "草稿原题" in page
    assert "改了的题" not in page


@pytest.mark.parametrize("body", [None, [], {"data": 1}, "x"])
def test_rubbish_instead_of_typing_is_refused(sign_in, body):
    assert sign_in(make_editor()).put("/knowledge/typing/new", json=body).status_code == 422
