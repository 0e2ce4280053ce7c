"""Bearer tokens of API clients."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import g, request
from flask_babel import gettext as _

from accounts import audit
from accounts.identity import current_person_or_none
from accounts.models import ApiToken
from accounts.models.token import SCOPES
from accounts.roles import Role
from accounts.services.people import create_person
from config import clock
from config.errors import Invalid, NotPermitted, Unauthorised
from config.extensions import db
from config.transaction import transactional


@transactional
def create_token(
    name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A token with `scopes`; its plain text is returned once and kept nowhere."""
    if unknown := sorted(set(scopes) - set(SCOPES)):
        raise Invalid(fields={"scopes": _("Unknown scopes: %(names)s", names=", ".join(unknown))})
    plain = f"hl_{secrets.token_urlsafe(32)}"
    person = create_person(
        f"api-{secrets.token_hex(4)}", name, None, (Role.API_CLIENT,), must_change_password=False
    )
    token = ApiToken(
        name=name,
        person_id=person.id,
        token_hash=hashlib.sha256(plain.encode()).hexdigest(),
        scopes=list(scopes),
        created_at=clock.now(),
        expires_at=expires_at,
    )
    db.session.add(token)
    db.session.flush()
    audit.record("token:create", current_person_or_none(), ("token", token.id), {"scopes": list(scopes)})
    return token, plain


def authenticate(scope: str) -> ApiToken:
    """The token of the current request, which must have `scope`; its person acts from here on."""
    kind, _space, plain = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not plain:
        raise Unauthorised(_("A bearer token is needed."))
    digest = hashlib.sha256(plain.strip().encode()).hexdigest()
    token = db.session.query(ApiToken).filter_by(token_hash=digest).one_or_none()
    at = clock.now()
    if token is None or token.revoked_at is not None or (token.expires_at and token.expires_at <= at):
        raise Unauthorised(_("This token is not valid."))
    if scope not in token.scopes:
        raise NotPermitted(_("This token lacks the scope %(scope)s.", scope=scope), scope=scope)
    if token.used_at is None or at - token.used_at > timedelta(minutes=1):
        _mark_used(token)
    g.api_person = token.person
    return token


@transactional
def _mark_used(token: ApiToken) -> None:
    token.used_at = clock.now()


@transactional
def revoke_token(token: ApiToken) -> None:
    """It opens nothing from now on."""
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.person.active = False
        audit.record("token:revoke", current_person_or_none(), ("token", token.id))
