"""`/styleguide`: every token and part of the design language, in its states, on one page."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional

from accounts.permissions import requires
from config import clock
from config.paging import Page
from config.words import Hue, Word
from console.views import blueprint

ICONS = (
    *(
        "quiet",
        "waiting",
        "running",
        "good",
        "late",
        "search",
        "menu",
        "down",
        "right",
        "left",
        "close",
        "plus",
    ),
    *("check", "eye", "phone", "hangup", "pause", "bell", "bell-off", "person", "building", "book", "file"),
    *("place", "lock", "out", "copy", "info", "filter", "link", "download"),
)


class SampleState(Word):
    """One word of each hue."""

    QUIET = "quiet", _l("Draft"), Hue.QUIET
    WAITING = "waiting", _l("Waiting"), Hue.WAITING
    RUNNING = "running", _l("Under way"), Hue.RUNNING
    GOOD = "good", _l("Done"), Hue.GOOD
    LATE = "late", _l("Overdue"), Hue.LATE


class SampleForm(FlaskForm):
    """One field of each kind."""

    title = StringField(_l("Title"), [DataRequired()], description=_l("What happened, in one line."))
    kind = RadioField(_l("Type"), [DataRequired()], choices=SampleState.choices)
    place = SelectField(
        _l("Place"), [Optional()], choices=SampleState.choices, render_kw={"data-combobox": ""}
    )
    helpers = SelectMultipleField(
        _l("Assisting"), [Optional()], choices=SampleState.choices, render_kw={"data-combobox": ""}
    )
    at = DateTimeLocalField(_l("When"), [Optional()])
    text = TextAreaField(_l("Content"), [DataRequired()])
    confidential = BooleanField(_l("Confidential"))


@blueprint.get("/styleguide")
@requires("console:styleguide")
def styleguide() -> str:
    good, bad = SampleForm(meta={"csrf": False}), SampleForm(meta={"csrf": False}, prefix="bad")
    bad.title.errors = [_("Say in one line what happened.")]
    now = clock.now()
    entries = [
        {
            "at": now - timedelta(minutes=m),
            "who": "—",
            "label": state.label,
            "text": _("What was done."),
            "hue": state.hue,
        }
        for m, state in enumerate(SampleState)
    ]
    return render_template(
        "console/styleguide.html",
        states=list(SampleState),
        form=good,
        bad=bad,
        moment=now,
        hours=lambda n: now + timedelta(hours=n),
        entries=entries,
        page=Page(items=[], next_cursor="next", previous_cursor="previous"),
        icons=ICONS,
    )
