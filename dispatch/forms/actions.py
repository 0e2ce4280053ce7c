"""The form of an action, made from its row of the workflow table: a row more is a form more."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    DateField,
    DateTimeLocalField,
    Field,
    HiddenField,
    IntegerField,
    MultipleFileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired

from dispatch.forms.choices import category_choices, department_choices
from dispatch.models import Case
from dispatch.workflow import FIELDS, Transition

_RATINGS = (
    ("5", _l("Very satisfied")),
    ("4", _l("Satisfied")),
    ("3", _l("Neither")),
    ("2", _l("Dissatisfied")),
    ("1", _l("Very dissatisfied")),
)


def action_form(row: Transition, case: Case, **start: Any) -> FlaskForm:
    """An unbound or (on POST) bound form with the row's fields; `start` are first values."""
    made: dict[str, Any] = {"version": HiddenField(default=str(case.version))}
    for name in (*row.needs, *row.takes):
        if name not in _NOT_TYPED:
            made[name] = _field(name, name in row.needs)
    return type("ActionForm", (FlaskForm,), made)(data=start or None)


_NOT_TYPED = frozenset({"call_no", "attachment_ids"})
"""Set by what the person does elsewhere on the page."""


def _field(name: str, needed: bool) -> Any:
    field = FIELDS[name]
    more: dict[str, Any] = {"validators": [InputRequired()] if needed else []}
    match field.kind:
        case "department" | "departments":
            many = field.kind == "departments"
            kind = SelectMultipleField if many else SelectField
            choices = department_choices(empty=not many)
            return kind(field.label, choices=choices, render_kw={"data-combobox": True}, **_lenient(more))
        case "long_text":
            rows = 6 if field.longest >= 10_000 else 3
            return TextAreaField(
                field.label, render_kw={"rows": rows, "maxlength": field.longest}, **_plain(more)
            )
        case "word":
            words = field.words
            choices = [("", ""), *(words.choices() if words else [])]
            return SelectField(field.label, choices=choices, **_lenient(more))
        case "flag":
            return RadioField(field.label, choices=[("true", _("Yes")), ("false", _("No"))], **_lenient(more))
        case "rating":
            return RadioField(field.label, choices=list(_RATINGS), **_lenient(more))
        case "number":
            return IntegerField(field.label, **_plain(more))
        case "moment":
            return DateTimeLocalField(field.label, **_plain(more))
        case "day":
            return DateField(field.label, **_plain(more))
        case "files":
            return MultipleFileField(field.label)
    if name == "category_code":
        choices = category_choices()
        return SelectField(field.label, choices=choices, render_kw={"data-combobox": True}, **_lenient(more))
    return StringField(field.label, render_kw={"maxlength": field.longest or 64}, **_plain(more))


def _plain(more: dict[str, Any]) -> dict[str, Any]:
    """Required fields are marked for the browser; what is right and wrong, `perform` says."""
    return {"validators": more["validators"]}


def _lenient(more: dict[str, Any]) -> dict[str, Any]:
    return {"validators": more["validators"], "validate_choice": False}


def data_of(form: FlaskForm) -> dict[str, Any]:
    """What was typed, raw, for `perform` to read: it alone says what a field may hold."""
    found: dict[str, Any] = {}
    for field in form:
        if field.name in ("csrf_token", "version"):
            continue
        found[field.name] = _raw(field)
    return found


def _raw(field: Field) -> Any:
    if isinstance(field, SelectMultipleField):
        return list(field.data or [])
    if field.raw_data:
        return field.raw_data[0]
    return None
