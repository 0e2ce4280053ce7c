"""How long somebody will wait: by hand where that can be reckoned, and against a queue that is played through."""

from __future__ import annotations

import heapq
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.engine.estimate import Pace, expected_wait, minutes_to_say


@pytest.mark.parametrize(
    ("ahead", "pace", "seconds"),
    [
        (0, Pace(1, 200), 200),
        (0, Pace(10, 200), 20),
        (4, Pace(10, 200), 100),
        (1, Pace(1, 100, giving_up=1 / 100), 100 + 50),
        (3, Pace(0, 200), None),
    ],
)
def test_by_hand(ahead, pace, seconds):
    assert expected_wait(ahead, pace) == (None if seconds is None else pytest.approx(seconds))


@given(st.integers(0, 200), st.integers(1, 500), st.floats(1, 3600), st.floats(0, 1))
def test_more_before_you_is_longer_more_agents_or_less_patience_is_shorter(
    ahead, agents, handling, giving_up
):
    wait = expected_wait(ahead, Pace(agents, handling, giving_up))
    assert wait is not None
    assert 0 < wait <= (ahead + 1) * handling / agents * 1.0001
    assert expected_wait(ahead + 1, Pace(agents, handling, giving_up)) > wait
    assert expected_wait(ahead, Pace(agents + 1, handling, giving_up)) < wait


def played(agents: int, handling: float, patience: float, seed: int) -> list[tuple[float, float]]:
    """A busy hour of a queue, event by event: what was expected of each wait, and what it was."""
    chance, now, found = Random(seed), 0.0, []
    free_at = [chance.expovariate(1 / handling) for _ in range(agents)]
    heapq.heapify(free_at)
    waiting: list[tuple[float, float, float]] = []  # came, gives up, expected
    pace = Pace(agents, handling, 1 / patience)
    while now < 40_000:
        comes = now + chance.expovariate(1.15 * agents / handling)
        while waiting and free_at[0] <= comes:
            at = heapq.heappop(free_at)
            waiting = [one for one in waiting if one[1] > at]
            if not waiting:
                heapq.heappush(free_at, at)
                break
            came, _gives_up, expected = waiting.pop(0)
            found.append((expected, at - came))
            heapq.heappush(free_at, at + chance.expovariate(1 / handling))
        now = comes
        waiting = [one for one in waiting if one[1] > now]
        if not waiting and free_at[0] <= now:
            heapq.heapreplace(free_at, now + chance.expovariate(1 / handling))
            continue
        expected = expected_wait(len(waiting), pace)
        waiting.append((now, now + chance.expovariate(1 / patience), expected))
    return found


def test_over_a_busy_day_it_is_right_on_the_average():
    waits = played(agents=12, handling=210, patience=300, seed=12345)
    assert len(waits) > 1000
    expected = sum(first for first, _second in waits) / len(waits)
    waited = sum(second for _first, second in waits) / len(waits)
    assert expected == pytest.approx(waited, rel=0.12)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 0), (29, 0), (30, 1), (60, 1), (61, 2), (3600, 60)])
def test_people_are_told_whole_minutes(seconds, minutes):
    assert minutes_to_say(seconds) == minutes
