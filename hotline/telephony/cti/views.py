"""The door of switches that queue by themselves: one address each, with their token in it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from pydantic import ValidationError

from accounts.permissions import public
from config.errors import Invalid, TooLarge
from hotline.telephony.cti.lines import line_of
from hotline.telephony.cti.noting import note
from hotline.telephony.cti.told import Told, from_form

blueprint = Blueprint("cti", __name__, url_prefix="/telephony/cti")

LARGEST = 16 * 1024


@blueprint.post("/<token>")
@public
def told(token: str) -> Response:
    """newCall, answer or hangup. The answer is empty: we order nothing."""
    line = line_of(token)
    if (request.content_length or 0) > LARGEST:
        raise TooLarge(_("An event is not larger than 16 KiB."))
    try:
        event = Told.model_validate(_body())
    except ValidationError as error:
        raise Invalid(_("This event is malformed."), fields=_fields(error)) from error
    note(line, event)
    return jsonify({})


def _body() -> Any:
    if request.mimetype == "application/json":
        return request.get_json(silent=True)
    return from_form({name: request.form.getlist(name) for name in request.form})


def _fields(error: ValidationError) -> dict[str, Any]:
    flaws = error.errors(include_url=False, include_input=False, include_context=False)
    return {str(flaw["loc"][0]) if flaw["loc"] else "body": flaw["msg"] for flaw in flaws}
