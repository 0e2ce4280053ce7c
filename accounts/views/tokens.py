"""Administration: API tokens."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.forms.tokens import TokenForm
from accounts.models import ApiToken
from accounts.permissions import requires
from accounts.queries import tokens as tokens_query
from accounts.services.tokens import create_token, revoke_token
from accounts.views import blueprint
from accounts.views.parts import get_or_404
from config.paging import page


@blueprint.get("/administration/tokens")
@requires("token:list")
def tokens() -> str:
    """Who may use the interface."""
    found = page(tokens_query(), (ApiToken.id.desc(),), request.args.get("cursor"))
    return render_template("accounts/tokens.html", tokens=found, args=request.args.to_dict())


@blueprint.route("/administration/tokens/new", methods=["GET", "POST"])
@requires("token:create")
def new_token() -> Any:
    """A new token; its text is shown once."""
    form = TokenForm()
    if form.validate_on_submit():
        token, plain = create_token(form.name.data or "", form.scopes.data or [], form.expires_at())
        return render_template("accounts/token_once.html", token=token, plain=plain)
    return render_template("accounts/token_form.html", form=form), 422 if form.errors else 200


@blueprint.post("/administration/tokens/<int:token_id>/revoke")
@requires("token:revoke")
def end_token(token_id: int) -> Any:
    """It opens nothing from now on."""
    token = get_or_404(ApiToken, token_id)
    revoke_token(token)
    flash(_("The token of %(name)s opens nothing any more.", name=token.name), "good")
    return redirect(url_for("accounts.tokens"))
