"""What an editor types to have an answer collected."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from accounts.forms.choices import department_choices, department_of
from accounts.models import Department, Person
from config.errors import Invalid
from config.web.forms import HouseForm, show_errors


class HandingForm(HouseForm):
    """Who answers, and by when."""

    department = SelectField(_l("Department"), [InputRequired()], render_kw={"data-combobox": True})
    owner = SelectField(_l("Owner"), default="", validate_choice=False, render_kw={"data-combobox": True})
    due_on = DateField(_l("Due on"), [InputRequired()])

    def __init__(self, people: Iterable[Person], scope: tuple[str, ...] = ("/",), **more: object) -> None:
        super().__init__(**more)
        self._people = {str(person.id): person for person in people}
        self.department.choices = department_choices(_("Choose a department"), scope=scope)
        self.owner.choices = [
            ("", _("Whoever takes it")),
            *(
                (key, f"{person.name} · {person.department or _('Hotline')}")
                for key, person in self._people.items()
            ),
        ]

    def chosen_department(self) -> Department | None:
        """The department that was chosen."""
        return department_of(self.department.data)

    def chosen_owner(self) -> Person | None:
        """The person that was chosen, if any."""
        return self._people.get(self.owner.data or "")

    def tell(self, wrong: Invalid) -> None:
        """Show what a service found wrong beside the fields."""
        show_errors(self, wrong.fields, "department")


class TaskForm(HandingForm):
    """A new task."""

    question = StringField(
        _l("What is to be answered"),
        [InputRequired(), Length(max=200)],
        description=_l("The department reads this: take out names, numbers and addresses of citizens."),
    )
    note = TextAreaField(_l("Note"), [Length(max=500)], render_kw={"rows": 3, "maxlength": 500})
