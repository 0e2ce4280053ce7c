"""Every case a person may know of."""

from __future__ import annotations

from flask import render_template, request

from accounts.discreet import opened_args
from accounts.identity import current_person
from accounts.permissions import requires
from config.paging import page
from dispatch.forms import FilterForm, asked_filter
from dispatch.forms.filters import chips, kept_args, sorting
from dispatch.queries import EVERY_ORDER, ORDER_KEYS, Order, search_cases
from dispatch.views import blueprint
from dispatch.views.desks import ROWS
from dispatch.views.facts import places_of
from dispatch.views.journey import Journey


@blueprint.get("/cases")
@requires("case:list")
def case_search() -> str:
    """Newest first, or soonest due where that is asked for; what cannot be read of the filters is left out."""
    wanted = asked_filter(opened_args(request.args, current_person()))
    # Cases that are finished have no due time to sort by.
    order = sorting(
        request.args, "dispatch.case_search", EVERY_ORDER if wanted.due else (Order.NUMBER_LAST, Order.NUMBER)
    )
    found = page(
        search_cases(current_person(), wanted), ORDER_KEYS[order.current], request.args.get("cursor"), ROWS
    )
    return render_template(
        "dispatch/search.html",
        page=found,
        places=places_of(found.items),
        form=FilterForm.drawn(opened_args(request.args, current_person()), whole=True),
        chips=chips(request.args, "dispatch.case_search"),
        args=kept_args(request.args),
        sorting=order,
        journey=Journey(),
    )
