"""One action on many cases of a desk: each is its own deed, so that one refusal does not undo the others."""

from __future__ import annotations

from typing import Any

from flask import flash, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext

from accounts.identity import current_person
from accounts.permissions import ensure, requires
from config.errors import HotlineError, Invalid, NotFound, Refused
from dispatch import services
from dispatch.forms import action_form, data_of, show_errors
from dispatch.queries import visible_case
from dispatch.views import blueprint
from dispatch.views.actions import asked_version
from dispatch.views.journey import go, journey_of
from dispatch.views.panel import action_named
from dispatch.workflow import Transition, transition

MOST = 50


@blueprint.get("/desks/bulk/<action>")
@requires("case:list")
def bulk_panel(action: str) -> str:
    """The form of an action that the table allows for many."""
    row = _bulk_row(action)
    journey = journey_of(current_person(), request.args)
    return render_template("dispatch/bulk.html", row=row, form=action_form(row), journey=journey)


@blueprint.post("/desks/bulk/<action>")
@requires("case:list")
def take_bulk_action(action: str) -> Any:
    """Do it to each of the chosen cases (`case=NUMBER:VERSION`), and tell what became of which."""
    person, row = current_person(), _bulk_row(action)
    journey = journey_of(person, request.form)
    form = action_form(row)
    chosen = list(dict.fromkeys(request.form.getlist("case")))
    if not chosen:
        raise Refused(_("Choose at least one case."))
    if len(chosen) > MOST:
        raise Refused(_("At most %(n)s cases at once.", n=MOST))
    done, refused = 0, []
    for one in chosen:
        number, _colon, version = one.partition(":")
        try:
            case = visible_case(person, number)
            services.perform(case.id, row.action, person, data_of(form), asked_version(version))
            done += 1
        except Invalid as invalid:
            # The same for every case: nothing is done with a form that is wrong.
            show_errors(form, invalid.fields)
            return render_template("dispatch/bulk.html", row=row, form=form, journey=journey), 422
        except HotlineError as error:
            refused.append(f"{number}: {error.message}")
    if done:
        said = ngettext(
            "%(action)s: %(num)s case done.", "%(action)s: %(num)s cases done.", done, action=row.action.label
        )
        flash(said, "good")
    for sentence in refused:
        flash(sentence, "waiting")
    return go(journey.list_href())


def _bulk_row(name: str) -> Transition:
    row = transition(action_named(name))
    if not row.bulk:
        raise NotFound(_("There is no such action."))
    ensure(current_person(), row.permission)
    return row
