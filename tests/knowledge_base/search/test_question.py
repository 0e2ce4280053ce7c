"""What a question is read as."""

from __future__ import annotations

from collections import Counter

import pytest

from knowledge_base.search.intent import intents_of
from knowledge_base.search.numbers import number_terms, read_number
from knowledge_base.search.question import asking_terms
from knowledge_base.search.text import fold, terms
from knowledge_base.search.thesaurus import Group, Thesaurus, base_groups


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第十二条", "第12条"),
        ("三千元", "3000元"),
        ("三千元", "3千块"),
        ("五万元", "50,000元"),
        ("百分之五十", "50%"),
        ("二十个工作日", "20工作日"),
        ("六十周岁", "60岁"),
        ("两年", "2年"),
    ],
)
def test_a_number_is_one_term_however_it_is_written(one, other):
    assert number_terms(fold(one)) == number_terms(fold(other)) != []


@pytest.mark.parametrize("text", ["统一", "万一", "一直", "十分"])
def test_what_counts_nothing_is_no_number(text):
    assert number_terms(text) == []


@pytest.mark.parametrize(
    ("written", "read"),
    [("一百零五", "105"), ("二〇二六", "2026"), ("十", "10"), ("1.5", "1.5"), ("三亿", "300000000")],
)
def test_numerals_are_read(written, read):
    assert read_number(written) == read


def test_traditional_characters_are_the_same_terms():
    assert terms("申請公共租賃住房應當提交收入證明") == terms("申请公共租赁住房应当提交收入证明")


def test_words_of_asking_are_left_out_and_kept_where_nothing_else_is_said():
    assert "怎么" not in asking_terms("公租房怎么申请")
    assert "公租" in asking_terms("公租房怎么申请")
    assert asking_terms("怎么办")


@pytest.mark.parametrize(
    ("question", "intent"),
    [
        ("办狗证多少钱", "money"),
        ("申请公租房要多久", "duration"),
        ("低保去哪里申请", "place"),
        ("油烟归哪个部门管", "body"),
        ("领结婚证要带什么", "materials"),
        ("偷电怎么处罚", "penalty"),
    ],
)
def test_a_question_says_what_kind_of_answer_it_wants(question, intent):
    assert intent in {one.name for one in intents_of(fold(question))}


def test_a_word_leads_to_the_others_of_its_group():
    words = Thesaurus([Group.read("低保 = 最低生活保障"), Group.read("老板, 用人单位")])
    assert words.meaning("低保怎么申请") == {"低保": ["最低生活保障"]}
    assert words.meaning("最低生活保障") == {"最低生活保障": ["低保"]}
    assert words.meaning("路灯坏了") == {}


def test_a_longer_word_is_looked_up_before_one_within_it():
    words = Thesaurus([Group.read("公司, 企业"), Group.read("快递公司, 经营快递业务的企业")])
    assert words.meaning("快递公司电话") == {"快递公司": ["经营快递业务的企业"]}


def test_words_before_the_sign_lead_to_those_after_it_and_not_back():
    words = Thesaurus([Group.read("狗咬人，被狗咬 > 饲养动物、致人损害")])
    assert words.meaning("被狗咬了") == {"被狗咬": ["饲养动物", "致人损害"]}
    assert words.meaning("饲养动物") == {}


def test_a_word_of_one_direction_may_stand_on_both_sides():
    words = Thesaurus([Group.read("离婚, 散伙 > 离婚, 离婚登记")])
    assert words.meaning("散伙") == {"散伙": ["离婚", "离婚登记"]}
    assert words.meaning("离婚") == {"离婚": ["离婚登记"]}


@pytest.mark.parametrize("asked", ["单位不给我交社保", "单位不给我们交社保", "单位不给交社保"])
def test_a_phrase_is_found_with_small_words_slipped_in(asked):
    words = Thesaurus([Group.read("不给交社保 > 未按时足额缴纳")])
    assert words.meaning(asked) == {"不给交社保": ["未按时足额缴纳"]}


def test_two_characters_brought_together_by_what_was_left_out_are_no_word():
    words = Thesaurus([Group.read("出书 > 出版")])
    assert words.meaning("写出的书") == {}


def test_of_a_name_only_pairs_of_its_own_are_looked_for():
    found = asking_terms("丢了市民之家卡怎么办", ["市民之家卡"])
    assert {term for term, weight in found.items() if weight > 1} == {"市民", "民之", "之家", "家卡"}
    assert "了市" not in found
    assert asking_terms("市民之家卡", ["市民之家卡"]).keys() == {"市民", "民之", "之家", "家卡"}


def test_a_single_word_is_looked_up_whole():
    words = Thesaurus([Group.read("告 > 起诉"), Group.read("广告")])
    assert words.meaning("广告") == {}
    assert words.meaning("告他") == {"告": ["起诉"]}


@pytest.mark.parametrize("written", ["低保 = 最低生活保障", "狗咬人, 被狗咬 > 饲养动物, 致人损害", "广告"])
def test_a_group_is_read_back_as_it_is_shown(written):
    assert str(Group.read(written)) == written


@pytest.mark.parametrize("written", ["> 饲养动物", "狗咬人 >", "狗 > 犬 > 动物", ">"])
def test_a_sign_without_words_on_both_sides_is_no_group(written):
    with pytest.raises(ValueError):
        Group.read(written)


def test_what_every_stock_begins_with_can_be_read():
    groups = base_groups()
    assert len(groups) > 1500
    assert all(group.words for group in groups)


def test_no_word_of_what_every_stock_begins_with_is_written_twice():
    """A word in two groups shares its weight among the words of both, which nobody sees who writes the second."""
    led = [word for group in base_groups() for word in group.words[: group.leads or len(group.words)]]
    assert sorted(word for word, n in Counter(led).items() if n > 1) == []


def test_a_word_of_what_every_stock_begins_with_is_long_enough_to_be_meant():
    """告 stands in 广告 and 报告: a single character leads nowhere good."""
    led = [word for group in base_groups() for word in group.words[: group.leads or len(group.words)]]
    assert [word for word in led if len(word) < 2] == []
