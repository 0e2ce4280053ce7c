from datetime import datetime, timedelta
from random import Random

import pytest

from config.phones import normalise_phone
from hotline.telephony.simulator.arrivals import DAY_CURVE, Arrivals, Population


def test_calls_come_at_the_rate_asked_for() -> None:
    stream = Arrivals(Random(1), per_minute=600)
    assert 90 < sum(stream.next_gap() for _ in range(1000)) < 110


def test_the_day_curve_is_a_whole_day_with_a_tenth_of_it_in_the_peak_hour() -> None:
    assert sum(DAY_CURVE) == pytest.approx(1)
    assert max(DAY_CURVE) == pytest.approx(0.1)


def test_the_night_is_quiet_when_the_day_is_followed() -> None:
    stream = Arrivals(Random(1), per_minute=60, follow_the_day=True)
    day = datetime(2026, 11, 23)
    calls = {hour: sum(stream.comes(day + timedelta(hours=hour)) for _ in range(1000)) for hour in (3, 9)}
    assert calls[9] == 1000
    assert calls[3] < 60


def test_without_a_rate_there_is_no_stream() -> None:
    with pytest.raises(ValueError, match="rate"):
        Arrivals(Random(1), per_minute=0)


def test_numbers_are_whole_telephone_numbers_and_nobody_shares_one() -> None:
    numbers = {Population.number_of(resident) for resident in range(20_000)}
    assert len(numbers) == 20_000
    assert all(len(number) == 14 and number.startswith("+86125") for number in numbers)


def test_the_hotline_takes_the_numbers_for_telephone_numbers(app: object) -> None:
    number = Population(Random(1)).caller()
    assert normalise_phone(number) == number


def test_some_people_call_often() -> None:
    population = Population(Random(1))
    numbers = [population.caller() for _ in range(2000)]
    assert len(set(numbers)) < 1900
