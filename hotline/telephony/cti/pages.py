"""Administration of the lines: which there are, when they spoke last, revoking one."""

from __future__ import annotations

from flask import Blueprint, Flask, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from accounts.audit import verb
from accounts.identity import current_person
from accounts.permissions import requires
from config import navigation
from hotline.telephony.cti.lines import all_lines, revoke_line

blueprint = Blueprint("cti_lines", __name__, url_prefix="/administration/cti")

verb("cti:make", _l("Line of another switch made"))
verb("cti:revoke", _l("Line of another switch revoked"))


def init_app(app: Flask) -> None:
    """Add the page."""
    app.register_blueprint(blueprint)
    navigation.add_page("cti_lines.lines", _l("Other switches"), "queue:list", 31, group="administration")


@blueprint.get("")
@requires("queue:list")
def lines() -> str:
    return render_template("hotline/cti_lines.html", lines=all_lines())


@blueprint.post("/<int:line_id>/revoke")
@requires("queue:save")
def revoke(line_id: int) -> Response:
    line = revoke_line(current_person(), line_id)
    flash(_("%(name)s may not tell us of calls any more.", name=line.name))
    return redirect(url_for("cti_lines.lines"))
