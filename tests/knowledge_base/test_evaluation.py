"""How good search is, measured; and that it stays so on what we ship."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.demonstration.city.knowledge import text_of
from console.demonstration.texts import blocks
from knowledge_base.evaluation import Asked, BadQuestion, measure, plain, read_questions
from knowledge_base.search import current_follower, search
from knowledge_base.search import follower as following
from knowledge_base.services import approve_item, draft_item, submit_item
from tests.factories.accounts import make_department
from tests.factories.knowledge_base import make_approver, make_editor, make_item

QUESTIONS = Path(__file__).parent / "questions"


def test_a_hit_is_known_by_its_words_whatever_the_width_and_the_line_breaks():
    assert plain("应当在 30\n日内，Ａ") == plain("应当在30日内,a")


def test_a_line_that_is_no_question_is_named():
    assert read_questions(['{"question": "a", "answer": "b"}', ""]) == [Asked("a", "b")]
    for wrong in (
        "{",
        "[]",
        '{"question": "a"}',
        '{"question": "a", "answer": " "}',
        '{"question": 1, "answer": "b"}',
    ):
        with pytest.raises(BadQuestion, match="line 2"):
            read_questions(['{"question": "a", "answer": "b"}', wrong])


def test_ranks_become_figures(app):
    make_item("路灯报修", "路灯坏了请拨打热线报修，二十四小时内修好。")
    current_follower().look_now()
    asked = [Asked("路灯坏了找谁修", "二十四小时内修好"), Asked("井盖丢了", "不在这里")]
    measured = measure(asked, search)
    assert measured.ranks == [1, 0]
    figures = measured.figures()
    assert (figures["hit1"], figures["hit5"], figures["mrr10"]) == (0.5, 0.5, 0.5)
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    assert measured.misses() == [asked[1]]


def test_an_answer_in_the_heading_above_a_passage_counts(app):
    make_item(
        "活动方案", "二、工作步骤\n（一）自查整改阶段（8月上旬—9月中旬）\n各科室查摆问题，逐项整改到位。"
    )
    current_follower().look_now()
    asked = [Asked("查摆问题、逐项整改是什么时候", "自查整改阶段(8月上旬—9月中旬)")]
    assert measure(asked, search).ranks == [1]


def test_the_command_prints_figures_and_misses_or_json(app, tmp_path):
    make_item("路灯报修", "路灯坏了请拨打热线报修。")
    file = tmp_path / "q.jsonl"
    file.write_text(
        '{"question": "路灯坏了", "answer": "拨打热线"}\n{"question": "井盖", "answer": "没有"}\n'
    )
    run = app.test_cli_runner().invoke
    shown = run(args=["kb", "evaluate", str(file)])
    assert "2 questions: hit@1 0.500" in shown.output
    assert "井盖  →  没有" in shown.output
    figures = json.loads(run(args=["kb", "evaluate", str(file), "--json"]).output)
    assert set(figures) == {"hit1", "hit5", "mrr10", "p50_ms", "p95_ms"}
    file.write_text("{}\n")
    refused = run(args=["kb", "evaluate", str(file)])
    assert refused.exit_code == 1
    assert "line 1" in refused.output


@pytest.fixture
def city(app):
    """The demonstration's knowledge, published."""
    editor, approver, office = make_editor(), make_approver(), make_department("各单位")
    for block in blocks("knowledge"):
        item = draft_item(editor, text_of(block), office)
        submit_item(editor, item)
        approve_item(approver, item)
    current_follower().look_now()


def test_the_demonstration_answers_what_is_asked_of_it(city):
    for name, floor in (("tuning", 0.85), ("checking", 0.80)):
        questions = read_questions((QUESTIONS / f"{name}-city.jsonl").read_text("utf-8").splitlines())
        figures = measure(questions, search).figures()
        assert figures["mrr10"] >= floor, (name, figures)
        assert figures["hit5"] >= 0.90, (name, figures)


def test_the_commands_wait_for_the_index_of_a_large_stock(app, tmp_path, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE_PASSAGES", 0)  # as after an import
    make_item("路灯报修", "路灯坏了请拨打热线报修。")
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "路灯坏了", "answer": "拨打热线"}\n')
    told = app.test_cli_runner().invoke(args=["kb", "evaluate", str(file), "--json"])
    assert json.loads(told.output)["hit1"] == 1
    make_item("井盖丢失", "井盖丢了由养护单位一小时内设围挡。")
    assert "井盖丢失" in app.test_cli_runner().invoke(args=["kb", "search", "井盖丢了"]).output
