"""Whatever stands in a search field is a question: an answer or an empty page, with either engine, never an error."""

from __future__ import annotations

from html import escape
from urllib.parse import quote, quote_from_bytes

import pytest

from accounts.roles import Role
from knowledge_base import search as finder
from knowledge_base.search import current_follower
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.follower import Follower
from knowledge_base.search.tantivy_engine import TantivyEngine
from knowledge_base.search.whoosh_engine import WhooshEngine
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_item

ONE_CHARACTER = ["路", "a", "7", "A", "。", "𠮷", "é", "\u0301", "\u200b", "👮‍♀️", "\ufffd", "\x7f", "\x00"]
LONG = [
    "路" * 2000,
    "a" * 2000,
    "路灯 " * 666,
    "路灯OR" * 500,
    '"' * 2000,
    "(" * 2000,
    "𠮷" * 2000,
    "1" * 2000,
]
PUNCTUATION = [
    "…",
    "？！",
    "，。、；：",
    "——",
    "《》",
    "'",
    "\\",
    "\\\\",
    "%",
    "_",
    "%%%",
    "''; --",
    "?*",
    "\t\r\n",
]
OPERATORS = [
    "AND",
    "OR NOT",
    "NOT",
    "路灯 AND",
    "AND 路灯",
    "NOT 路灯",
    "路灯 OR NOT OR 报修",
    "*",
    "路*",
    "*灯",
    "?灯",
    "路灯~",
    "路灯~9",
    '"路灯',
    '"路灯 坏"~2',
    '""',
    ":",
    "title:",
    ":路灯",
    "body:路灯",
    "nofield:路灯",
    "路灯^",
    "路灯^-1",
    "路灯^1e999",
    "[",
    "[* TO *]",
    "[a TO",
    "{a TO b}",
    "{",
    "]}",
    "(路灯",
    "路灯)",
    "+路灯 -报修",
    "&& || !",
    "/路.*/",
    "/(a+)+$/",
    "IN [1 2]",
    "passage_id:[0 TO 99]",
]
MARKUP = [
    "<i>路灯</i>",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "{% raw %}",
    "&lt;",
    "&#0;",
]
QUESTIONS = [*ONE_CHARACTER, *LONG, *PUNCTUATION, *OPERATORS, *MARKUP]
NO_TEXT = [
    b"\xed\xa0\x80",
    b"\xed\xb0\x80\xed\xa0\x80",
    b"\xed\xa0\xbd\xed\xb1\xae",
    b"\xff\xfe",
    b"\xe8\xb7",
    b"\xc0\x80",
    b"\xf4\x90\x80\x80",
]
"""Halves of surrogates, alone, the wrong way round and as a pair; half a character; bytes that are no UTF-8."""
ASKED = [*map(quote, QUESTIONS), *map(quote_from_bytes, NO_TEXT)]
PAGES = ["/knowledge", "/knowledge/panel", "/public/knowledge", "/knowledge/directory", "/knowledge/words"]
PUBLIC_HIT = '<li><a href="/public/knowledge/K'


@pytest.fixture(params=[WhooshEngine, TantivyEngine], ids=["whoosh", "tantivy"])
def engine(request, app, tmp_path, monkeypatch) -> None:
    """The app searches with this one."""
    one = Follower(tmp_path, request.param(), DatabaseFeed(), lambda work: work())
    monkeypatch.setitem(app.extensions, finder._KEY, lambda: one)
    make_item("路灯报修", "路灯坏了请报修，a 路 7 号。", public=True)
    current_follower().look_now()


@pytest.fixture
def client(engine, sign_in):
    return sign_in(make_person(roles=(Role.AGENT, Role.KB_EDITOR)))


@pytest.mark.parametrize("page", PAGES)
def test_every_question_has_an_answer_or_an_empty_page(client, page):
    for n, asked in enumerate(ASKED):
        there = {"REMOTE_ADDR": f"198.51.100.{n}"}  # one address may not ask so much at once
        answer = client.get(f"{page}?q={asked}&explain=1", environ_base=there)
        assert answer.status_code == 200, asked


def test_a_hit_is_opened_with_whatever_was_asked(sign_in):
    client, item = sign_in(make_person(roles=(Role.AGENT,))), make_item("路灯报修", "路灯坏了请报修。")
    for asked in ASKED:
        answer = client.get(f"/knowledge/{item.id}?q={asked}")
        assert answer.status_code == 200, asked
        assert "坏了请" in answer.text, asked


@pytest.mark.parametrize("page", PAGES)
def test_what_is_asked_is_shown_as_text(client, page):
    for q in MARKUP[:3]:
        shown = client.get(f"{page}?q={quote(q)}").text
        assert q not in shown
        if page != "/knowledge/panel":
            assert escape(q[:9]).replace("&quot;", "&#34;") in shown


def test_an_operator_is_a_word_like_any_other(client):
    for q in (
        "路灯",
        "路灯 AND",
        "NOT 路灯",
        "路灯~9",
        '"路灯',
        "(路灯",
        "路灯^-1",
        "<i>路灯</i>",
        "title:路灯*",
        "路灯 OR NOT OR 报修",
    ):
        assert "路灯报修" in client.get(f"/knowledge/panel?q={quote(q)}").text, q
        assert PUBLIC_HIT in client.get(f"/public/knowledge?q={quote(q)}").text, q


def test_halves_of_characters_are_asked_on_the_command_line_too(engine, app):
    for q in ("\ud800", "路灯\udfff", "\udfff\ud800", "\x00", "~" * 2000):
        done = app.test_cli_runner().invoke(args=["kb", "search", "--explain", "--", q])
        assert done.exit_code == 0, (q, done.output)
