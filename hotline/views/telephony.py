"""The switches' door: signed events in, commands out (docs/telephony.md)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationError

from accounts.permissions import public
from config.errors import Invalid, TooLarge, Unauthorised
from hotline.services import receive_event
from hotline.services.adopting import live_calls
from hotline.services.orders import acknowledge
from hotline.telephony import PROVIDERS
from hotline.telephony.contract import EventMessage, Key
from hotline.telephony.signature import HEADER, verify

blueprint = Blueprint("telephony", __name__, url_prefix="/telephony")

LARGEST = 64 * 1024


class Acknowledgement(BaseModel):
    """Which commands have arrived."""

    ids: Annotated[list[Key], Field(max_length=1000)]


@blueprint.post("/events")
@public
def events() -> Response:
    """One event; answered with what to do now. Signed, or refused before anything is read into it."""
    body = _body()
    signers = signers_of(body)
    try:
        message = EventMessage.model_validate_json(body)
    except ValidationError as error:
        raise _malformed(error) from error
    if message.provider not in PROVIDERS:
        raise Invalid(_("This event is malformed."), fields={"provider": _("No such provider.")})
    if message.provider not in signers:
        raise Unauthorised(_("The signature does not hold."))
    commands = receive_event(message)
    return jsonify(commands=[command.wire() for command in commands])


@blueprint.post("/commands/ack")
@public
def acknowledged() -> Response:
    """Commands taken from the stream; they are not pushed again."""
    body = _body()
    signers = signers_of(body)
    try:
        keys = Acknowledgement.model_validate_json(body).ids
    except ValidationError as error:
        raise _malformed(error) from error
    return jsonify(acknowledged=acknowledge(signers, keys))


@blueprint.get("/live/<provider>/<float:before>")
@public
def live(provider: str, before: float) -> Response:
    """The calls we believe alive on that switch, signed over the path: what its process asks for that has begun at
    `before`, in seconds since 1970."""
    if provider not in signers_of(request.path.encode()):
        raise Unauthorised(_("The signature does not hold."))
    return jsonify(calls=live_calls(provider, datetime.fromtimestamp(before, UTC)))


def _body() -> bytes:
    if (request.content_length or 0) > LARGEST:
        raise TooLarge(_("An event is not larger than 64 KiB."))
    return request.get_data(cache=False)


def signers_of(body: bytes) -> frozenset[str]:
    """The providers whose secret signs this body; Unauthorised if there is none."""
    header = request.headers.get(HEADER)
    signers = frozenset(
        name
        for name, found in PROVIDERS.items()
        if found.secret is not None and verify(found.secret(), body, header)
    )
    if not signers:
        raise Unauthorised(_("The signature does not hold."))
    return signers


def _malformed(error: ValidationError) -> Invalid:
    fields: dict[str, Any] = {}
    for flaw in error.errors(include_url=False, include_input=False, include_context=False):
        fields[".".join(str(part) for part in flaw["loc"]) or _missing(flaw["msg"])] = flaw["msg"]
    return Invalid(_("This event is malformed."), fields=fields)


def _missing(sentence: str) -> str:
    """The field a rule over several fields complains of: `leg.ended needs cause` → `cause`."""
    _before, needs, names = sentence.partition(" needs ")
    return names if needs else "body"
