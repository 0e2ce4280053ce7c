"""When people in offices do things: on working days from nine to half past five, by the city's calendar."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random

from config import calendar, clock

OPENS, CLOSES = timedelta(hours=9), timedelta(hours=17, minutes=30)
CALLS_FROM, CALLS_UNTIL = timedelta(hours=9), timedelta(hours=19, minutes=30)


def in_office(moment: datetime) -> datetime:
    """`moment`, or where offices are closed then, as long into the next working day as it lies after closing time."""
    local = clock.local(moment)
    midnight = clock.start_of_day(local.date())
    if calendar.is_working_day(local.date()):
        if moment < midnight + OPENS:
            return midnight + OPENS + (moment - midnight) / 24
        if moment < midnight + CLOSES:
            return moment
    opens = clock.start_of_day(calendar.next_working_day(local.date())) + OPENS
    return opens + timedelta(minutes=7 + moment.minute)


def at_callback_hours(moment: datetime) -> datetime:
    """`moment`, or the next one at which one may ring citizens up."""
    midnight = clock.start_of_day(clock.local(moment).date())
    if moment < midnight + CALLS_FROM:
        return midnight + CALLS_FROM + timedelta(minutes=moment.minute)
    if moment > midnight + CALLS_UNTIL:
        return midnight + timedelta(days=1) + CALLS_FROM + timedelta(minutes=moment.minute)
    return moment


def later(moment: datetime, rng: Random, least: float, most: float) -> datetime:
    """Between `least` and `most` minutes later, most often nearer to the least."""
    return moment + timedelta(minutes=rng.triangular(least, most, least + (most - least) * 0.3))
