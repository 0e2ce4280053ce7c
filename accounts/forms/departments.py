"""Founding and changing departments, and their file."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from accounts.forms.choices import department_choices, department_of
from accounts.models import Department, DepartmentKind, DepartmentLevel
from accounts.services import department_rows
from config.errors import Invalid
from config.web.forms import HouseForm


class DepartmentForm(HouseForm):
    """What is known of a department."""

    name = StringField(_l("Full name"), [DataRequired(), Length(max=120)])
    short_name = StringField(_l("Short name"), [Length(max=40)])
    kind = RadioField(_l("Kind"), [DataRequired()])
    level = SelectField(_l("Level"), [DataRequired()])
    parent = SelectField(_l("Stands under"), render_kw={"data-combobox": ""})
    former_numbers = StringField(
        _l("Former numbers"),
        [Length(max=400)],
        description=_l("Public numbers that are answered here now, with spaces between them."),
    )
    contacts = TextAreaField(
        _l("Contacts"),
        [Length(max=4000)],
        description=_l("One a line: name | telephone | hours"),
    )
    duties = TextAreaField(
        _l("Duties"),
        [Length(max=4000)],
        description=_l("What it is responsible for, one a line, in the words citizens use."),
    )
    address = StringField(_l("Address"), [Length(max=200)])
    hours = StringField(_l("Opening hours"), [Length(max=200)])
    active = BooleanField(_l("Takes cases"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = DepartmentKind.choices()
        self.level.choices = DepartmentLevel.choices()
        self.parent.choices = department_choices(_("Nothing: the root of the tree"), gone=True)

    def validate_former_numbers(self, field: Any) -> None:
        _must_read(department_rows.numbers, field.data)

    def validate_contacts(self, field: Any) -> None:
        _must_read(department_rows.contacts, field.data)

    def facts(self) -> dict[str, Any]:
        """What the services take, but for code and parent."""
        return {
            "name": self.name.data or "",
            "short_name": self.short_name.data or "",
            "kind": DepartmentKind(self.kind.data),
            "level": DepartmentLevel(self.level.data),
            "former_numbers": department_rows.numbers(self.former_numbers.data or ""),
            "contacts": department_rows.contacts(self.contacts.data or ""),
            "active": bool(self.active.data),
            "duties": self.duties.data or "",
            "address": self.address.data or "",
            "hours": self.hours.data or "",
        }

    def chosen_parent(self) -> Department | None:
        """The department above, or None."""
        return department_of(self.parent.data)


class NewDepartmentForm(DepartmentForm):
    """A department that is not here yet."""

    code = StringField(
        _l("Code"),
        [DataRequired(), Length(max=32)],
        description=_l("Names the department in files and in the interface; it does not change."),
    )


class DepartmentFileForm(HouseForm):
    """A CSV file of departments."""

    file = FileField(
        _l("CSV file"), [FileRequired(_l("Choose a file."))], render_kw={"accept": ".csv,text/csv"}
    )


def _must_read(reader: Any, text: str | None) -> None:
    try:
        reader(text or "")
    except Invalid as invalid:
        raise ValidationError(invalid.message) from invalid
