"""Title, number, dates and structure, as documents really write them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.importing import dates
from knowledge_base.importing.formats import Extract
from knowledge_base.importing.recognition import recognise
from knowledge_base.importing.structure import build, number_of
from knowledge_base.passages import cut
from knowledge_base.words import NATION, Doubt, ItemKind
from tests.knowledge_base.importing.files import LAW

NOTICE = """云汀市人民政府办公室文件
云政办发〔2024〕18号
云汀市人民政府办公室关于印发
《云汀市老年人助餐服务管理办法》的通知
各区人民政府，市政府各部门：
《云汀市老年人助餐服务管理办法》已经市政府同意，现印发给你们，请认真贯彻执行。
第一章
总 则
第一条
为规范老年人助餐服务，制定本办法。
第二条 本市户籍六十周岁以上老年人享受助餐补贴。
本办法自2024年7月1日起施行，有效期5年。
云汀市人民政府办公室
2024年6月3日
"""


def found(text: str, name: str = "文件.txt"):
    return recognise(name, Extract(text))


def test_a_local_law_is_recognised_whole():
    law = found(LAW, "养犬/云汀市养犬管理条例(2019-03-28).md")
    assert (law.title, law.kind) == ("云汀市养犬管理条例", ItemKind.POLICY)
    assert (law.issued_on, law.effective_on, law.expires_on) == (date(2019, 3, 28), date(2019, 6, 1), None)
    assert (law.chapters, law.articles, law.region, law.doubts) == (2, 5, "云汀市", [])
    assert [(p.heading, p.text[:3]) for p in cut(law.body)][1:4] == [
        ("第一章 总则", "第一条"),
        ("第一章 总则", "第二条"),
        ("第二章 登记", "第三条"),
    ]


def test_a_red_headed_notice_is_recognised_whole():
    notice = found(NOTICE)
    assert notice.title == "云汀市人民政府办公室关于印发《云汀市老年人助餐服务管理办法》的通知"
    assert notice.document_no == "云政办发〔2024〕18号"
    assert notice.issued_by == "云汀市人民政府办公室"
    assert (notice.issued_on, notice.effective_on) == (date(2024, 6, 3), date(2024, 7, 1))
    assert notice.expires_on == date(2029, 6, 30)
    assert (notice.chapters, notice.articles) == (1, 2)
    assert "第一条 为规范老年人助餐服务" in notice.body


@pytest.mark.parametrize(
    ("last", "effective"),
    [
        ("本办法自公布之日起施行。", date(2020, 5, 6)),
        ("本办法自发布之日起30日后施行。", date(2020, 6, 5)),
        ("本办法自2020年8月1日起实施。", date(2020, 8, 1)),
        ("本办法自1995年1月1日起施行。", date(2020, 5, 6)),  # amended since: its present words are younger
        ("本办法由市民政局负责解释。", date(2020, 5, 6)),
    ],
)
def test_the_day_from_which_it_holds(last, effective):
    text = f"云汀市救助办法\n2020年5月6日云汀市人民政府令第12号公布\n第一条 为了救助，制定本办法。\n第二条 {last}"
    assert found(text).effective_on == effective


def test_a_document_without_any_day_says_that_it_is_in_doubt():
    assert found("供水服务指南\n拨打热线报修。").doubts == ["effective_on"]


def test_a_file_without_a_title_is_called_by_its_name():
    text = "第一条 申请人应当如实填写。\n第二条 三日内答复。"
    unnamed = found(text, "3-居住证申领办法(2021-02-03).txt")
    assert (unnamed.title, unnamed.issued_on) == ("居住证申领办法", date(2021, 2, 3))
    assert Doubt.TITLE_FROM_NAME in unnamed.doubts


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "索引号：0042/2024-3\n发文机关：云汀市民政局\n发布日期：2024年1月2日\n标题：关于发放高温津贴的通知\n请执行。",
            "关于发放高温津贴的通知",
        ),
        ("附件1\n云汀市困难家庭救助\n实施细则（试行）\n第一条 甲。", "云汀市困难家庭救助实施细则（试行）"),
        ("特急\n云政办发〔2024〕18号\n关于做好供暖工作的通知\n各区：\n请做好。", "关于做好供暖工作的通知"),
    ],
)
def test_what_stands_above_a_title_is_passed_over(text, title):
    assert (found(text).title, Doubt.TITLE in found(text).doubts) == (title, False)


@pytest.mark.parametrize(
    ("name", "text", "title", "doubt"),
    [
        (
            "IMG_01.pdf",
            "各位市民：\n关于春节期间供水保障的通告\n请储水备用。",
            "关于春节期间供水保障的通告",
            Doubt.TITLE_FROM_TEXT,
        ),
        (
            "新建文档 (3).txt",
            "第一条 为了加强对犬只的管理，保障公民健康，制定本办法。\n第二条 犬只应当登记。犬只不得入内，犬只免费。",
            "犬只管理办法",
            Doubt.TITLE_FROM_TEXT,
        ),
        (
            "12_居住证申领办法_20210203.txt",
            "申请人如实填写，三日内答复。",
            "居住证申领办法",
            Doubt.TITLE_FROM_NAME,
        ),
        ("scan_0012_2024-01-02.txt", "申请人如实填写，三日内答复。", "scan 0012", Doubt.TITLE_FROM_NAME),
        ("a.txt", "一、总体目标\n做好《云汀市助餐点管理规定》的落实。", "a", Doubt.TITLE_FROM_NAME),
    ],
)
def test_what_bears_no_title_is_called_what_a_person_would_call_it(name, text, title, doubt):
    unnamed = found(text, name)
    assert (unnamed.title, doubt in unnamed.doubts) == (title, True)
    assert unnamed.body


def test_a_table_of_contents_is_no_part_of_the_text():
    text = "养犬条例\n目 录\n第一章 总则\n第二章 登记\n第一章 总则\n第一条 甲。\n第二章 登记\n第二条 乙。"
    assert build(text).lines == ["养犬条例", "## 第一章 总则", "第一条 甲。", "## 第二章 登记", "第二条 乙。"]


def test_an_article_that_is_only_spoken_of_begins_no_article():
    text = "第一条 甲。\n第二条规定的情形除外。\n第二条 乙。\n第三条 丙。\n第一条的规定照旧。"
    assert build(text).articles == 3


def test_the_next_article_left_at_the_end_of_a_line_begins_one():
    assert build("第四条 主体为乡镇。第五条\n内容为服务。").lines == [
        "第四条 主体为乡镇。",
        "第五条 内容为服务。",
    ]


@given(st.integers(1, 9999))
def test_chinese_numerals_are_read(number):
    assert number_of(_spelled(number)) == number
    assert number_of(str(number)) == number


def _spelled(number: int) -> str:
    out, zero = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit:
            out += ("零" if zero and out else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif out and number:
            zero = True
    return out


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二四年十月三十一日", date(2024, 10, 31)),
        ("2024 年 1 月 2 日", date(2024, 1, 2)),
        ("2024年2月31日", None),
    ],
)
def test_days_are_read_in_figures_and_in_characters(text, day):
    assert dates.first_in(text) == day


def test_a_rule_that_names_nobody_is_the_nations_if_it_speaks_to_all_provinces():
    body = "第一条 国务院主管部门负责全国的地名工作。\n第二条 省、自治区、直辖市人民政府制定办法。"
    assert found(f"# 地名管理条例\n{body}").region == NATION
    own = "第一条 为推进我区工作，根据国务院规定，制定本办法。\n第二条 本区居民适用本办法，全区执行。"
    assert found(f"# 养老服务办法\n{own}").region == ""


@given(st.text(alphabet="第一二十条章节款。\n #目录：、自2024年5月1日起施行《》（）有效期至", max_size=200))
def test_no_text_trips_it(text):
    recognised = recognise("任意.txt", Extract(text or "空"))
    assert recognised.title
