"""What a step of a case's life is, and how people take their time between steps."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import Person
from console.demonstration.history.cast import Cast
from console.demonstration.history.fates import Fate
from console.demonstration.history.office import at_callback_hours, in_office, later
from console.demonstration.history.stories import Story
from dispatch.models import Case
from dispatch.workflow import Urgency

Deed = Callable[[], Any]
Step = tuple[datetime, Deed]
Steps = Iterator[Step]


@dataclass
class Life:
    """A case on its way. `at` is the moment of its last step; `until` is now."""

    case: Case
    story: Story
    fate: Fate
    cast: Cast
    rng: Random
    at: datetime
    until: datetime
    phone: str
    name: str
    texts: Random = field(default_factory=Random)

    @property
    def fast(self) -> bool:
        """Urgent matters are seen to at any hour."""
        return self.case.urgency is not Urgency.NORMAL

    def wait(self, least: float, most: float, *, office: bool = True) -> datetime:
        """Move on by so many minutes, into office hours where they count. A hurried life has until now at most."""
        if self.fate.hurried:
            self.at = self._hurry(most)
        else:
            moved = later(self.at, self.rng, least, most)
            self.at = in_office(moved) if office and not self.fast else moved
        return self.at

    def wait_for_callback(self, least: float, most: float) -> datetime:
        """Likewise, to an hour at which one may ring citizens up."""
        if self.fate.hurried:
            self.at = self._hurry(most)
        else:
            self.at = at_callback_hours(later(self.at, self.rng, least, most))
        return self.at

    def wait_until_share(self, share: float) -> datetime:
        """To that share of the time the running clock leaves."""
        if self.fate.hurried or self.case.due_at is None:
            return self.wait(20, 120)
        moved = self.at + max(timedelta(minutes=4), (self.case.due_at - self.at) * share)
        self.at = moved if self.fast else max(in_office(moved) if share < 1 else moved, self.at)
        return self.at

    def _hurry(self, most: float) -> datetime:
        left = (self.until - self.at) * 0.3
        return self.at + min(left, timedelta(minutes=self.rng.uniform(2, min(most, 45))))

    # -- people

    @property
    def dispatcher(self) -> Person:
        return self.texts.choice(self.cast.dispatchers)

    @property
    def officer(self) -> Person:
        return self.cast.officers[self.case.lead_department_id or 0]

    @property
    def approver(self) -> Person:
        return self.cast.approvers[self.case.lead_department_id or 0]
