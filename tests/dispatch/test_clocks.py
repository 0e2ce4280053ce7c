"""The arithmetic of clocks along a calendar with holidays and make-up days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import calendar
from config import clock as city
from config.extensions import db
from dispatch import rules
from dispatch.clocks import HOURS, MINUTES, WORKING_DAYS, Limit, after_pause, later
from dispatch.models import ClockRule
from dispatch.rules import DEFAULT_RULES, limit_for
from dispatch.workflow import Channel, ClockKind, RequestType, Urgency

pytestmark = pytest.mark.usefixtures("app")

MOMENTS = st.datetimes(
    datetime(2026, 1, 5), datetime(2026, 11, 30), timezones=st.just(UTC)
)  # within the years whose make-up days are known
LIMITS = st.one_of(
    st.builds(Limit, st.integers(1, 20), st.just(WORKING_DAYS)),
    st.builds(Limit, st.integers(1, 72), st.just(HOURS)),
    st.builds(Limit, st.integers(1, 600), st.just(MINUTES)),
)


@given(start=MOMENTS, limit=LIMITS)
def test_a_clock_warns_before_it_is_due_and_never_before_it_starts(start, limit):
    assert start <= limit.warn(start) <= limit.due(start)


@given(start=MOMENTS, minutes=st.integers(0, 20_000), limit=LIMITS)
def test_who_starts_later_is_due_no_earlier(start, minutes, limit):
    assert limit.due(start) <= limit.due(start + timedelta(minutes=minutes))


@given(start=MOMENTS, amount=st.integers(1, 20))
def test_a_limit_of_working_days_ends_with_the_end_of_the_nth_working_day_after_receipt(start, amount):
    due = Limit(amount, WORKING_DAYS).due(start)
    last = city.local(due - timedelta(seconds=1)).date()
    assert due == calendar.end_of_day(last)
    assert calendar.is_working_day(last)
    assert calendar.working_days_between(city.local(start).date(), last) == amount


@given(start=MOMENTS, amount=st.integers(1, 19))
def test_a_longer_limit_is_due_later(start, amount):
    assert Limit(amount, WORKING_DAYS).due(start) < Limit(amount + 1, WORKING_DAYS).due(start)


@given(
    start=MOMENTS,
    limit=LIMITS,
    pauses=st.lists(st.tuples(st.integers(0, 3_000), st.integers(0, 6_000)), max_size=4),
)
def test_pauses_add_up_and_none_makes_a_clock_due_earlier(start, limit, pauses):
    due, at, paused, days = limit.due(start), start, timedelta(0), 0
    for before, length in pauses:
        paused_at = at + timedelta(minutes=before)
        at = paused_at + timedelta(minutes=length)
        moved = after_pause(due, paused_at, at, limit.unit)
        assert moved >= due
        due, paused = moved, paused + (at - paused_at)
        days += calendar.working_days_between(city.local(paused_at).date(), city.local(at).date())
    if limit.unit == WORKING_DAYS:
        assert due == Limit(limit.amount + days, WORKING_DAYS).due(start)
    else:
        assert due == limit.due(start) + paused


@given(start=MOMENTS, amount=st.integers(1, 10), more=st.integers(1, 10))
def test_an_extension_is_as_if_the_limit_had_been_longer(start, amount, more):
    due = later(Limit(amount, WORKING_DAYS).due(start), more, WORKING_DAYS)
    assert due == Limit(amount + more, WORKING_DAYS).due(start)


def test_a_make_up_day_counts_and_a_holiday_does_not():
    # National Day 2026: 1 to 7 October are off, Saturday 10 October is worked.
    received = datetime(2026, 9, 30, 3, 0, tzinfo=UTC)
    assert Limit(1, WORKING_DAYS).due(received) == calendar.end_of_day(date(2026, 10, 8))
    assert Limit(3, WORKING_DAYS).due(received) == calendar.end_of_day(date(2026, 10, 10))


def test_urgent_and_critical_clocks_run_through_night_and_holiday():
    eve = datetime(2026, 9, 30, 15, 30, tzinfo=UTC)  # 23:30 in the city
    assert Limit(24, HOURS).due(eve) == eve + timedelta(hours=24)


def test_an_extension_is_at_most_the_original_limit_and_at_most_ten_working_days():
    assert Limit(5, WORKING_DAYS).longest_extension(10) == 5
    assert Limit(15, WORKING_DAYS).longest_extension(10) == 10
    assert Limit(24, HOURS).longest_extension(10) == 24


class Timed:
    def __init__(self, request_type, urgency, channel=Channel.PHONE):
        self.request_type, self.urgency, self.channel = request_type, urgency, channel


T, U = RequestType, Urgency


@pytest.mark.parametrize(
    ("request_type", "urgency", "limit"),
    [
        (T.CONSULT, U.NORMAL, Limit(2, WORKING_DAYS)),
        (T.HELP, U.NORMAL, Limit(5, WORKING_DAYS)),
        (T.SUGGESTION, U.NORMAL, Limit(10, WORKING_DAYS)),
        (T.COMPLAINT, U.NORMAL, Limit(10, WORKING_DAYS)),
        (T.REPORT, U.NORMAL, Limit(10, WORKING_DAYS)),
        (T.PRAISE, U.NORMAL, Limit(5, WORKING_DAYS)),
        (T.CONSULT, U.URGENT, Limit(24, HOURS)),
        (T.HELP, U.URGENT, Limit(24, HOURS)),
        (T.COMPLAINT, U.URGENT, Limit(24, HOURS)),
        (T.HELP, U.CRITICAL, Limit(2, HOURS)),
        (T.COMPLAINT, U.CRITICAL, Limit(2, HOURS)),
    ],
)
def test_handling_limits_are_those_of_the_published_table(request_type, urgency, limit):
    assert limit_for(ClockKind.HANDLING, Timed(request_type, urgency)) == limit


@pytest.mark.parametrize("urgency", list(Urgency))
@pytest.mark.parametrize("request_type", list(RequestType))
@pytest.mark.parametrize("kind", list(ClockKind))
def test_there_is_a_limit_for_every_clock_of_every_case(kind, request_type, urgency):
    assert limit_for(kind, Timed(request_type, urgency)).amount > 0


def test_a_row_of_the_table_outweighs_the_default():
    db.session.add(
        ClockRule(
            kind=ClockKind.HANDLING, request_type="consult", channel="leaders", amount=1, unit=WORKING_DAYS
        )
    )
    db.session.commit()
    rules.forget_rules()
    try:
        found = limit_for(ClockKind.HANDLING, Timed(T.CONSULT, U.NORMAL, Channel.LEADERS))
        assert found == Limit(1, WORKING_DAYS)
    finally:
        rules.forget_rules()


def test_the_defaults_name_each_combination_once():
    keys = [row[:3] for row in DEFAULT_RULES]
    assert len(keys) == len(set(keys))
