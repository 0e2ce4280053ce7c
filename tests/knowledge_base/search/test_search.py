"""Searching what is really published."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from config import clock as city_clock
from config.extensions import db
from knowledge_base.search import Filters, current_follower, search
from knowledge_base.services import approve_item, edit_item, retire_item, revise_item, submit_item
from knowledge_base.words import ItemKind, ItemState
from tests.factories.accounts import make_department
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text


@pytest.fixture(autouse=True)
def _look_at_once(app):
    """A test does not wait for the second after which a process looks at the database again."""
    current_follower().look_now()


def titles(query: str, **more) -> list[str]:
    current_follower().look_now()
    return [hit.title for hit in search(query, **more)]


def test_a_published_item_is_found_with_its_answer_marked(app):
    item = make_item("公租房申请指南", source="住房保障办法", document_no="市政发〔2025〕8号")
    hit = search("怎么申请公共租赁住房")[0]
    assert (hit.item_id, hit.item_no, hit.kind) == (item.id, item.item_no, ItemKind.GUIDE)
    assert "<mark>申请公共租赁住房</mark>" in hit.snippet_html
    assert hit.source == "住房保障办法 市政发〔2025〕8号"
    assert "人均住房面积低于十五平方米" in hit.answer


def test_drafts_and_items_in_review_are_not_found(app):
    make_item("路灯报修", "路灯坏了怎么报修", state=ItemState.DRAFT)
    make_item("路灯报修", "路灯坏了怎么报修", state=ItemState.IN_REVIEW)
    assert titles("路灯坏了") == []


def test_a_retired_item_is_gone_at_once_even_for_an_index_that_does_not_know_yet(app):
    item = make_item("路灯报修", "路灯坏了怎么报修")
    assert titles("路灯坏了") == ["路灯报修"]
    retire_item(make_approver(), item, "过时")
    assert [hit.title for hit in search("路灯坏了")] == []  # nobody looked at the database's revision yet
    assert titles("路灯坏了") == []


def test_a_revision_replaces_what_is_found(app):
    item, editor = make_item("旧名", "供暖费每平方米二十三元"), make_editor()
    revise_item(editor, item)
    edit_item(editor, item, some_text("新名", "供暖费每平方米二十五元"))
    assert titles("供暖费多少钱") == ["旧名"]
    submit_item(editor, item)
    approve_item(make_approver(), item)
    assert titles("供暖费多少钱") == ["新名"]


def test_an_expired_item_is_never_found_as_valid(app, clock):
    make_item("补贴", "供暖补贴申请", effective_on=date(2026, 1, 1), expires_on=date(2026, 11, 23))
    assert titles("供暖补贴") == ["补贴"]
    clock.set(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))  # a minute before midnight in the city
    assert titles("供暖补贴") == ["补贴"]
    clock.advance(minutes=1)
    assert titles("供暖补贴") == []
    assert titles("供暖补贴", filters=Filters(on=date(2026, 6, 1))) == ["补贴"]


def test_words_of_citizens_lead_to_the_words_of_the_law(app):
    make_item("最低生活保障", "最低生活保障金按月发放", synonyms=("低保",))
    assert titles("低保什么时候发") == ["最低生活保障"]


def test_kind_and_department_narrow_the_hits(app):
    water, light = make_department("水务局"), make_department("城管局")
    make_item("停水公告", "今晚停水", kind=ItemKind.NOTICE, department=water)
    make_item("停水怎么办", "停水了打电话", kind=ItemKind.QA, department=light)
    today = Filters(on=city_clock.today())
    assert set(titles("停水")) == {"停水公告", "停水怎么办"}
    assert titles("停水", filters=Filters(on=today.on, kinds=frozenset({ItemKind.QA}))) == ["停水怎么办"]
    assert titles("停水", filters=Filters(on=today.on, departments=frozenset({water.id}))) == ["停水公告"]


def test_one_character_finds_words_that_begin_with_it(app):
    make_item("供水", "供水管道破裂抢修")
    assert titles("供") == ["供水"]


HOSTILE = [
    "",
    " ",
    "?",
    "。",
    "AND OR NOT",
    "title:路灯*",
    "(((",
    '"',
    "路" * 2000,
    "<b>路灯</b>",
    "\x00\ud800",
    "~",
    "a" * 2000,
]


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_no_question_is_an_error(app, query):
    make_item("路灯报修", "路灯坏了怎么报修")
    assert len(titles(query)) <= 1


@given(query=st.text(max_size=400))
def test_no_text_at_all_is_an_error(app, query):
    assert isinstance(search(query), list)


def test_a_search_asks_the_database_once(app, count_queries):
    for n in range(12):
        make_item(f"路灯{n}", "路灯坏了怎么报修")
    search("路灯")
    with count_queries() as queries:
        assert len(search("路灯坏了")) == 10
    assert len([query for query in queries if "passage" in query]) == 1
    assert len(queries) <= 3, (
        "beside it at most, once a second, whether the stock or the dictionary has changed"
    )


def versions_read() -> int:
    """Rows of the table that this transaction has read."""
    db.session.execute(text("SELECT pg_stat_clear_snapshot()"))
    counted = """SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables
                 WHERE relname = 'knowledge_version'"""
    return int(db.session.execute(text(counted)).scalar_one())


def test_a_database_that_has_not_looked_at_its_tables_yet_reads_only_what_was_found(app):
    department, editor, approver = make_department(), make_editor(), make_approver()
    for n in range(30):
        make_item(f"供暖公告{n}", "今晚供暖", department=department, editor=editor, approver=approver)
    make_item("路灯报修", "路灯坏了怎么报修", department=department, editor=editor, approver=approver)
    assert titles("路灯") == ["路灯报修"]
    # As for each question of a process, the first few times: with so few rows, reading all is cheap enough for a
    # plan that is to serve for any number of passages; and cheaper than by keys, once their number is known.
    db.session.execute(text("SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL enable_seqscan = off"))
    before = versions_read()
    assert [hit.title for hit in search("路灯")] == ["路灯报修"]
    assert versions_read() - before <= 2


def test_a_documents_number_leads_to_its_beginning(app):
    articles = "\n".join(f"第{n}条 第{n}类犬只由派出所登记，登记后发给犬牌。" for n in "一二三四")
    make_item("养犬办法", articles, document_no="云政办发〔2023〕7号")
    assert [hit.passage for hit in search("云政办发[2023]7号")] == [1]
