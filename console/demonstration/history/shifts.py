"""Who sits at the telephones through the day: as many as the calls of the hour need, and one more."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select

from accounts.models import Person
from config import clock
from config.extensions import db
from console.demonstration.city.floor import history_seat
from console.demonstration.history.days import BY_HOUR, Day
from hotline.models import AgentPresence
from hotline.services import become_idle, become_not_ready, sign_off, sign_on
from hotline.words import AgentState, NotReadyReason

HANDLING = 220.0
"""Seconds of an agent's time a call takes, with wrap-up."""


class Shifts:
    """The team of a day. Somebody in a call leaves when they have wrapped up."""

    def __init__(self, day: Day, team: list[Person]) -> None:
        self.day, self.team = day, team
        self.on: list[Person] = []
        self.leaving: set[int] = set()
        self.resting: Person | None = None

    def changes(self) -> Iterator[datetime]:
        """The full hours of the day at which people come and go, and half past twelve, when lunch is changed over."""
        start = clock.start_of_day(self.day.date)
        for minute in (0, *range(60, 24 * 60, 60), 12 * 60 + 30):
            if minute / 60 < max(self.day.hours, 0.01):
                yield start + timedelta(minutes=minute)

    def needed(self, hour: int) -> int:
        """People at the telephones in that hour of the day."""
        calls = self.day.calls * BY_HOUR[hour] / max(1, sum(BY_HOUR))
        return min(len(self.team), 1 + math.ceil(calls * HANDLING / 3600))

    def change(self, at: datetime) -> None:
        """Make it so: the first ones come, the last ones go, one after the other goes to lunch."""
        hour = clock.local(at).hour
        self._lunch(hour)
        wanted = self.needed(hour)
        # Each day another one of the team begins, so that nobody has all the nights.
        turn = self.day.date.toordinal() % len(self.team)
        order = self.team[turn:] + self.team[:turn]
        for person in order[:wanted]:
            self.leaving.discard(person.id)
            if person not in self.on:
                sign_on(person, history_seat(person.login))
                self.on.append(person)
        for person in order[wanted:]:
            if person in self.on:
                self.leaving.add(person.id)
                self.may_leave(person)

    def may_leave(self, person: Person) -> None:
        """Goes home if their shift is over and they are in no call."""
        if person.id in self.leaving and self._state(person) not in (AgentState.RESERVED, AgentState.TALKING):
            sign_off(person)
            self.leaving.discard(person.id)
            self.on.remove(person)

    def nobody_idle(self) -> bool:
        """Whether there is no use in looking for an agent."""
        ids = [person.id for person in self.on]
        idle = select(func.count()).where(
            AgentPresence.agent_id.in_(ids), AgentPresence.state == AgentState.IDLE
        )
        return not db.session.scalar(idle)

    def close(self) -> None:
        """The day is over: everybody goes."""
        for person in list(self.on):
            sign_off(person)
        self.on.clear()

    def _lunch(self, hour: int) -> None:
        if self.resting is not None:
            if self.resting in self.on and self._state(self.resting) is AgentState.NOT_READY:
                become_idle(self.resting)
            self.resting = None
        if hour in (11, 12, 17) and len(self.on) > 1:
            self.resting = self.on[hour % len(self.on)]
            if self._state(self.resting) is AgentState.IDLE:
                become_not_ready(self.resting, NotReadyReason.MEAL)

    def _state(self, person: Person) -> AgentState | None:
        return db.session.scalar(select(AgentPresence.state).where(AgentPresence.agent_id == person.id))
