"""The filters of the call log. Whatever stands in the address, a filter that makes no sense is no filter."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import Any, TypeVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.validators import Length, Optional

from config.extensions import db
from hotline.models import CallQueue
from hotline.queries.calls import LogFilters
from hotline.words import CallState, Direction, EndReason

E = TypeVar("E", bound=Enum)
LONGEST = 40


class CallLogForm(FlaskForm):
    """Sent by GET."""

    class Meta:
        csrf = False

    number = StringField(_l("Caller's number"), validators=[Optional(), Length(max=LONGEST)])
    call_no = StringField(_l("Call number"), validators=[Optional(), Length(max=LONGEST)])
    from_day = DateField(_l("From"), validators=[Optional()])
    to_day = DateField(_l("To"), validators=[Optional()])
    direction = SelectField(_l("Direction"))
    state = SelectField(_l("State"))
    end_reason = SelectField(_l("Ended because"))
    queue = SelectField(_l("Queue"))
    abandoned = BooleanField(_l("Abandoned only"))

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        super().__init__(formdata=arguments)
        everything = [("", _l("All"))]
        self.direction.choices = everything + Direction.choices()
        self.state.choices = everything + CallState.choices()
        self.end_reason.choices = everything + EndReason.choices()
        queues = db.session.execute(select(CallQueue.id, CallQueue.name).order_by(CallQueue.name))
        self.queue.choices = everything + [(str(number), name) for number, name in queues]

    def filters(self) -> LogFilters:
        """What is asked for, rubbish left out."""
        queue = dict(self.queue.choices).get(self.queue.data or "") and self.queue.data
        return LogFilters(
            number=_text(self.number.data),
            call_no=_text(self.call_no.data),
            state=_word(CallState, self.state.data),
            end_reason=_word(EndReason, self.end_reason.data),
            direction=_word(Direction, self.direction.data),
            queue_id=int(queue) if queue else None,
            from_day=_day(self.from_day.data),
            to_day=_day(self.to_day.data),
            abandoned=bool(self.abandoned.data),
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
