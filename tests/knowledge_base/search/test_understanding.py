"""Searching as citizens speak: other words, other writing, mistyped, and what people found before."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config import clock as city_clock
from knowledge_base.search import Filters, ask, current_follower, search
from knowledge_base.search.dictionary import current_thesaurus
from knowledge_base.services import (
    drop_words,
    rate_item,
    record_search,
    record_use,
    take_in_questions,
    write_words,
)
from knowledge_base.words import Audience, ItemKind, SearchOrigin, UseKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor, make_item


def titles(query: str, **more) -> list[str]:
    current_follower().look_now()
    return [hit.title for hit in search(query, **more)]


@pytest.fixture
def homes(app):
    """Two items, of which one answers."""
    make_item("公租房申请指南", "申请公共租赁住房，每平方米租金三千元以下的，应当在二十日内提交收入证明。")
    make_item("路灯报修", "路灯坏了请拨打热线报修。")
    current_follower().look_now()


@pytest.mark.parametrize(
    "query",
    [
        "申請公共租賃住房",
        "ｇｏｎｇｇｏｎｇ",
        "gonggongzulin",
        "租赁助房",
        "3000元以下的租金",
        "20日内交收入证明",
    ],
)
def test_however_it_is_written_it_is_found(homes, query):
    assert titles(query)[:1] == ["公租房申请指南"]


def test_a_mistyped_word_is_offered_as_it_was_meant(homes):
    assert ask("路登报修").suggestion == "路灯报修"
    assert ask("路灯报修").suggestion == ""


def test_a_word_editors_add_is_known_to_the_next_search(app):
    make_item("最低工资标准", "本市最低工资为每月二千六百元。")
    assert titles("搬砖钱") == []
    group = write_words(make_editor(), "搬砖钱 = 最低工资")
    assert titles("搬砖钱") == ["最低工资标准"]
    assert ask("搬砖钱").question.meaning == {"搬砖钱": ["最低工资"]}
    drop_words(make_editor(), group.id)
    assert titles("搬砖钱") == []


def test_a_name_of_the_citys_own_is_not_taken_apart(app):
    """Cut into 绿城, 通行 and 通行证 it is found first in what speaks of all three, and not of it."""
    make_item("绿道卡", "绿城通行证由园林局发放。")
    make_item("绿城建设", "绿城是通行的城市，通行证怎么办，丢了怎么补。")
    asked = "绿城通行证丢了怎么补"
    assert titles(asked) == ["绿城建设", "绿道卡"]
    write_words(make_editor(), "绿城通行证")
    assert titles(asked) == ["绿道卡", "绿城建设"]


def test_a_word_of_one_direction_is_led_to_and_leads_nowhere(app):
    make_item("最低工资标准", "本市最低工资为每月二千六百元。")
    make_item("搬砖", "搬砖钱的事。")
    write_words(make_editor(), "搬砖钱 > 最低工资")
    assert set(titles("搬砖钱")) == {"搬砖", "最低工资标准"}
    assert titles("最低工资") == ["最低工资标准"]


def test_a_typed_word_weighs_more_than_one_it_means(app):
    write_words(make_editor(), "补助 = 津贴贴")
    make_item("甲", "津贴贴的发放办法。")
    make_item("乙", "补助的发放办法。")
    assert titles("补助") == ["乙", "甲"]


def test_words_every_stock_begins_with_are_known(app):
    assert "最低生活保障" in current_thesaurus().meaning("低保")["低保"]


def test_a_question_answered_from_a_passage_finds_it_for_the_next_who_asks(app):
    person = make_person()
    item = make_item("犬只管理规定", "携带犬只出户的，应当束犬链，并为其佩戴标识。")
    assert titles("遛弯牵绳子吗") == []
    current_follower().look_now()
    search_id = record_search(person, "遛弯牵绳子吗", SearchOrigin.PANEL, 0)
    record_use(person, item, UseKind.INSERTED, search_id=search_id, rank=1, passage=1)
    assert take_in_questions() == 1
    assert titles("遛弯要不要牵绳子") == ["犬只管理规定"]
    assert take_in_questions() == 0, "nothing is taken in twice"
    assert ask("遛弯要不要牵绳子").hits[0].parts["asked"] > 0


def test_what_somebody_marked_as_helpful_is_remembered_with_their_own_question_only(app):
    person, other = make_person(roles=(Role.AGENT,)), make_person(roles=(Role.AGENT,))
    item = make_item("犬只管理规定", "携带犬只出户的，应当束犬链。")
    search_id = record_search(person, "遛弯牵绳子吗", SearchOrigin.PAGE, 1)
    rate_item(other, item, True, search_id=search_id, passage=1)
    rate_item(person, item, False, search_id=search_id, passage=1)
    assert take_in_questions() == 0
    rate_item(person, item, True, search_id=search_id, passage=1)
    assert take_in_questions() == 1
    assert titles("遛弯牵绳子") == ["犬只管理规定"]


def test_audience_and_region_narrow_and_are_counted(app):
    make_item("停水通知东", "东区今晚停水", region="东区", kind=ItemKind.NOTICE)
    make_item("停水通知西", "西区今晚停水", region="西区", audience=Audience.ENTERPRISES)
    current_follower().look_now()
    today = city_clock.today()
    assert ask("停水").facets["region"] == {"东区": 1, "西区": 1}
    assert ask("停水").facets["kind"] == {ItemKind.NOTICE: 1, ItemKind.GUIDE: 1}
    assert titles("停水", filters=Filters(today, regions=frozenset({"东区"}))) == ["停水通知东"]
    business = Filters(today, audiences=frozenset({Audience.ENTERPRISES}))
    assert titles("停水", filters=business) == ["停水通知西"]


def test_the_same_words_under_the_same_title_are_shown_once(app):
    for _n in range(2):
        make_item("停水通知", "今晚停水", department=make_department())
    assert titles("停水") == ["停水通知"]


def test_a_snippet_begins_where_the_answer_is(app):
    make_item("养犬", "先说别的。" * 60 + "办理犬只登记收费五十元。" + "再说别的。" * 60)
    current_follower().look_now()
    hit = search("狗证犬只登记多少钱")[0]
    assert "五十元" in hit.snippet_html
