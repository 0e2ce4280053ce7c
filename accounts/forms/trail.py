"""Narrowing the audit trail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField

from accounts import audit
from accounts.queries import TrailFilter
from config import clock
from config.web.forms import HouseForm


class TrailForm(HouseForm):
    """Above the trail; rubbish in the address means: not narrowed."""

    class Meta:
        csrf = False

    verb = SelectField(_l("What"), validate_choice=False)
    login = StringField(_l("Login of who did it"))
    subject = StringField(_l("Subject"), render_kw={"placeholder": "case:1024"})
    since = DateField(_l("From"))
    until = DateField(_l("To"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.verb.choices = [("", _("Everything")), *audit.verbs().items()]

    def narrowed(self) -> TrailFilter:
        """Both days are the city's, and both belong to the time asked for."""
        since, until = _day(self.since), _day(self.until)
        return TrailFilter(
            verb=self.verb.data or "",
            login=self.login.data or "",
            subject=self.subject.data or "",
            since=clock.start_of_day(since) if since else None,
            until=clock.start_of_day(until + timedelta(days=1)) if until else None,
        )


def _day(field: Any) -> date | None:
    """A day that a calendar has and a database takes."""
    day: date | None = field.data
    return day if day is not None and 1970 <= day.year < 2200 else None
