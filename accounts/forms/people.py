"""Finding, making and changing people, and their rights."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SearchField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from accounts.forms.choices import CITY, INDENT, department_choices, department_of, depth, one_of
from accounts.identity import current_person
from accounts.models import Department
from accounts.queries import department_by_code, department_tree
from accounts.roles import Role
from config.extensions import db
from config.web.forms import HouseForm


class PeopleFilter(HouseForm):
    """Above the list; rubbish in the address means: not narrowed."""

    class Meta:
        csrf = False

    text = SearchField(_l("Login, name or staff number"))
    role = SelectField(_l("Role"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False)
    shown = SelectField(_l("Shown"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = [("", _("All roles")), *_human_roles()]
        self.department.choices = [("", _("All departments")), *_departments_by_code()]
        self.shown.choices = [("", _("Active")), ("gone", _("Deactivated")), ("all", _("All"))]

    def narrowed(self) -> dict[str, Any]:
        """The arguments of `queries.people`."""
        code = (self.department.data or "").strip()
        return {
            "text": self.text.data or "",
            "role": one_of(Role, self.role.data),
            "department": department_by_code(code) if code else None,
            "active": {"gone": False, "all": None}.get(self.shown.data or "", True),
        }


class PersonForm(HouseForm):
    """What is known of a person."""

    name = StringField(_l("Name"), [DataRequired(), Length(max=80)])
    department = SelectField(_l("Department"), render_kw={"data-combobox": ""})
    staff_no = StringField(_l("Staff number"), [Length(max=32)])
    phone = StringField(_l("Telephone"), [Length(max=32)], render_kw={"inputmode": "tel"})

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = current_person().departments_in_scope(Role.SYSTEM_ADMIN)
        self.department.choices = department_choices(_("None"), scope=scope)
        self.department.flags.required = "/" not in scope

    def chosen_department(self) -> Department | None:
        """The department, or None."""
        return department_of(self.department.data)


class NewPersonForm(PersonForm):
    """A person who is not here yet."""

    login = StringField(
        _l("Login"),
        [DataRequired(), Length(min=2, max=64)],
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )


class GrantForm(HouseForm):
    """One more role."""

    role = SelectField(_l("Role"), [DataRequired()])
    department = SelectField(_l("Reaches"), [DataRequired()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.role.choices = _human_roles()
        scope = current_person().departments_in_scope(Role.SECURITY_ADMIN)
        self.department.choices = department_choices(_("The whole city"), CITY, scope)

    def chosen_department(self) -> Department | None:
        """The department, or None for the whole city."""
        return department_of(self.department.data)


def _departments_by_code() -> list[tuple[str, str]]:
    rows = db.session.scalars(department_tree())
    return [(row.code, INDENT * depth(row) + str(row)) for row in rows]


def _human_roles() -> list[tuple[str, str]]:
    return [(role.value, role.label) for role in Role if role is not Role.API_CLIENT]
