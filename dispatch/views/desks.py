"""One list for every desk: saved views as tabs, filters, clock first, the case at the right where there is room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import render_template, request, url_for

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import requires
from config.paging import page
from dispatch.forms import FilterForm, asked_filter
from dispatch.queries import (
    DESK_VIEWS,
    NEWEST_FIRST,
    Desk,
    SavedView,
    desk_counts,
    search_cases,
    work_keys,
    worklist,
)
from dispatch.queries.desks import COUNTED_UP_TO
from dispatch.views import blueprint

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


@blueprint.get("/cases")
@requires("case:list")
def case_search() -> str:
    """Every case this person may know of, newest first."""
    person = current_person()
    found = page(
        search_cases(person, asked_filter(request.args)), NEWEST_FIRST, request.args.get("cursor"), ROWS
    )
    return render_template(
        "dispatch/search.html",
        page=found,
        form=FilterForm.drawn(request.args, whole=True),
        args=_kept_args(),
    )


ENDPOINTS = {
    Desk.DISPATCH: "dispatch.dispatch_desk",
    Desk.REVIEW: "dispatch.review_desk",
    Desk.CALLBACK: "dispatch.callback_desk",
    Desk.SUPERVISION: "dispatch.supervision_desk",
    Desk.INBOX: "dispatch.inbox",
}


def _desk(desk: Desk) -> str:
    person = current_person()
    filters = asked_filter(request.args)
    view = filters.view if filters.view in DESK_VIEWS[desk] else DESK_VIEWS[desk][0]
    found = page(
        worklist(desk, person, replace(filters, view=view)),
        work_keys(desk, view),
        request.args.get("cursor"),
        ROWS,
    )
    return render_template(
        "dispatch/desk.html",
        desk=desk,
        view=view,
        page=found,
        tabs=_tabs(desk, view, person),
        form=FilterForm.drawn(request.args, whole=False),
        endpoint=ENDPOINTS[desk],
        args=_kept_args(),
        room=_room(desk, person),
    )


def _tabs(desk: Desk, current: SavedView, person: Person) -> list[dict[str, object]]:
    counts = desk_counts(desk, person)
    return [
        {
            "label": view.label,
            "href": url_for(ENDPOINTS[desk], view=view.value),
            "count": f"{COUNTED_UP_TO - 1}+" if n >= COUNTED_UP_TO else n,
            "current": view is current,
        }
        for view, n in counts.items()
    ]


def _room(desk: Desk, person: Person) -> str:
    if desk is Desk.INBOX:
        return f"department:{person.department_id}"
    return f"desk:{desk.value}"


def _kept_args() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if value and name != "cursor"}


def next_at_desk(desk: Desk, person: Person, after: int) -> str | None:
    """The number of the next case at the desk, so that a person can work on without the list."""
    waiting = page(worklist(desk, person), work_keys(desk, None), None, 2)
    return next((case.case_no for case in waiting if case.id != after), None)


def counter(desk: Desk) -> Callable[[Person], int]:
    """How many wait at the desk, for the number in the head."""

    def count(person: Person) -> int:
        return desk_counts(desk, person)[DESK_VIEWS[desk][0]]

    return count
