"""From which list a person came to a case, and where they go when they are done with it.

The desk and its view travel in the address (`?desk=review&view=overdue`), so that two windows do not mix, and a
person can work through forty cases without going back to the list.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, redirect, request, url_for

from accounts.models import Person
from accounts.permissions import may
from dispatch.models import Case
from dispatch.queries import DESK_VIEWS, Desk, Order, SavedView, orders_of
from dispatch.queries.neighbours import following
from dispatch.workflow import Action

ENDPOINTS = {
    Desk.DISPATCH: "dispatch.dispatch_desk",
    Desk.REVIEW: "dispatch.review_desk",
    Desk.CALLBACK: "dispatch.callback_desk",
    Desk.SUPERVISION: "dispatch.supervision_desk",
    Desk.INBOX: "dispatch.inbox",
}

STAYING = frozenset(
    {Action.LOG_PROGRESS, Action.RECORD_CONTACT, Action.HAND_DOWN, Action.URGE, Action.SUPPLEMENT}
)
"""After these the same case is still in hand; after any other the next one of the list is."""


@dataclass(frozen=True)
class Journey:
    """`desk` is None for who came from elsewhere; `beside`: the case stands beside the list, not on its own page;
    `order`: as the list is sorted, where that is not the usual way."""

    desk: Desk | None = None
    view: SavedView | None = None
    beside: bool = False
    order: Order | None = None

    @property
    def args(self) -> dict[str, Any]:
        """For the address of a case."""
        if self.desk is None:
            return {}
        return {"desk": self.desk.value, "view": self.view.value if self.view else None, "sort": self._sort}

    @property
    def _sort(self) -> str | None:
        return self.order.value if self.order else None

    @property
    def fields(self) -> dict[str, str]:
        """For the hidden fields of a form."""
        found = {name: value for name, value in self.args.items() if value}
        return {**found, "beside": "1"} if self.beside else found

    @property
    def desk_href(self) -> str:
        return self.list_href()

    def list_href(self, open_case: str | None = None) -> str:
        """The list, with the case `open_case` beside it."""
        if self.desk is None:
            return url_for("dispatch.case_search")
        view = self.view.value if self.view else None
        return url_for(ENDPOINTS[self.desk], view=view, sort=self._sort, open=open_case)


def journey_of(person: Person, args: Mapping[str, str]) -> Journey:
    """The journey an address or a form tells of; a desk that is not this person's is none."""
    try:
        desk = Desk(args.get("desk", ""))
    except ValueError:
        return Journey()
    if not may(person, f"desk:{desk.value}"):
        return Journey()
    views = DESK_VIEWS[desk]
    view = next((one for one in views if one.value == args.get("view")), views[0])
    order = next((one for one in orders_of(desk, view) if one.value == args.get("sort")), None)
    return Journey(desk, view, args.get("beside") == "1", order)


def next_stop(journey: Journey, person: Person, case: Case, action: Action) -> str:
    """Where to go after `action`; asked before it is done, while the case still has its place in the list."""
    here = url_for("dispatch.case_page", case_no=case.case_no, **journey.args)
    if journey.desk is None or journey.view is None:
        return here
    if action in STAYING:
        return journey.list_href(case.case_no) if journey.beside else here
    number = following(journey.desk, journey.view, person, case, journey.order)
    if journey.beside or number is None:
        return journey.list_href(number)
    return url_for("dispatch.case_page", case_no=number, **journey.args)


def go(target: str) -> Any:
    """Send the page there: htmx swaps #main, a plain browser is redirected."""
    if "HX-Request" not in request.headers:
        return redirect(target)
    place = {"path": target, "target": "#main", "swap": "outerHTML show:window:top"}
    return Response(status=204, headers={"HX-Location": json.dumps(place)})
