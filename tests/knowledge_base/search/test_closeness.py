"""Which candidate answers best, and why."""

from __future__ import annotations

from knowledge_base.search.closeness import PARTS, Candidate, Wanted, closest, rank
from knowledge_base.search.intent import intents_of


def candidate(number: int, text: str, score: float = 1.0, **more) -> Candidate:
    facts = {"item_id": number, "ordinal": 1, "title": "", "heading": "", **more}
    return Candidate(passage_id=number, text=text, score=score, **facts)


def order(candidates, question: str = "", **typed: float) -> list[int]:
    wanted = Wanted(typed, {}, intents_of(question))
    return [one.candidate.passage_id for one in rank(candidates, wanted)]


def test_words_that_stand_together_beat_words_far_apart():
    apart = candidate(1, "路灯" + "。" * 200 + "报修")
    together = candidate(2, "路灯报修" + "。" * 200)
    assert order([apart, together], 路灯=1.0, 报修=1.0) == [2, 1]


def test_a_passage_that_holds_what_was_asked_for_comes_first():
    without = candidate(1, "犬只登记由公安机关办理")
    with_money = candidate(2, "犬只登记收费五十元")
    assert order([without, with_money], "犬只登记多少钱", 犬只=1.0, 登记=1.0) == [2, 1]


def test_a_passage_that_answered_such_questions_before_comes_first():
    new = candidate(1, "养犬登记说明")
    known = candidate(2, "养犬登记指南", asked=("狗证怎么办",))
    assert order([new, known], 狗证=1.0, 登记=0.2) == [2, 1]


def test_the_article_that_says_why_a_rule_was_made_is_no_answer():
    purpose = candidate(1, "第一条 为了规范公共租赁住房管理，制定本办法。")
    answer = candidate(2, "第九条 申请公共租赁住房应当提交收入证明。")
    assert order([purpose, answer], 租赁=1.0, 住房=1.0) == [2, 1]


def test_a_sentence_with_the_words_and_the_sum_beats_a_sum_elsewhere():
    elsewhere = candidate(1, "犬只登记由公安机关办理。" + "其他。" * 9 + "体检收费五十元。")
    there = candidate(2, "体检由公安机关办理。" + "其他。" * 9 + "犬只登记收费五十元。")
    assert order([elsewhere, there], "犬只登记多少钱", 犬只=1.0, 登记=1.0) == [2, 1]


def test_what_a_place_says_of_itself_comes_before_the_law_of_the_nation():
    law = candidate(1, "养犬应当登记", local=False)
    own = candidate(2, "养犬应当登记", score=0.8)
    assert order([law, own], 登记=1.0) == [2, 1]
    unlike = candidate(2, "图书应当登记", score=0.3)
    assert order([law, unlike], 养犬=1.0, 登记=0.3) == [1, 2]


def test_where_all_are_local_it_says_nothing():
    ranked = rank([candidate(1, "养犬登记")], Wanted({"登记": 1.0}, {}, ()))
    assert ranked[0].parts["local"] == 0


def test_who_asks_for_the_penalty_is_led_to_the_chapter_on_it():
    duty = candidate(1, "不得占道经营。", heading="第三章 管理")
    penalty = candidate(2, "占道经营的，改正。", heading="第五章 法律责任")
    assert order([duty, penalty], "占道经营怎么罚", 占道=1.0) == [2, 1]
    assert order([duty, penalty], "占道经营", 占道=1.0) == [1, 2]


def test_what_means_nearly_the_same_comes_first_and_may_share_no_word():
    shares_words = candidate(1, "单位发放工资的时间", meaning=0.2)
    means_it = candidate(2, "不得克扣或者无故拖欠劳动报酬", score=0.0, meaning=0.6)
    assert order([shares_words, means_it], 工资=1.0, 老板=9.0) == [2, 1]
    unknown = [candidate(1, "单位发放工资的时间"), candidate(2, "不得克扣", score=0.0)]
    assert order(unknown, 工资=1.0, 单位=1.0) == [1, 2]


def test_the_score_is_the_sum_of_its_parts():
    ranked = rank([candidate(1, "路灯报修", title="路灯")], Wanted({"路灯": 1.0}, {}, ()))
    assert set(ranked[0].parts) == set(PARTS)
    assert ranked[0].score == sum(ranked[0].parts.values())


def test_the_closest_place_is_where_most_weight_stands():
    assert closest("路灯" + "。" * 100 + "路灯报修", {"路灯": 1.0, "报修": 2.0}) == (3.0, 102)
    assert closest("", {"路灯": 1.0}) == (0.0, 0)
    assert rank([], Wanted({}, {}, ())) == []
