"""What an editor or a shift lead types as a script."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from config.errors import Invalid
from config.web.forms import HouseForm, show_errors
from knowledge_base.interfaces import script_places
from knowledge_base.models import Script


class ScriptForm(HouseForm):
    """Without category and queue it is for every call."""

    title = StringField(_l("When it is said"), [InputRequired(), Length(max=80)])
    body = TextAreaField(_l("What is said"), [InputRequired(), Length(max=1000)], render_kw={"rows": 4})
    category_code = SelectField(
        _l("Category"), default="", validate_choice=False, render_kw={"data-combobox": True}
    )
    queue_code = SelectField(_l("Queue"), default="", validate_choice=False)
    place = IntegerField(_l("Place in the list"), [Optional(), NumberRange(0, 9999)], default=100)

    def __init__(self, **more: object) -> None:
        super().__init__(**more)
        places = script_places()
        self.category_code.choices = [("", _("Every category")), *places.categories]
        self.queue_code.choices = [("", _("Every queue")), *places.queues]

    @classmethod
    def showing(cls, script: Script | None) -> ScriptForm:
        """The form filled with a script, or with what was sent."""
        return cls(obj=script) if script is not None else cls()

    def tell(self, wrong: Invalid) -> None:
        """Show what the service found wrong beside the fields."""
        show_errors(self, wrong.fields, "title")
