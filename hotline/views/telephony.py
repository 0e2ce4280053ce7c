"""The switches' door: signed events in, commands out (docs/telephony.md)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import structlog
from flask import Blueprint, Response, jsonify, request
from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationError

from accounts.permissions import public
from config.errors import Invalid, TooLarge, Unauthorised
from config.transaction import told_later
from hotline.services import receive_event, receive_events
from hotline.services.adopting import live_calls
from hotline.services.orders import acknowledge
from hotline.telephony import PROVIDERS
from hotline.telephony.contract import CommandMessage, EventMessage, EventsMessage, Key
from hotline.telephony.signature import HEADER, verify, why_not

blueprint = Blueprint("telephony", __name__, url_prefix="/telephony")

log = structlog.get_logger(__name__)
LARGEST = 64 * 1024
SAID_EVERY = 10.0
M = TypeVar("M", bound=BaseModel)


class Acknowledgement(BaseModel):
    """Which commands have arrived."""

    ids: Annotated[list[Key], Field(max_length=1000)]


@blueprint.post("/events")
@public
def events() -> Response:
    """One event; answered with what to do now. Signed, or refused before anything is read into it."""
    signers, message = _told(EventMessage)
    _of_signers(signers, [message])
    with told_later() as tell:
        return _answer(receive_event(message), tell)


@blueprint.post("/events/batch")
@public
def several_events() -> Response:
    """Several events; answered with what to do now after all of them. One that is malformed refuses them all."""
    signers, together = _told(EventsMessage)
    _of_signers(signers, together.events)
    with told_later() as tell:
        return _answer(receive_events(together.events), tell)


@blueprint.post("/commands/ack")
@public
def acknowledged() -> Response:
    """Commands taken from the stream; they are not pushed again."""
    signers, told = _told(Acknowledgement)
    return jsonify(acknowledged=acknowledge(signers, told.ids))


@blueprint.get("/live/<provider>/<float:before>")
@public
def live(provider: str, before: float) -> Response:
    """The calls we believe alive on that switch, signed over the path: what its process asks for that has begun at
    `before`, in seconds since 1970."""
    if provider not in signers_of(request.path.encode()):
        raise Unauthorised(_("The signature does not hold."))
    return jsonify(calls=live_calls(provider, datetime.fromtimestamp(before, UTC)))


def _told(model: type[M]) -> tuple[frozenset[str], M]:
    """Who signed the body, and what it says."""
    if (request.content_length or 0) > LARGEST:
        raise TooLarge(_("An event is not larger than 64 KiB."))
    body = request.get_data(cache=False)
    signers = signers_of(body)
    try:
        return signers, model.model_validate_json(body)
    except ValidationError as error:
        raise _malformed(error) from error


def _of_signers(signers: frozenset[str], messages: Iterable[EventMessage]) -> None:
    """Refuse what somebody tells in another's name."""
    for provider in {message.provider for message in messages}:
        if provider not in PROVIDERS:
            raise Invalid(_("This event is malformed."), fields={"provider": _("No such provider.")})
        if provider not in signers:
            raise Unauthorised(_("The signature does not hold."))


def _answer(commands: Iterable[CommandMessage], tell: Callable[[], None]) -> Response:
    """Pages hear of it when the switch has its commands: for these a caller waits."""
    answer = jsonify(commands=[command.wire() for command in commands])
    answer.call_on_close(tell)
    return answer


_next_said = 0.0


def _say_that_one_is_refused(header: str | None) -> None:
    """With another secret, or a clock that runs away, a switch is dead to us, and only its own log would know. Anybody
    may knock, so it is said now and then and not each time."""
    global _next_said
    if time.monotonic() >= _next_said:
        _next_said = time.monotonic() + SAID_EVERY
        log.error("signature_refused", address=request.remote_addr, why=why_not(header))


def signers_of(body: bytes) -> frozenset[str]:
    """The providers whose secret signs this body; Unauthorised if there is none."""
    header = request.headers.get(HEADER)
    signers = frozenset(
        name
        for name, found in PROVIDERS.items()
        if found.secret is not None and verify(found.secret(), body, header)
    )
    if not signers:
        _say_that_one_is_refused(header)
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
