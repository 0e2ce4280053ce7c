"""Two texts side by side."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.comparing import Change, compare

OLD = "## 第一章 总则\n第一条 甲。\n第二条 收费五十元，三日内办结。\n第三条 丙。\n第四条 旧的规定到此为止。"
NEW = (
    "## 第一章 总则\n第一条 甲。\n第二条 收费二十元，三日内办结。\n第三条 丙。\n第五条 全新内容另行公布执行。"
)


def test_an_article_with_a_changed_word_is_shown_as_one_with_the_word_marked():
    line = next(line for line in compare(OLD, NEW) if line.change is Change.CHANGED)
    assert line.left == "第二条 收费<del>五</del>十元，三日内办结。"
    assert line.right == "第二条 收费<ins>二</ins>十元，三日内办结。"
    assert line.merged == "第二条 收费<del>五</del><ins>二</ins>十元，三日内办结。"


def test_what_came_and_went_stands_on_its_own_side():
    changes = [(line.change, bool(line.left), bool(line.right)) for line in compare(OLD, NEW)][-2:]
    assert changes == [(Change.REMOVED, True, False), (Change.ADDED, False, True)]


def test_what_did_not_change_is_counted():
    assert [line.skipped for line in compare(OLD, NEW)] == [2, 0, 1, 0, 0]


def test_markup_in_a_text_stays_text():
    assert "<script>" not in "".join(line.merged for line in compare("甲", "<script>"))


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=8), st.lists(st.sampled_from("甲乙丙丁"), max_size=8))
def test_nothing_of_either_text_is_lost(old, new):
    lines = compare("\n".join(old), "\n".join(new), changes_only=False)
    plain = [(str(line.left.striptags()), str(line.right.striptags())) for line in lines]
    assert [left for left, _right in plain if left] == old
    assert [right for _left, right in plain if right] == new
