"""What an administrator may say of seats and skills; queues have a form of their own (`forms.queue`)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from config.web.forms import HouseForm

CODE = Regexp(r"^[a-z0-9_-]+$", message=_l("Small letters, digits, - and _ only."))
NUMBER = Regexp(r"^[A-Za-z0-9_-]+$", message=_l("Letters, digits, - and _ only."))


class SkillForm(HouseForm):
    """A skill."""

    code = StringField(_l("Code"), validators=[DataRequired(), Length(max=32), CODE])
    name = StringField(_lp("queue", "Name"), validators=[DataRequired(), Length(max=80)])


class SeatForm(HouseForm):
    """A seat."""

    number = StringField(
        _l("Seat number"),
        validators=[
            DataRequired(),
            Length(max=32),
            NUMBER,
        ],
    )
    site = StringField(_l("Site"), validators=[Optional(), Length(max=80)])
    active = BooleanField(_l("In use"), default=True)
