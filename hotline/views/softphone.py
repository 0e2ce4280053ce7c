"""What the telephone in the browser asks and tells."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, request
from flask_babel import gettext as _
from pydantic import ValidationError

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from hotline.forms.quality import QualityReport
from hotline.services.coming_back import come_back
from hotline.services.in_call import call_by_no
from hotline.services.quality import note_quality
from hotline.services.softphone import report_trouble, take_telephone
from hotline.views import blueprint
from hotline.views.bar import call_bar
from hotline.words import TelephoneTrouble


@blueprint.post("/calls/telephone")
@requires("call:take")
def telephone() -> Response:
    """`{browser, from_another?}` → `{url, seat, password, ice, grades}`, for the person at that seat alone."""
    asked = _object()
    browser = asked.get("browser")
    if not isinstance(browser, str) or not 8 <= len(browser) <= 36:
        raise Invalid(fields={"browser": _("This browser has no name.")})
    return jsonify(take_telephone(current_person(), browser, from_another=asked.get("from_another") is True))


@blueprint.post("/calls/telephone/trouble")
@requires("call:take")
def telephone_trouble() -> Response:
    """`{kind}`, one of TelephoneTrouble."""
    kind = str(_object().get("kind"))
    if kind not in list(TelephoneTrouble):
        raise Invalid(fields={"kind": _("There is no such trouble.")})
    report_trouble(current_person(), TelephoneTrouble(kind))
    return call_bar()


@blueprint.post("/calls/<call_no>/come-back")
@requires("call:take")
def come_back_to(call_no: str) -> Response:
    """`{leg}`: this browser has lost the voice of that leg."""
    come_back(current_person(), call_by_no(call_no), str(_object().get("leg"))[:64])
    return call_bar()


@blueprint.post("/calls/<call_no>/quality")
@requires("call:take")
def quality(call_no: str) -> tuple[str, int]:
    """A QualityReport."""
    try:
        report = QualityReport.model_validate(_object())
    except ValidationError as error:
        fields = {".".join(map(str, one["loc"])) or "report": one["msg"] for one in error.errors()}
        raise Invalid(fields=fields) from error
    note_quality(current_person(), call_by_no(call_no), report)
    return "", 204


def _object() -> dict[str, Any]:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}
