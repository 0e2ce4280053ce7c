"""The same city every time: chance that can be repeated, and shares that add up."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as some

from config import calendar
from config import clock as city_clock
from console.demonstration.chance import dice, shares, spread
from console.demonstration.history.days import BY_HOUR, days_of
from console.demonstration.history.office import in_office
from console.demonstration.history.stories import tell, templates
from dispatch.services.reference import TREE

weights = some.lists(some.floats(0, 100, allow_nan=False), min_size=1, max_size=40)


@given(some.integers(0, 10_000), weights)
def test_shares_add_up_to_the_whole(total, parts):
    found = shares(total, parts)
    assert all(n >= 0 for n in found)
    assert sum(found) == (total if sum(parts) > 0 else 0)


def test_the_same_question_gets_the_same_answer():
    assert dice("case", 7).random() == dice("case", 7).random()
    assert dice("case", 7).random() != dice("case", 8).random()


def test_moments_come_in_order_and_within_the_hours():
    found = list(spread(dice("x"), [float(w) for w in BY_HOUR], 8.5, 17.25, 200))
    assert len(found) == 200
    assert found == sorted(found)
    assert found[0] >= 8.5
    assert found[-1] <= 17.25


def test_mornings_are_busier_than_nights():
    found = list(spread(dice("x"), [float(w) for w in BY_HOUR], 0, 24, 2000))
    assert sum(9 <= h < 11 for h in found) > 5 * sum(2 <= h < 4 for h in found)


def test_a_weekend_is_quieter_than_the_week_and_today_is_not_over(clock):
    days = days_of(28, 4000, clock.at)
    working = [d.cases for d in days[1:] if calendar.is_working_day(d.date)]
    resting = [d.cases for d in days[1:] if not calendar.is_working_day(d.date)]
    assert sum(resting) / len(resting) < 0.8 * sum(working) / len(working)
    assert days[0].cases < max(working)
    assert sum(d.cases for d in days) == 4000


def test_offices_open_on_the_next_working_day(clock):
    saturday = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    opened = in_office(saturday)
    assert opened > saturday
    assert calendar.is_working_day(_date(opened))
    assert in_office(opened) == opened


def _date(moment):
    return city_clock.local(moment).date()


def test_every_branch_of_the_tree_has_its_stories():
    told = {template.category[:2] for template in templates()}
    assert told == {f"{n:02d}" for n in range(1, len(TREE) + 1)}
    assert len(templates()) >= 120


def test_every_story_is_complete_and_leaves_no_word_unfilled():
    for n, template in enumerate(templates()):
        story = tell(template, dice("test", n))
        text = story.title + story.content + story.asked + story.reply + story.answer
        assert "{" not in text
        assert len(story.content) >= 20
        assert story.reply or story.answer
        assert story.asked
