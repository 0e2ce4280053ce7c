"""What a department says of itself in the directory."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from accounts.models import Department
from accounts.services import department_rows
from config.errors import Invalid
from config.web.forms import HouseForm


class EntryForm(HouseForm):
    """Duties, address, hours and numbers. Name and place in the tree are the administration's."""

    duties = TextAreaField(
        _l("Duties"),
        [Length(max=4000)],
        description=_l("What it is responsible for, one a line, in the words citizens use."),
        render_kw={"rows": 8},
    )
    address = StringField(_l("Address"), [Length(max=200)])
    hours = StringField(_l("Opening hours"), [Length(max=200)])
    contacts = TextAreaField(
        _l("Contacts"),
        [Length(max=4000)],
        description=_l("One a line: name | telephone | hours"),
        render_kw={"rows": 4},
    )

    @classmethod
    def showing(cls, office: Department) -> EntryForm:
        """The form filled with what is known, or with what was sent."""
        return cls(
            duties=office.duties,
            address=office.address,
            hours=office.hours,
            contacts=department_rows.contacts_text(office.contacts),
        )

    def validate_contacts(self, field: Any) -> None:
        try:
            department_rows.contacts(field.data or "")
        except Invalid as wrong:
            raise ValidationError(wrong.message) from wrong

    def facts(self) -> dict[str, Any]:
        """What the service takes."""
        return {
            "duties": self.duties.data or "",
            "address": self.address.data or "",
            "hours": self.hours.data or "",
            "contacts": department_rows.contacts(self.contacts.data or ""),
        }
