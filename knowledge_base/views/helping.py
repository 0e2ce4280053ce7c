"""What helps in a call: favourites and scripts beside the case, and the page where scripts are kept."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from config.extensions import db
from knowledge_base import queries
from knowledge_base.forms.script import ScriptForm
from knowledge_base.interfaces import script_places
from knowledge_base.models import Script
from knowledge_base.services import drop_script, keep_favourite, record_script_use, write_script
from knowledge_base.views import blueprint
from knowledge_base.words import UseKind

AT_HAND = 50


@blueprint.post("/<int:item_id>/favourite")
@requires("knowledge:read")
def favourite(item_id: int) -> str:
    """`kept=1` or `0`; the answer is the button as it is now."""
    item = queries.item(item_id)
    kept = keep_favourite(current_person(), item, request.form.get("kept") != "0")
    return render_template("knowledge_base/favourite.html", item_id=item.id, kept=kept)


@blueprint.get("/favourites")
@requires("knowledge:read")
def favourites() -> str:
    """What this person keeps at hand."""
    kept = list(db.session.scalars(queries.favourites(current_person()).limit(AT_HAND)))
    return render_template("knowledge_base/favourites.html", rows=kept)


@blueprint.get("/panel/favourites")
@requires("knowledge:read")
def panel_favourites() -> str:
    """The same beside the case, each with its first passage to quote."""
    kept = list(db.session.scalars(queries.favourites(current_person()).limit(AT_HAND)))
    opened = [(version, queries.opening_of(version)) for version in kept]
    return render_template("knowledge_base/panel_favourites.html", rows=opened)


@blueprint.get("/panel/scripts")
@requires("knowledge:read")
def panel_scripts() -> str:
    """`?category_code=&queue=`: what is said in such a call."""
    category, queue = (request.args.get(name, "").replace("\x00", "") for name in ("category_code", "queue"))
    found = queries.scripts_for(category[:32], queue[:64])
    return render_template("knowledge_base/panel_scripts.html", rows=found)


@blueprint.post("/scripts/<int:script_id>/used")
@requires("knowledge:read")
def script_used(script_id: int) -> tuple[str, int]:
    """`{"kind": "inserted"|"copied", "subject": "case:…"}`."""
    given = request.get_json(silent=True)
    facts = given if isinstance(given, dict) else request.form
    kind = UseKind.COPIED if facts.get("kind") == UseKind.COPIED else UseKind.INSERTED
    record_script_use(
        current_person(), queries.script(script_id), kind, subject=str(facts.get("subject") or "")
    )
    return "", 204


@blueprint.route("/scripts", methods=["GET", "POST"])
@requires("knowledge:scripts")
def scripts() -> Any:
    """All scripts, and a new one."""
    return _edited(None)


@blueprint.route("/scripts/<int:script_id>", methods=["GET", "POST"])
@requires("knowledge:scripts")
def script_page(script_id: int) -> Any:
    """Change one."""
    return _edited(queries.script(script_id))


@blueprint.post("/scripts/<int:script_id>/drop")
@requires("knowledge:scripts")
def remove_script(script_id: int) -> Any:
    """Take one out of use."""
    dropped = drop_script(current_person(), script_id)
    flash(_("“%(title)s” is no longer used.", title=dropped.title), "good")
    return redirect(url_for(".scripts"))


def _edited(script: Script | None) -> Any:
    form = ScriptForm.showing(script)
    if form.validate_on_submit():
        try:
            written = write_script(
                current_person(),
                form.title.data or "",
                form.body.data or "",
                category_code=form.category_code.data or "",
                queue_code=form.queue_code.data or "",
                place=100 if form.place.data is None else form.place.data,
                script_id=script.id if script else None,
            )
        except Invalid as wrong:
            form.tell(wrong)
        else:
            flash(_("“%(title)s” is saved; the next call has it.", title=written.title), "good")
            return redirect(url_for(".scripts"))
    places = script_places()
    page = render_template(
        "knowledge_base/scripts.html",
        form=form,
        script=script,
        rows=list(db.session.scalars(queries.scripts())),
        categories=dict(places.categories),
        queues=dict(places.queues),
    )
    return page, 422 if form.errors else 200
