"""How a case comes in: its story, its citizen, its channel, and what the agent makes of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from console.demonstration.chance import dice
from console.demonstration.history.days import Day
from console.demonstration.history.fates import Fate, a_fate, waiting_now
from console.demonstration.history.stories import Story, a_story
from dispatch.models import CitizenKind, Sex
from dispatch.services import CaseIntake
from dispatch.workflow import Channel

CHANNELS = {
    Channel.PHONE: 760, Channel.WECHAT: 90, Channel.APP: 55, Channel.WEB: 45, Channel.UPPER: 15, Channel.POLICE: 12,
    Channel.LEADERS: 10, Channel.COUNTER: 6, Channel.MAIL: 4, Channel.SMS: 3,
}  # fmt: skip
ON_THE_SPOT = 0.34
"""Share of cases by telephone that the agent answers while talking."""


@dataclass
class Birth:
    """The `n`-th case of a day before anybody acts on it."""

    n: int
    channel: Channel
    fate: Fate
    story: Story
    answered: bool
    rng: Random
    name: str = ""
    woman: bool = False


def births_of(day: Day) -> list[Birth]:
    """Every case of `day`."""
    return [_birth(day, n) for n in range(day.cases)]


def _birth(day: Day, n: int) -> Birth:
    rng = dice("case", day.key, n)
    channel = rng.choices(list(CHANNELS), list(CHANNELS.values()))[0]
    waiting = waiting_now(day.rank, n, rng)
    fate = waiting or a_fate(rng)
    answered = waiting is None and channel is Channel.PHONE and rng.random() < ON_THE_SPOT
    return Birth(n, channel, fate, a_story(rng, for_dispatch=not answered), answered, rng)


def intake_of(birth: Birth, day: Day, at: datetime, phone: str, call_no: str | None) -> CaseIntake:
    """What the agent types."""
    rng, story = birth.rng, birth.story
    anonymous = birth.channel is Channel.PHONE and rng.random() < 0.015
    return CaseIntake(
        title=story.title,
        content=story.content,
        asked=story.asked,
        category_code=story.template.category,
        request_type=story.template.request_type,
        urgency=story.template.urgency,
        channel=birth.channel,
        occurred_at=at - timedelta(minutes=rng.choice((30, 90, 400, 1500, 4000))),
        district_code=story.street.district,
        street_code=story.street.code,
        community_code=story.community_code,
        address=story.address,
        phone="" if anonymous else phone,
        citizen_name="" if anonymous else birth.name,
        citizen_sex=Sex.FEMALE if birth.woman else Sex.MALE,
        citizen_kind=CitizenKind.ENTERPRISE
        if story.template.category.startswith("15")
        else CitizenKind.PERSON,
        anonymous=anonymous,
        confidential=rng.random() < 0.04,
        public=rng.random() < 0.3,
        call_no=call_no,
        intake_key=f"demo-{day.key}-{birth.n}",
    )
