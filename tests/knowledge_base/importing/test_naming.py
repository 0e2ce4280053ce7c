"""Names for texts that bear none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.importing.naming import from_name, from_text, headline, tells

AGAIN = "，".join(["登记", "助餐补贴", "犬只", "河道", "老年人", "快递柜", "停车泊位"]) + "。"


def about(first: str) -> str:
    return from_text([first, AGAIN, AGAIN, AGAIN])


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("第一条 为了规范停车泊位管理，改善秩序，制定本办法。", "停车泊位管理办法"),
        ("第一条 为加强河道管理和财务监督，保障防洪，特制定本规定。", "河道管理规定"),
        ("第一条 为了保障老年人合法权益，发展养老事业，制定本条例。", "老年人权益保障条例"),
        (
            "第一条 为了规范犬只登记行为，根据《云汀市养犬条例》（以下简称养犬条例），制定本细则。",
            "犬只登记细则",
        ),
        ("第一条 为了贯彻实施《云汀市养犬条例》，制定本办法。", "云汀市养犬条例实施办法"),
        ("第一条 根据《中华人民共和国水法》的规定，制定本实施细则。", "水法实施细则"),
        (
            "第一条 为了做好区政府为困难家庭发放助餐补贴工作，根据有关文件，特制定本实施办法。",
            "区政府为困难家庭发放助餐补贴实施办法",
        ),
        (
            "各区：《云汀市犬只管理办法》已经市政府同意，现印发给你们，请执行。",
            "关于印发《云汀市犬只管理办法》的通知",
        ),
    ],
)
def test_the_first_sentence_says_what_a_rule_is_about(first, title):
    assert about(first) == title


def test_what_is_aimed_at_but_never_spoken_of_again_names_nothing():
    assert about("第一条 为了加强对外开放，制定本办法。") == ""


def test_of_two_things_in_the_first_sentence_the_one_that_is_defined_names_the_rule():
    lines = ["第一条 为了保护公共利益，制定本条例。", "第二条 本条例所称快递柜，是指自助设备。", AGAIN]
    assert from_text(lines) == "快递柜条例"


def test_papers_that_a_text_names_share_the_name_of_its_matter():
    lines = [
        "填写《云汀区助餐补贴项目申报书》。",
        "按《云汀区助餐补贴项目目录》公示。",
        "《中华人民共和国预算法》除外。",
    ]
    assert from_text(lines) == "云汀区助餐补贴项目"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("民政/3-居住证申领办法(2021-02-03).txt", "居住证申领办法"),
        ("包.zip › 2024_供暖_须知（终稿）.docx", "2024供暖须知（终稿）"),
        ("2-elderly-care.zh.txt", "elderly care"),
        ("2024.pdf", "2024"),
        ("...", "..."),
    ],
)
def test_a_files_name_without_its_numbers_lines_and_days(name, title):
    assert from_name(name) == title


def test_names_that_a_machine_gave_tell_nothing():
    assert [tells(one) for one in ("新建文档 (3)", "扫描件0012", "IMG 01", "居住证申领")] == [
        False,
        False,
        False,
        True,
    ]


def test_a_title_that_is_only_spoken_of_is_no_headline():
    assert headline(["根据《关于养犬的规定》执行。", "按照关于养犬的规定，请登记。"]) == ""


@given(
    st.text(
        alphabet="为了加强规范保护的和、，。《》（）以下本制定办法条例所称是指现印发给你们通知犬\n",
        max_size=300,
    )
)
def test_no_text_trips_it(text):
    assert len(from_text(text.splitlines())) <= 400
    assert from_name(text or "x")
