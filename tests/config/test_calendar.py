"""Working days follow the published calendar: holidays rest, make-up days work."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import calendar, clock
from config.errors import Refused

DAYS = st.dates(date(2025, 1, 2), date(2026, 12, 20))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2026, 10, 10), True),  # a Saturday that makes up for it
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 11, 23), True),  # a Monday
    ],
)
def test_holidays_rest_and_make_up_days_work(app, day, working):
    assert calendar.is_working_day(day) is working


def test_a_limit_of_two_days_given_on_friday_ends_when_tuesday_ends(app):
    friday = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)  # 15:30 in the city
    due = calendar.add_working_days(friday, 2)
    assert clock.local(due).isoformat() == "2026-11-25T00:00:00+08:00"


def test_an_administrator_can_make_a_day_off_and_back(app):
    day = date(2026, 11, 24)
    run = app.test_cli_runner().invoke
    assert run(args=["calendar", "day", "2026-11-24", "off", "--note", "typhoon"]).exit_code == 0
    assert not calendar.is_working_day(day)
    assert run(args=["calendar", "day", "2026-11-24", "working"]).exit_code == 0
    assert calendar.is_working_day(day)
    assert run(args=["calendar", "day", "24.11.2026", "off"]).exit_code == 2


def test_a_year_that_is_not_published_is_refused_rather_than_guessed(app):
    with pytest.raises(Refused, match="2040"):
        calendar.seed_year(2040)


def test_seeding_a_year_again_changes_nothing(app):
    assert calendar.seed_year(2026) == 0


@given(day=DAYS, hour=st.integers(0, 23), days=st.integers(1, 15))
def test_a_limit_of_n_days_contains_n_working_days_and_ends_with_one(app, day, hour, days):
    moment = clock.start_of_day(day) + timedelta(hours=hour)
    with app.app_context():
        due = calendar.add_working_days(moment, days)
        last = clock.local(due - timedelta(seconds=1)).date()
        assert calendar.is_working_day(last)
        assert calendar.working_days_between(day, last) == days


@given(a=DAYS, b=DAYS)
def test_counting_backwards_is_counting_forwards_with_another_sign(app, a, b):
    with app.app_context():
        assert calendar.working_days_between(a, b) == -calendar.working_days_between(b, a)
