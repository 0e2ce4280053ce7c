"""What every form on a page is made from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import CombinedMultiDict, MultiDict
from wtforms import FileField


class HouseForm(FlaskForm):
    """Filled from the fields of a form alone. JSON is none, and a file is taken only by a field that asks for one:
    elsewhere it would stand where every validator expects text."""

    class Meta(FlaskForm.Meta):
        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            if formdata is None or hasattr(formdata, "getlist"):
                return formdata
            return _sent(form) if form.is_submitted() else None


def _sent(form: HouseForm) -> MultiDict[str, Any] | CombinedMultiDict[str, Any] | None:
    wanted = {name for name, field in form._unbound_fields if issubclass(field.field_class, FileField)}
    files = MultiDict((name, file) for name, file in request.files.items(multi=True) if name in wanted)
    if files:
        return CombinedMultiDict((files, request.form))
    return request.form or None


def show_errors(form: HouseForm, fields: Mapping[str, Any], otherwise: str = "") -> None:
    """Put what was refused beside the field it concerns; what concerns none, at the field `otherwise`, or, without
    one, above the form."""
    for name, message in fields.items():
        if (place := name if name in form._fields else otherwise) in form._fields:
            form[place].errors = [*form[place].errors, str(message)]
        else:
            form.form_errors.append(str(message))
