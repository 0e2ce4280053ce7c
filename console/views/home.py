"""`/`: to the desk where the person works; and a page of today for who has no desk."""

from __future__ import annotations

from flask import current_app, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.permissions import requires
from console.desks import desk_of
from console.shell import Shell
from console.views import blueprint


@blueprint.get("/")
@requires("console:use")
def home() -> Response:
    endpoint = desk_of(current_person(), current_app.view_functions)
    return redirect(url_for(endpoint or "console.today"))


@blueprint.get("/today")
@requires("console:use")
def today() -> str:
    return render_template("console/today.html")


@blueprint.get("/shell/counts")
@requires("console:use")
def counts() -> Response:
    """The small numbers in the head, by endpoint; asked for again when a desk's list has changed."""
    shell = Shell()
    return jsonify({page.endpoint: page.count for page in shell.pages + shell.administration})
