"""What readers give back: uses, helpful or not, corrections."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from knowledge_base import queries
from knowledge_base.services import holds_still, rate_item, record_use, send_correction, settle_correction
from knowledge_base.views import blueprint
from knowledge_base.views.numbers import number
from knowledge_base.words import TAKEN, UseKind


@blueprint.post("/<int:item_id>/used")
@requires("knowledge:read")
def used(item_id: int) -> Any:
    """`{"kind": "inserted"|"copied", "search": id, "rank": n, "passage": n, "subject": "case:…"}`, all optional.

    `?version=` is what the person had before them; where that holds no longer, the answer says so.
    """
    item, version = queries.item(item_id), number(request.args.get("version"))
    given = request.get_json(silent=True)
    facts = given if isinstance(given, dict) else request.form
    kinds = {kind.value: kind for kind in TAKEN}
    record_use(
        current_person(),
        item,
        kinds.get(str(facts.get("kind")), UseKind.INSERTED),
        search_id=number(facts.get("search")),
        rank=number(facts.get("rank")),
        passage=number(facts.get("passage")),
        subject=str(facts.get("subject") or ""),
        number=version,
    )
    if version is not None and not holds_still(item, version):
        return {
            "message": _("This text has been changed or withdrawn meanwhile. Search again before you answer.")
        }
    return "", 204


@blueprint.post("/<int:item_id>/rating")
@requires("knowledge:read")
def rate(item_id: int) -> str:
    """`helpful=1` or `0`, `search` and `passage` it was found by; the answer is the buttons with their new counts."""
    item = rate_item(
        current_person(),
        queries.item(item_id),
        request.form.get("helpful") == "1",
        search_id=number(request.form.get("search")),
        passage=number(request.form.get("passage")),
    )
    return render_template(
        "knowledge_base/rating.html", item=item, rating=queries.rating_of(current_person(), item)
    )


@blueprint.post("/<int:item_id>/corrections")
@requires("knowledge:read")
def correct(item_id: int) -> Any:
    """Say what is wrong in the version that was read."""
    person, item = current_person(), queries.item(item_id)
    version = queries.version_for(person, item, number(request.form.get("version")))
    try:
        send_correction(person, version, request.form.get("text", ""))
    except Invalid as wrong:
        flash(wrong.message, "waiting")
    else:
        flash(_("Thank you. The shelf's owner has been told."), "good")
    return redirect(url_for(".item_page", item_id=item.id))


@blueprint.post("/corrections/<int:correction_id>")
@requires("knowledge:read")
def settle(correction_id: int) -> Any:
    """Answer a correction."""
    corrected = request.form.get("corrected") != "0"
    settled = settle_correction(
        current_person(),
        correction_id,
        request.form.get("answer", ""),
        corrected=corrected,
    )
    flash(_("Answered; its sender has been told."), "good")
    return redirect(url_for(".item_page", item_id=settled.item_id))
