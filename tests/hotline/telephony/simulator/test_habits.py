from collections import Counter
from dataclasses import replace
from random import Random

from hotline.telephony.simulator.habits import Habits, draw_citizen, draw_seat_answer, draw_talk


def test_the_same_seed_draws_the_same_person() -> None:
    assert draw_citizen(Random(7), "+8612500000001", Habits()) == draw_citizen(
        Random(7), "+8612500000001", Habits()
    )


def test_talks_last_150_seconds_on_average_and_some_far_longer() -> None:
    chance = Random(1)
    talks = [draw_talk(chance, Habits()) for _ in range(20_000)]
    assert 145 < sum(talks) / len(talks) < 155
    assert max(talks) > 600
    assert min(talks) >= 2


def test_some_press_wrong_keys_first_and_then_the_right_one() -> None:
    citizen = replace(draw_citizen(Random(1), "+8612500000001", Habits()), wrong_keys="9#", key="1")
    assert [citizen.keys_at("menu", 1, asked) for asked in range(4)] == ["9", "#", "1", "1"]


def test_a_case_number_is_keyed_in_as_long_as_it_is_asked_for() -> None:
    citizen = draw_citizen(Random(1), "+8612500000001", Habits())
    assert len(citizen.keys_at("case_number", 14, 0)) == 14


def test_a_survey_is_answered_with_a_mark_or_with_silence() -> None:
    chance = Random(3)
    marks = Counter(
        draw_citizen(chance, "+8612500000001", Habits()).keys_at("survey", 1, 0) for _ in range(2000)
    )
    assert set(marks) == set("12345") | {""}
    assert marks["5"] > marks["1"]


def test_a_crowd_holds_every_kind_of_person() -> None:
    chance = Random(5)
    crowd = [draw_citizen(chance, "+8612500000001", Habits()) for _ in range(2000)]
    assert 0.01 < sum(c.hangs_up_in_welcome_after is not None for c in crowd) / 2000 < 0.06
    assert 0.04 < sum(bool(c.wrong_keys) for c in crowd) / 2000 < 0.12
    assert 0.4 < sum(c.calls_again_after is not None for c in crowd) / 2000 < 0.6


def test_seats_mostly_answer() -> None:
    chance = Random(2)
    answers = [draw_seat_answer(chance, Habits()) for _ in range(2000)]
    assert 0.95 < sum(answer.picks_up for answer in answers) / 2000 < 1
    assert all(1 <= answer.after <= 4 for answer in answers)
