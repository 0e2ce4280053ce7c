"""What is due in a wait, and when to look again. Pure: a clock process asks, `services.waiting` does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LOOK_AGAIN_EVERY = timedelta(seconds=10)
"""Also the net below the two who look after their commit: whoever queues in vain and whoever becomes idle."""


class Step(StrEnum):
    """What happens to somebody who waits."""

    EXPIRE = "expire"  # the place they left was kept for so long in vain
    NOBODY = "nobody"  # nobody is at work: the other way of the queue
    OVERFLOW = "overflow"  # to the next queue
    ANNOUNCE = "announce"  # position and expected wait
    OFFER = "offer"  # to be called back


@dataclass(frozen=True)
class Rules:
    """Seconds; 0 is never. `nobody_after` counts only where the queue has another way then; `place_hours` is how long a
    place is kept for who left it."""

    announce_every: int
    callback_after: int
    overflow_after: int
    nobody_after: int
    nobody_waits: bool
    has_next: bool
    place_hours: int = 24


@dataclass(frozen=True)
class Wait:
    """Of one caller in one queue. `can_be_called`: the number is known and they are on the line. `is_kept`: they have
    left, and hear nothing; their place goes on to the next queue like any other, or is given up in the end."""

    joined_at: datetime
    waiting_since: datetime
    announced_at: datetime | None = None
    offered_at: datetime | None = None
    can_be_called: bool = True
    is_kept: bool = False


def due(wait: Wait, rules: Rules, now: datetime) -> list[Step]:
    """The steps whose time has come, in the order in which they are to be tried."""
    return [step for step, at in moments(wait, rules).items() if at <= now]


def next_look(wait: Wait, rules: Rules, now: datetime) -> datetime:
    """When to look again: at the next step, or in ten seconds."""
    coming = [at for at in moments(wait, rules).values() if at > now]
    return min([now + LOOK_AGAIN_EVERY, *coming])


def moments(wait: Wait, rules: Rules) -> dict[Step, datetime]:
    """When each step that will come comes."""
    found: dict[Step, datetime] = {}
    if wait.is_kept:
        found[Step.EXPIRE] = wait.waiting_since + timedelta(hours=rules.place_hours)
    elif not rules.nobody_waits:
        found[Step.NOBODY] = wait.joined_at + timedelta(seconds=rules.nobody_after)
    if rules.overflow_after and rules.has_next:
        found[Step.OVERFLOW] = wait.joined_at + timedelta(seconds=rules.overflow_after)
    if wait.is_kept:
        return found
    if rules.announce_every:
        last = wait.announced_at or wait.joined_at
        found[Step.ANNOUNCE] = last + timedelta(seconds=rules.announce_every)
    if rules.callback_after and wait.can_be_called and wait.offered_at is None:
        found[Step.OFFER] = wait.waiting_since + timedelta(seconds=rules.callback_after)
    return found
