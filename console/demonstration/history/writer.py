"""Writes one day: its calls, the cases they brought, and what became of those up to now. All of it or nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from accounts.identity import acting_as
from accounts.models import Person
from config import clock
from config.extensions import db
from config.transaction import transaction, untold
from console.demonstration.chance import dice
from console.demonstration.history.births import Birth, births_of, intake_of
from console.demonstration.history.cast import Cast, cast_of
from console.demonstration.history.days import Day
from console.demonstration.history.lives import live
from console.demonstration.history.order import numbered_as_of
from console.demonstration.history.steps import Life
from console.demonstration.history.telephone import Telephone, callers_of
from console.demonstration.history.timing import forget_telephone_timers, pass_until
from console.demonstration.names import a_callers_number, a_name, a_number, name_of
from dispatch import services
from dispatch.models import Case
from dispatch.workflow import CaseState, Channel


def is_written(day: Day) -> bool:
    """Whether the day has its past: a day is one transaction, so one case tells."""
    first = f"demo-{day.key}-"
    return db.session.scalar(select(Case.id).where(Case.intake_key.startswith(first)).limit(1)) is not None


def write_day(day: Day) -> int:
    """Write it, in one transaction. Returns how many cases there are now; 0 if it was there."""
    if day.cases == 0 or is_written(day):
        return 0
    with transaction(), untold(), numbered_as_of(day.date):
        cast = cast_of(day.date.toordinal())
        births = births_of(day)
        by_phone = [birth.n for birth in births if birth.channel is Channel.PHONE]
        answered = Telephone(day, cast.team).play(callers_of(day, by_phone))
        forget_telephone_timers(day.until)
        for talk in answered:
            _write_case(day, births[talk.case], cast, talk.agent, talk.at, talk.number, talk.call_no)
        others = [birth for birth in births if birth.channel is not Channel.PHONE]
        for birth, at in zip(others, day.moments("other channels", len(others)), strict=False):
            clerk = birth.rng.choice(cast.team)
            _write_case(day, birth, cast, clerk, at, a_callers_number(birth.rng), None)
    return len(births)


def _write_case(
    day: Day, birth: Birth, cast: Cast, agent: Person, at: datetime, phone: str, call_no: str | None
) -> None:
    birth.name, birth.woman = name_of(phone)
    intake = intake_of(birth, day, at, phone, call_no)
    with clock.turned_to(at), acting_as(agent):
        if birth.answered:
            services.answer_on_the_spot(agent, intake, birth.story.answer)
            return
        case = services.register_case(agent, intake)
    texts = dice("texts", day.key, birth.n)
    life = Life(case, birth.story, birth.fate, cast, birth.rng, at, day.until, phone, birth.name, texts)
    followed = False
    for moment, deed in live(life):
        if moment >= day.until:
            break
        pass_until(case, moment)
        with clock.turned_to(moment):
            deed()
        if birth.fate.follower and not followed and case.state is CaseState.PROCESSING:
            followed = _another_caller(life, agent)
    pass_until(case, day.until)


def _another_caller(life: Life, agent: Person) -> bool:
    """Somebody else calls about the same thing; the dispatch desk merges the two."""
    rng = dice("follower", life.case.intake_key)
    case, at = life.case, life.at
    name, _woman = a_name(rng)
    again = services.CaseIntake(
        title=case.title,
        content=case.content,
        asked=case.asked,
        category_code=case.category_code,
        request_type=case.request_type,
        channel=Channel.WECHAT,
        district_code=case.district_code,
        street_code=case.street_code,
        community_code=case.community_code,
        address=case.address,
        phone=a_number(rng),
        citizen_name=name,
        intake_key=f"{case.intake_key}-again",
    )
    with clock.turned_to(at):
        other = services.register_case(agent, again)
        services.merge_case(life.dispatcher, other, case.case_no)
    return True
