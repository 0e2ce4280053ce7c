"""One list for every desk: saved views as tabs, filters, clock first, the case beside it where there is room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import g, render_template, request, url_for

from accounts.discreet import opened_args
from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import may, requires
from config.errors import NotFound
from config.paging import page
from dispatch.forms import FilterForm, asked_filter
from dispatch.forms.filters import chips, kept_args, sorting
from dispatch.models import Case
from dispatch.queries import (
    DESK_VIEWS,
    Desk,
    SavedView,
    desk_counts,
    orders_of,
    visible_case,
    work_keys,
    worklist,
)
from dispatch.queries.desks import COUNTED_UP_TO
from dispatch.views import blueprint
from dispatch.views.facts import places_of, whole_case
from dispatch.views.journey import ENDPOINTS, Journey
from dispatch.workflow import TRANSITIONS, Rank, Transition, actions_for

ROWS = 25


@blueprint.get("/desks/dispatch")
@requires("desk:dispatch")
def dispatch_desk() -> str:
    """New cases, to be sent to departments."""
    return _desk(Desk.DISPATCH)


@blueprint.get("/desks/review")
@requires("desk:review")
def review_desk() -> str:
    """Replies, to be passed or failed."""
    return _desk(Desk.REVIEW)


@blueprint.get("/desks/callback")
@requires("desk:callback")
def callback_desk() -> str:
    """Citizens, to be called back."""
    return _desk(Desk.CALLBACK)


@blueprint.get("/desks/supervision")
@requires("desk:supervision")
def supervision_desk() -> str:
    """What is late, urged, referred or suspended."""
    return _desk(Desk.SUPERVISION)


@blueprint.get("/inbox")
@requires("desk:inbox")
def inbox() -> str:
    """What the department owes."""
    return _desk(Desk.INBOX)


def _desk(desk: Desk) -> str:
    person = current_person()
    filters = asked_filter(opened_args(request.args, current_person()))
    view = filters.view if filters.view in DESK_VIEWS[desk] else DESK_VIEWS[desk][0]
    filters = replace(filters, view=view)
    possible = orders_of(desk, view)
    order = filters.order if filters.order in possible else None
    found = page(
        worklist(desk, person, filters), work_keys(desk, view, order), request.args.get("cursor"), ROWS
    )
    journey = Journey(desk, view, beside=True, order=order)
    bulk = bulk_actions(desk, person)
    return render_template(
        "dispatch/desk.html",
        desk=desk,
        view=view,
        page=found,
        journey=journey,
        tabs=_tabs(desk, view, person),
        form=FilterForm.drawn(opened_args(request.args, current_person()), whole=False),
        chips=chips(request.args, ENDPOINTS[desk]),
        endpoint=ENDPOINTS[desk],
        args=kept_args(request.args),
        sorting=sorting(request.args, ENDPOINTS[desk], possible),
        room=_room(desk, person),
        bulk=bulk,
        places=places_of(found.items),
        next_steps={case.id: next_step(person, case, bulk) for case in found},
        panel=None,
        **_beside(person),
    )


def _beside(person: Person) -> dict[str, Any]:
    """The facts of the case to show at the right, if one is asked for and there is such a one."""
    number = request.args.get("open", "")[:24]
    if not number:
        return {}
    try:
        return whole_case(person, visible_case(person, number))
    except NotFound:
        return {}


def _tabs(desk: Desk, current: SavedView, person: Person) -> list[dict[str, object]]:
    counts = view_counts(desk, person)
    return [
        {
            "label": view.label,
            "href": url_for(ENDPOINTS[desk], view=view.value),
            "count": counted(n),
            "current": view is current,
        }
        for view, n in counts.items()
    ]


def counted(n: int) -> str | int:
    """A count as pages write it: `999+` where nobody went on counting."""
    return f"{COUNTED_UP_TO - 1}+" if n >= COUNTED_UP_TO else n


def view_counts(desk: Desk, person: Person) -> dict[SavedView, int]:
    """How many are in each view; counted once for a page: its tabs and the head of the frame show the same numbers."""
    known: dict[Desk, dict[SavedView, int]] = g.setdefault("desk_counts", {})
    if desk not in known:
        known[desk] = desk_counts(desk, person)
    return known[desk]


def _room(desk: Desk, person: Person) -> str:
    if desk is Desk.INBOX:
        return f"department:{person.department_id}"
    return f"desk:{desk.value}"


def bulk_actions(desk: Desk, person: Person) -> list[Transition]:
    """What the table lets this person do to many cases of the desk at once."""
    states = {
        Desk.DISPATCH: "dispatch",
        Desk.REVIEW: "pass_reply",
        Desk.SUPERVISION: "supervise",
        Desk.INBOX: "sign",
    }
    return [
        row
        for row in TRANSITIONS
        if row.bulk and row.action == states.get(desk) and may(person, row.permission)
    ]


def next_step(person: Person, case: Case, usual: Sequence[Transition] = ()) -> Transition | None:
    """The main button of a row: the first main action the table offers this person for this case, or else the
    desk's `usual` one.

    The lead department is loaded with the row, so most rows ask the database nothing; one that somebody assists in
    or was handed asks for its parts.
    """
    can = [row for row, no in actions_for(case) if no is None]
    main = (row for row in can if row.rank is Rank.MAIN)
    return next(
        (row for row in (*main, *(row for row in can if row in usual)) if may(person, row.permission, case)),
        None,
    )


def counter(desk: Desk) -> Callable[[Person], int]:
    """How many wait at the desk, for the number in the head."""

    def count(person: Person) -> int:
        return view_counts(desk, person)[DESK_VIEWS[desk][0]]

    return count
