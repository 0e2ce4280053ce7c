"""Trying a flow out: keys, the time of day, a day off, an emergency; and what the caller hears."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request
from flask_babel import gettext as _

from accounts.permissions import requires
from config import calendar, clock
from hotline.ivr import steps
from hotline.ivr.check import name_of
from hotline.ivr.document import Prompt
from hotline.ivr.trial import MOST_HEARD, TrialWorld, try_out
from hotline.services import flows
from hotline.views import blueprint
from hotline.views.flows import chosen

SAMPLE_DEPARTMENT = "水务局"


@blueprint.get("/administration/ivr/<code>/try")
@requires("ivr:see")
def try_flow(code: str) -> str:
    """Everything stands in the address, so that a trial can be sent to a colleague and gone back in."""
    flow = flows.flow_by_code(code)
    name = request.args.get("version", "")
    _version, document = chosen(flow, name)
    at = _moment(request.args.get("at", ""))
    day = request.args.get("day", "")
    on = request.args.get("broadcast") == "1"
    world = TrialWorld(
        at=at,
        working_day=day == "work" if day in ("work", "off") else calendar.is_working_day(at.date()),
        says=Prompt(text=_("(the city's emergency broadcast)")) if on else None,
        name=SAMPLE_DEPARTMENT,
    )
    heard = request.args.getlist("heard")[:MOST_HEARD]
    if key := request.args.get("keys"):
        heard = [*heard, f"k{key}"]
    trial = try_out(document, world, heard)
    return render_template(
        "hotline/flow_trial.html",
        flow=flow,
        shown=name,
        trial=trial,
        heard=heard,
        at=at,
        day=day,
        broadcast=on,
        sentences=[(moment, told(moment.output, moment.pressed)) for moment in trial.moments],
        name_of=lambda one: name_of(document, one),
    )


def told(output: steps.Output | None, pressed: str | None) -> str:
    """A moment in words; what is spoken to the caller comes as it is."""
    match output:
        case None:
            return _("presses %(keys)s", keys=pressed) if pressed else _("presses nothing")
        case steps.Say(prompt=prompt) | steps.Ask(prompt=prompt):
            return prompt.text or _("(a recording)")
        case steps.LookUp():
            return _("The case is looked up.")
        case steps.PutThrough(number):
            return _("%(number)s is rung.", number=number)
        case steps.TakeMessage(seconds):
            return _("A message of up to %(seconds)s seconds is recorded.", seconds=seconds)
        case steps.TakeCallback():
            return _("The place in the queue is kept; we call back.")
        case steps.Rate(value):
            return _("The call is rated %(value)s.", value=value)
        case steps.Wait(queue, _priority):
            return _("Waits for a person in queue “%(queue)s”.", queue=queue or _("default"))
        case steps.End():
            return _("We hang up.")
    raise AssertionError(output)


def _moment(text: str) -> datetime:
    """A moment in the city; now if it cannot be read."""
    try:
        return datetime.fromisoformat(text[:16]).replace(tzinfo=None)
    except ValueError:
        return clock.local(clock.now()).replace(tzinfo=None, second=0, microsecond=0)
