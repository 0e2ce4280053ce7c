"""`/`: to the desk where the person works; and a page that says what the day asks of them and how it goes."""

from __future__ import annotations

from flask import current_app, jsonify, redirect, render_template, url_for
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.permissions import may, requires
from accounts.queries import last_check
from config.web import health
from console.desks import desk_of
from console.shell import Shell
from console.today import at_hand, tasks_of
from console.views import blueprint
from dispatch.views.facts import places_of
from reports.today import day_of


@blueprint.get("/")
@requires("console:use")
def home() -> Response:
    endpoint = desk_of(current_person(), current_app.view_functions)
    return redirect(url_for(endpoint or "console.today"))


@blueprint.get("/today")
@requires("console:use")
def today() -> str:
    """What waits, what comes first, and today's figures of the person, their department and the hotline."""
    person, shell = current_person(), Shell()
    lists = at_hand(person)
    return render_template(
        "console/today.html",
        tasks=tasks_of(person, shell.pages + shell.administration),
        lists=lists,
        places=places_of([case for one in lists for case in one.cases]),
        parts_of_day=day_of(person),
        check=last_check() if may(person, "audit:read") else None,
        health=health.report() if may(person, "console:health") else {},
    )


@blueprint.get("/shell/counts")
@requires("console:use")
def counts() -> Response:
    """The small numbers in the head, by endpoint; asked for again when a desk's list has changed."""
    shell = Shell()
    return jsonify({page.endpoint: page.count for page in shell.pages + shell.administration})
