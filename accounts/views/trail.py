"""Administration: the audit trail and its check."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for

from accounts import audit
from accounts.forms.trail import TrailForm
from accounts.identity import current_person
from accounts.permissions import requires
from accounts.queries import TRAIL_KEYS, last_check
from accounts.queries import trail as trail_query
from accounts.services import checking
from accounts.views import blueprint
from accounts.views.trail_words import facts_in_words, subject_name
from config.paging import page


@blueprint.get("/administration/audit")
@requires("audit:read")
def trail() -> str:
    """Who did what to which thing, newest first."""
    form = TrailForm(request.args)
    found = page(trail_query(form.narrowed()), TRAIL_KEYS, request.args.get("cursor"), limit=50)
    return render_template(
        "accounts/trail.html",
        form=form,
        entries=found,
        labels=audit.verbs(),
        subject_name=subject_name,
        facts_in_words=facts_in_words,
        check=last_check(),
        args=request.args.to_dict(),
    )


@blueprint.post("/administration/audit/check")
@requires("audit:read")
def check_trail() -> Any:
    """Have the chain walked in the background."""
    checking.ask_for_check(current_person())
    return redirect(url_for("accounts.trail"))


@blueprint.get("/administration/audit/check")
@requires("audit:read")
def check_result() -> str:
    """The last check, for the page that waits for it."""
    return render_template("accounts/trail_check.html", check=last_check())
