"""Files on a case: sent while the form is still being filled in, fetched as downloads."""

from __future__ import annotations

from flask import Response, jsonify, request, send_file
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid, NotFound
from config.storage import open_file
from dispatch import services
from dispatch.forms.files import token_of
from dispatch.queries import visible_case
from dispatch.services.attachments import attachments_of
from dispatch.views import blueprint


@blueprint.post("/cases/files")
@requires("case:attach")
def upload() -> tuple[Response, int]:
    """Keep one file (`file`) until a form names it: `{"token", "filename", "size"}`. Refused by name."""
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Invalid(fields={"file": _("Choose a file.")})
    person = current_person()
    row = services.store_file(person, given.stream, given.filename)
    return jsonify(token=token_of(person, row.id), filename=row.filename, size=row.size), 201


@blueprint.get("/cases/<case_no>/files/<int:file_id>")
@requires("case:list")
def attachment(case_no: str, file_id: int) -> Response:
    """A file of the case, as a download: what citizens send is never shown as a page of ours."""
    case = visible_case(current_person(), case_no)
    if all(row.file_id != file_id for row in attachments_of(case)):
        raise NotFound(_("This file is not here."))
    row, stream = open_file(file_id)
    return send_file(stream, mimetype=row.mime, as_attachment=True, download_name=row.filename)
