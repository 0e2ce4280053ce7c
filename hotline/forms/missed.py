"""Why missed calls are closed without a call."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import DataRequired, Length

from config.web.forms import HouseForm
from hotline.words import MissedReason


class CloseForm(HouseForm):
    """The calls themselves are chosen in the list; a number closes what is owed to it."""

    number = StringField(
        _l("Telephone number"),
        validators=[Length(max=32)],
        description=_l(
            "Whatever is owed to this number, a kept place too; without one only the calls chosen."
        ),
    )
    reason = SelectField(
        _l("Reason"),
        choices=lambda: [(one.value, one.label) for one in MissedReason],
        validators=[DataRequired()],
    )
    note = StringField(_l("Note"), validators=[Length(max=200)])
