"""The form of an action, made from its row of the workflow table: a row more is a form more."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import DateInput, DateTimeLocalInput, NumberInput, TextInput

from accounts.identity import current_person
from config.web.forms import HouseForm
from dispatch.forms.choices import NONE, category_groups, department_choices
from dispatch.forms.files import file_ids, kept_files
from dispatch.models import Case
from dispatch.workflow import FIELDS, Action, RequestType, Transition, Urgency

RATINGS = (
    ("5", _l("Very satisfied")),
    ("4", _l("Satisfied")),
    ("3", _l("Neither satisfied nor dissatisfied")),
    ("2", _l("Dissatisfied")),
    ("1", _l("Very dissatisfied")),
)
_ELSEWHERE = frozenset({"call_no"})
"""Told by the workbench, not typed."""
_CHOICES = {"request_type": RequestType, "urgency": Urgency}
_WIDGETS: dict[str, Any] = {
    "number": NumberInput(min=1, max=60),
    "moment": DateTimeLocalInput(),
    "day": DateInput(),
}
LABELS: dict[tuple[Action, str], Any] = {
    (Action.LOG_PROGRESS, "note"): _l("What was done"),
    (Action.RECORD_CONTACT, "note"): _l("What was said"),
    (Action.REPORT_BACK, "note"): _l("Report to the lead department"),
    (Action.ANSWER_NOTICE, "note"): _l("Answer to the notice"),
    (Action.URGE, "note"): _l("What the citizen says"),
    (Action.SUPPLEMENT, "note"): _l("What became known"),
    (Action.RECORD_ATTEMPT, "note"): _l("Remark"),
    (Action.CLOSE_SATISFIED, "note"): _l("What the citizen said"),
}
"""Where the field's own name says too little."""


class FilesField(Field):
    """Files sent before the form; `data` are their tokens."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [value for value in valuelist if value]

    @property
    def kept(self) -> list[Any]:
        """What the form shows of them."""
        return kept_files(current_person(), self.data or ())


def action_form(row: Transition, case: Case | None = None, start: dict[str, Any] | None = None) -> HouseForm:
    """The row's fields: filled from what was sent, else with `start`. `case` narrows what can be chosen."""
    made: dict[str, Any] = {"version": HiddenField(default=str(case.version) if case else "")}
    for name in (*row.needs, *row.takes):
        if name not in _ELSEWHERE:
            made[name] = _field(row, name, name in row.needs, case)
    form = type("ActionForm", (HouseForm,), made)(
        data={**(start or {}), "version": made["version"].kwargs["default"]}
    )
    if "category_code" in form:
        form[
            "category_code"
        ].choices = category_groups()  # groups are set afterwards: as an argument they are of old
    return form


def _field(row: Transition, name: str, needed: bool, case: Case | None) -> Any:
    """The validators only mark what is needed: what is right and what is wrong, `perform` alone says."""
    field = FIELDS[name]
    label = LABELS.get((row.action, name), field.label)
    validators = [InputRequired()] if needed else []
    chosen: dict[str, Any] = {"validators": validators, "validate_choice": False}
    combobox = {"data-combobox": True}
    if name == "category_code":
        return SelectField(label, render_kw=combobox, **chosen)
    if name in _CHOICES:
        return SelectField(label, choices=[NONE, *_CHOICES[name].choices()], **chosen)
    match field.kind:
        case "department":
            under = case.lead_department if case and row.action is Action.HAND_DOWN else None
            choices = [NONE, *department_choices(under)]
            return SelectField(label, choices=choices, render_kw=combobox, **chosen)
        case "departments":
            return SelectMultipleField(label, choices=department_choices(), render_kw=combobox, **chosen)
        case "word":
            words = field.words.choices() if field.words else []
            return SelectField(label, choices=[NONE, *words], **chosen)
        case "flag":
            return RadioField(label, choices=[("true", _("Yes")), ("false", _("No"))], **chosen)
        case "rating":
            return RadioField(label, choices=list(RATINGS), **chosen)
        case "files":
            return FilesField(label)
        case "long_text":
            about: dict[str, Any] = {"rows": 6 if field.longest >= 10_000 else 3, "maxlength": field.longest}
            return TextAreaField(label, validators, render_kw=about)
    about = {} if field.kind in _WIDGETS else {"maxlength": field.longest or 64, "autocomplete": "off"}
    if field.kind == "case_no":
        about |= {"list": "same-cases"}
    return StringField(label, validators, widget=_WIDGETS.get(field.kind, TextInput()), render_kw=about)


def data_of(form: HouseForm) -> dict[str, Any]:
    """What was typed, raw, for `perform` to read."""
    return {field.name: _raw(field) for field in form if field.name not in ("csrf_token", "version")}


def _raw(field: Field) -> Any:
    if isinstance(field, FilesField):
        return file_ids(current_person(), field.data or ())
    if isinstance(field, SelectMultipleField):
        return list(field.data or [])
    return field.raw_data[0] if field.raw_data else None
