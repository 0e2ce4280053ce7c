"""`/search`: one field for a case number, for knowledge and for the names of pages."""

from __future__ import annotations

from flask import redirect as go
from flask import render_template, request
from werkzeug.wrappers import Response

from accounts.discreet import opened
from accounts.identity import current_person
from accounts.permissions import requires
from console.finding import case_address, cases_address, knowledge_hits
from console.shell import Shell
from console.views import blueprint

LONGEST = 100


@blueprint.get("/search")
@requires("console:use")
def search() -> str | Response:
    """A case number leads to its case; anything else to a page of what was found."""
    q = opened(request.args.get("q", ""), current_person()).strip()[:LONGEST]
    if address := case_address(q):
        return go(address)
    shell = Shell()
    pages = [p for p in shell.pages + shell.administration if q and q.casefold() in p.label.casefold()]
    return render_template(
        "console/search.html", q=q, pages=pages, hits=knowledge_hits(q), cases_href=cases_address(q)
    )
