"""What is said of a number."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from config.web.forms import HouseForm


class ProposeForm(HouseForm):
    """A proposal to block the caller of a call."""

    days = SelectField(
        _l("Block for"),
        choices=[(7, _l("7 days")), (30, _l("30 days")), (90, _l("90 days"))],
        coerce=int,
    )
    reason = StringField(_l("Reason"), validators=[DataRequired(), Length(max=200)])


class PreferForm(HouseForm):
    """A number that comes first."""

    number = StringField(_l("Telephone number"), validators=[DataRequired(), Length(max=32)])
    priority = IntegerField(_l("Priority"), validators=[InputRequired(), NumberRange(1, 100)], default=10)
    reason = StringField(_l("Reason"), validators=[DataRequired(), Length(max=200)])
