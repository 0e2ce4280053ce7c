"""Text messages to citizens, for who must know whether they leave the house."""

from __future__ import annotations

from flask import render_template, request

from accounts.permissions import requires
from config import sms
from config.paging import page
from hotline import queries
from hotline.views import blueprint


@blueprint.get("/administration/texts")
@requires("text:list")
def texts() -> str:
    found = page(queries.texts(), queries.text_keys(), request.args.get("cursor"), 25)
    return render_template("hotline/texts.html", texts=found, connected=sms.gateway() is not None)
