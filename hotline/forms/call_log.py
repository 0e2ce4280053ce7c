"""The filters of the call log. Whatever stands in the address, a filter that makes no sense is no filter."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, Field, SelectField, StringField
from wtforms.validators import Length, Optional

from accounts.models import Person
from config.extensions import db
from config.web.forms import HouseForm
from hotline.models import AgentPresence, CallQueue, Skill
from hotline.queries.branches import Branch, people_under
from hotline.queries.calls_filters import LogFilters
from hotline.queries.queues import sites
from hotline.words import CallState, Direction, EndReason

E = TypeVar("E", bound=Enum)
LONGEST = 40
MOST_SECONDS = 86_400
FIRST = ("number", "from_day", "to_day", "queue", "agent", "end_reason")
"""Always shown; the others fold away until one of them is used."""
YES_NO = (("", _l("All")), ("1", _l("Yes")), ("0", _l("No")))


class CallLogForm(HouseForm):
    """Sent by GET. `branch`: agents of these parts of the tree alone are named."""

    class Meta:
        csrf = False

    number = StringField(_l("Caller's number"), validators=[Optional(), Length(max=LONGEST)])
    from_day = DateField(_l("From"), validators=[Optional()])
    to_day = DateField(_l("To"), validators=[Optional()])
    queue = SelectField(_l("Queue"))
    agent = SelectField(_l("Agent"))
    end_reason = SelectField(_l("Ended because"))
    call_no = StringField(_l("Call number"), validators=[Optional(), Length(max=LONGEST)])
    direction = SelectField(_l("Direction"))
    state = SelectField(_l("State"))
    skill = SelectField(_l("Skill"))
    seat = StringField(_l("Seat number"), validators=[Optional(), Length(max=LONGEST)])
    site = SelectField(_l("Site"))
    waited_over = StringField(_l("Waited longer than (s)"))
    talked_over = StringField(_l("Talked longer than (s)"))
    talked_under = StringField(_l("Talked shorter than (s)"))
    recorded = SelectField(_l("Recorded"), choices=YES_NO)
    rated = SelectField(_l("Rated by the citizen"), choices=YES_NO)
    with_case = SelectField(_l("With a case"), choices=YES_NO)
    abandoned = BooleanField(_l("Abandoned only"))
    short = BooleanField(_l("Short abandons"))
    held = BooleanField(_l("Was on hold"))
    transferred = BooleanField(_l("Transferred"))
    helped = BooleanField(_l("Help was asked for"))
    listened = BooleanField(_l("Was listened to"))
    emergency = BooleanField(_l("Emergency number called in"))

    def __init__(self, arguments: MultiDict[str, str], branch: Branch | None = None) -> None:
        super().__init__(formdata=arguments)
        everything = [("", _l("All"))]
        self.direction.choices = everything + Direction.choices()
        self.state.choices = everything + CallState.choices()
        self.end_reason.choices = everything + EndReason.choices()
        self.queue.choices = everything + _rows(select(CallQueue.id, CallQueue.name).order_by(CallQueue.name))
        self.skill.choices = everything + _rows(select(Skill.id, Skill.name).order_by(Skill.name))
        agents = select(Person.id, Person.name).join(AgentPresence, AgentPresence.agent_id == Person.id)
        if branch is not None:
            agents = agents.where(Person.id.in_(people_under(branch)))
        self.agent.choices = everything + _rows(agents.order_by(Person.name))
        self.site.choices = everything + [(site, site) for site in sites()]

    @property
    def first(self) -> list[Field]:
        """The fields that are always shown."""
        return [self[name] for name in FIRST]

    @property
    def more(self) -> list[Field]:
        """The others."""
        return [field for field in self if field.name not in FIRST]

    @property
    def uses_more(self) -> bool:
        """Whether one of the others is filled in."""
        return any(field.data for field in self.more)

    def filters(self) -> LogFilters:
        """What is asked for, rubbish left out."""
        return LogFilters(
            number=_text(self.number.data),
            call_no=_text(self.call_no.data),
            state=_word(CallState, self.state.data),
            end_reason=_word(EndReason, self.end_reason.data),
            direction=_word(Direction, self.direction.data),
            queue_id=_chosen(self.queue),
            agent_id=_chosen(self.agent),
            skill_id=_chosen(self.skill),
            seat=_text(self.seat.data),
            site=self.site.data if self.site.data in dict(self.site.choices) else "",
            from_day=_day(self.from_day.data),
            to_day=_day(self.to_day.data),
            waited_over=_seconds(self.waited_over.data),
            talked_over=_seconds(self.talked_over.data),
            talked_under=_seconds(self.talked_under.data),
            recorded=_yes_or_no(self.recorded.data),
            rated=_yes_or_no(self.rated.data),
            with_case=_yes_or_no(self.with_case.data),
            **{
                name: bool(self[name].data)
                for name in ("abandoned", "short", "held", "transferred", "helped", "listened", "emergency")
            },
        )


def _rows(statement: Any) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in db.session.execute(statement)]


def _chosen(field: SelectField) -> int | None:
    return int(field.data) if field.data and field.data in dict(field.choices) else None


def _yes_or_no(value: Any) -> bool | None:
    return {"1": True, "0": False}.get(str(value))


def _seconds(value: Any) -> int | None:
    text = str(value or "").strip()
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) < 6 and int(text) <= MOST_SECONDS
        else None
    )


def _text(value: Any) -> str:
    text = str(value or "").strip()
    return "" if "\x00" in text or len(text) > LONGEST else text


def _word(words: type[E], value: Any) -> E | None:
    try:
        return words(value) if value else None
    except ValueError:
        return None


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) and 2000 <= value.year <= 2999 else None
