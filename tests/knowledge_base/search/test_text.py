"""Terms, and marks in the raw text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from knowledge_base.search.highlight import find_spans, mark_all, snippet
from knowledge_base.search.text import fold, terms

LONG = "开头无关的话。" * 30 + "申请公共租赁住房应当提交收入证明。" + "结尾无关的话。" * 30


def test_full_width_and_capitals_are_the_same_terms():
    assert terms("ＡＰＰ登录１２３４５") == terms("app登录12345")


def test_punctuation_and_markup_are_no_terms():
    assert terms("？！，。《》 -- && <> () * \" ' \\ / \x00") == {}


@given(st.text(max_size=300))
def test_folding_keeps_every_place(text: str):
    assert len(fold(text)) == len(text)


def test_a_snippet_shows_where_the_answer_is():
    shown = snippet(LONG, terms("公共租赁住房收入证明"))
    assert "<mark>公共租赁住房</mark>应当提交<mark>收入证明</mark>" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_markup_in_a_text_is_shown_not_obeyed():
    assert mark_all("<script>路灯</script>", ["路灯"]) == Markup(
        "&lt;script&gt;<mark>路灯</mark>&lt;/script&gt;"
    )


@given(
    st.text(alphabet="路灯坏了<&>。ab ", max_size=200),
    st.lists(st.text(alphabet="路灯坏了<&ab", max_size=3), max_size=6),
)
def test_marking_changes_no_character(text: str, wanted: list[str]):
    assert mark_all(text, wanted).striptags() == Markup.escape(text).striptags()
    assert len(snippet(text, wanted).striptags()) <= len(text) + 2
    spans = find_spans(text, wanted)
    assert all(a < b for a, b in spans)
    assert all(before[1] < after[0] for before, after in pairwise(spans))
