"""`/styleguide`: every token and part of the design language, in its states, on one page."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    Form,
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
from config.web.forms import HouseForm
from config.words import Hue, Word
from console.shell import THEMES, Shell
from console.views import blueprint
from hotline.ivr.builtin import FORMER_NUMBER
from hotline.ivr.check import exit_label, name_of
from hotline.ivr.drawing import BOX_HEIGHT, BOX_WIDTH, draw
from hotline.ivr.words import NodeKind
from hotline.views.course import Piece
from hotline.words import AgentState
from knowledge_base.comparing import compare

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


class SampleForm(HouseForm):
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


class SampleFilters(Form):
    """Above a list."""

    text = StringField(_l("Title"))
    kind = SelectField(_l("Type"), choices=SampleState.choices)
    only = BooleanField(_l("Overdue"))


def _forms(theme: str, n: int) -> tuple[Form, SampleForm, SampleForm]:
    """Filters, a form that is well and one that is not; the second theme's have names of their own."""
    names = (f"{theme}-narrow", theme, f"{theme}-bad") if n else ("narrow", "", "bad")
    good, bad = (SampleForm(formdata=None, meta={"csrf": False}, prefix=name) for name in names[1:])
    bad.title.errors = [_("Say in one line what happened.")]
    return SampleFilters(prefix=names[0]), good, bad


@blueprint.get("/styleguide")
@requires("console:styleguide")
def styleguide() -> str:
    """In the reader's theme; `?both=1` in both, one below the other."""
    both = request.args.get("both") == "1"
    themes = THEMES if both else (Shell().theme,)
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
        both=both,
        specimens=[(theme, *_forms(theme, n)) for n, theme in enumerate(themes)],
        presences=list(AgentState),
        pieces=list(Piece),
        drawing=draw(FORMER_NUMBER),
        box=(BOX_WIDTH, BOX_HEIGHT),
        document=FORMER_NUMBER,
        kinds=NodeKind,
        name_of=lambda one: name_of(FORMER_NUMBER, one),
        exit_label=exit_label,
        compared=compare("路灯报修：0990-12345678", "路灯报修：0990-87654321"),
        moment=now,
        hours=lambda n: now + timedelta(hours=n),
        entries=entries,
        page=Page(items=[], next_cursor="next", previous_cursor="previous"),
        icons=ICONS,
    )
