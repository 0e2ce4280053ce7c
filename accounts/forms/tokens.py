"""Making API tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.models.token import SCOPES
from config import clock
from config.web.forms import HouseForm

LIVES = (30, 90, 180, 365)  # days


class TokenForm(HouseForm):
    """Who gets it, for what, for how long."""

    name = StringField(_l("Who uses it"), [DataRequired(), Length(max=80)])
    scopes = SelectMultipleField(
        _l("It may"),
        [DataRequired()],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )
    days = SelectField(_l("Valid for"), [DataRequired()], coerce=int, default=180)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scopes.choices = [(scope, f"{label} ({scope})") for scope, label in scope_labels().items()]
        self.days.choices = [(days, _("%(n)s days", n=days)) for days in LIVES]

    def expires_at(self) -> datetime:
        """When it opens nothing any more."""
        return clock.now() + timedelta(days=self.days.data)


def scope_labels() -> dict[str, str]:
    """What each scope allows, in words."""
    words = {
        "cases:read": _("read cases"),
        "cases:write": _("register cases and act on them"),
        "kpis:read": _("read key figures"),
        "codes:read": _("read code tables"),
        "knowledge:import": _("hand in files for the knowledge base"),
    }
    return {scope: words[scope] for scope in SCOPES}
