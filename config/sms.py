"""Text messages: a row in the same transaction as the reason for it, sent by the outbox through a gateway.

A gateway is a class that `gateway()` chooses. Without one configured nothing is sent, and each message says so.
"""

from __future__ import annotations

from typing import Any, Protocol

import httpx
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from config import clock, outbox
from config.extensions import db
from config.model import Encrypted, Model, Moment, word_column
from config.settings import Settings, settings
from config.words import Hue, Word

TOPIC = "sms"
PATIENCE = 10.0


class SmsState(Word):
    """What became of a message."""

    WAITING = "waiting", _l("Waits to be sent"), Hue.WAITING
    SENT = "sent", _l("Sent"), Hue.GOOD
    NOT_CONNECTED = "not_connected", _l("Not sent: no gateway is connected"), Hue.LATE


class SmsMessage(Model):
    """One message. `purpose` says why it was written, `reference` is the gateway's own name of it."""

    __tablename__ = "sms_message"
    __table_args__ = (
        Index("ix_sms_message_created", text("created_at DESC"), text("id DESC")),
        CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_some_time"),
    )

    number: Mapped[str] = mapped_column(Encrypted)
    text: Mapped[str] = mapped_column(String(500))
    purpose: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[Moment]
    state: Mapped[SmsState] = word_column(SmsState)
    gateway: Mapped[str] = mapped_column(String(32), default="")
    reference: Mapped[str] = mapped_column(String(64), default="")
    sent_at: Mapped[Moment | None]


class Gateway(Protocol):
    """Who carries messages to telephones."""

    name: str

    def send(self, key: str, number: str, text: str) -> str:
        """Hand it over; the gateway's reference. `key` is the same when it is tried again. May raise what it likes."""


class HttpGateway:
    """Any service that takes a POST of `{key, number, text}` with a bearer token; its answer may be `{reference}`."""

    name = "http"

    def __init__(self, found: Settings) -> None:
        self._url, self._token = found.sms_gateway_url, found.sms_gateway_token

    def send(self, key: str, number: str, text: str) -> str:
        answer = httpx.post(
            self._url,
            json={"key": key, "number": number, "text": text},
            headers={"Authorization": f"Bearer {self._token}", "Idempotency-Key": key},
            timeout=PATIENCE,
        )
        answer.raise_for_status()
        return str((answer.json() if answer.content else {}).get("reference", ""))[:64]


def gateway() -> Gateway | None:
    """The one of this installation; None while none is connected."""
    found = settings()
    return HttpGateway(found) if found.sms_gateway_url else None


def send(number: str, text: str, purpose: str) -> SmsMessage:
    """Write it down to be sent after the commit; part of the caller's transaction."""
    row = SmsMessage(
        number=number, text=text, purpose=purpose, created_at=clock.now(), state=SmsState.WAITING
    )
    db.session.add(row)
    db.session.flush()
    outbox.put(TOPIC, message=row.id)
    return row


@outbox.outbox_handler(TOPIC)
def deliver(payload: dict[str, Any]) -> None:
    """Once; what was sent is not sent again. A gateway that fails is tried again by the outbox."""
    row = db.session.get(SmsMessage, payload["message"], with_for_update=True)
    if row is None or row.state is not SmsState.WAITING:
        return
    chosen = gateway()
    if chosen is None:
        row.state = SmsState.NOT_CONNECTED
        return
    # With the moment it was written: after a restore numbers are given again, and a gateway that took a message by this
    # key would swallow another. The same message, put back unsent, keeps its key and is not sent twice.
    key = f"sms-{row.id}-{row.created_at:%Y%m%d%H%M%S%f}"
    row.reference = chosen.send(key, row.number, row.text)
    row.gateway, row.state, row.sent_at = chosen.name, SmsState.SENT, clock.now()
