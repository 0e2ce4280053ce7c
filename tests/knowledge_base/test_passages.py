"""Bodies are cut into what answers one question."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.passages import LONGEST, cut

LAW = """第一章　总则
第一条　为了规范公共租赁住房管理，制定本办法。
第二条　本办法适用于本市。
第二章　申请
第一节　条件
第三条　申请人应当符合下列条件：
（一）具有本市户籍；
（二）家庭人均住房面积低于十五平方米。
"""


def test_every_article_is_a_passage_with_its_chapter_and_section():
    found = cut(LAW)
    assert [(p.heading, p.text[:3]) for p in found] == [
        ("第一章　总则", "第一条"),
        ("第一章　总则", "第二条"),
        ("第二章　申请 › 第一节　条件", "第三条"),
    ]
    assert found[2].text.endswith("低于十五平方米。")


def test_headings_of_a_guide_lead_to_its_paragraphs():
    found = cut("# 公积金提取\n## 材料\n身份证。\n结婚证。\n## 时限\n三个工作日。")
    assert [(p.heading, p.text) for p in found] == [
        ("公积金提取 › 材料", "身份证。\n结婚证。"),
        ("公积金提取 › 时限", "三个工作日。"),
    ]


def test_a_numbered_sentence_is_no_heading():
    found = cut("一、办理条件\n一、本市户籍，连续缴存社会保险满三年。")
    assert [(p.heading, p.text) for p in found] == [
        ("一、办理条件", "一、本市户籍，连续缴存社会保险满三年。")
    ]


def test_what_counts_on_after_a_heading_stands_beside_it():
    found = cut(
        "六、评标\n（三）主任主持评标工作\n1、组织评委审阅文件。\n（四）评标过程应当作书面记录，并由人员签字。"
    )
    assert [(p.heading, p.text[:3]) for p in found] == [
        ("六、评标 › （三）主任主持评标工作", "1、组"),
        ("六、评标", "（四）"),
    ]


def test_a_section_that_begins_in_the_line_of_its_heading_keeps_both():
    found = cut("（四）考核阶段（9月—10月）。主要任务是总结经验。\n1、总结。对情况进行总结，完善措施。")
    assert [p.heading for p in found] == ["（四）考核阶段（9月—10月）"]
    assert found[0].text.startswith("（四）考核阶段（9月—10月）。主要任务")


def test_a_name_without_a_number_leads_to_the_items_below():
    found = cut(
        "项目评审\n1、评审工作应当公平公正，严格保密，不得透露。\n项目管理\n1、项目合同签订。\n所有项目实行合同管理，合同由双方在实施前一个月内签订，并报备案。"
    )
    assert [p.heading for p in found] == ["项目评审", "项目管理 › 1、项目合同签订"]


def test_sentences_of_a_section_stay_together_up_to_a_readable_size():
    items = "\n".join(f"{n}、" + "应当按照规定办理手续" * 8 + "。" for n in range(1, 9))
    found = cut(f"三、办理\n{items}")
    assert [len(p.text) <= 480 for p in found] == [True, True]


def test_a_body_of_headings_alone_is_still_found():
    assert [p.text for p in cut("# 停水通知")] == ["# 停水通知"]
    assert cut("   \n ") == []


@given(st.text(alphabet="第一二十章条节、（）# \n　。；水电a1", max_size=3000))
def test_nothing_is_lost_and_no_passage_is_too_long(body: str):
    found = cut(body)
    assert all(len(p.text) <= LONGEST or "\n" not in body.strip() or len(found) == 1 for p in found)
    kept = "".join("".join(p.heading.split()) + "".join(p.text.split()) for p in found)
    if "#" not in body and found:
        assert set("".join(body.split())) - set("．") <= set(kept) | set("#") or len(found) == 1


@given(st.text(max_size=2000))
def test_anything_can_be_cut(body: str):
    for passage in cut(body):
        assert passage.text.strip()
        assert len(passage.heading) <= 300
