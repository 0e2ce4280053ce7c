"""One call of the carrier's under lock: what the hotline commands changes its legs' rows, and what they are to hear.

A leg that is asking just now gets its new document as the answer. Every other one is told through the carrier's REST
interface: an order is written down with the change and carried out once that is safe.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from config import clock
from config.extensions import db, redis_client
from config.transaction import after_commit
from hotline.services import receive_event
from hotline.telephony.contract import CommandMessage, EventMessage
from hotline.telephony.streams import requests_of
from hotline.telephony.twiml import PROVIDER
from hotline.telephony.twiml.document import document
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg, TwimlOrder
from hotline.telephony.twiml.obeying import OBEY

log = structlog.get_logger(__name__)

MOST_HEARD = 40
"""Prompts that wait for one leg; more come from a fault of ours, and must fill no memory."""


class Picture:
    """`report` tells the hotline what happened and obeys its answer; `render` is a leg's document now."""

    def __init__(self, call: TwimlCall, legs: Iterable[TwimlLeg]) -> None:
        self.call = call
        self.legs = {leg.key: leg for leg in legs}
        self.now = clock.now()
        self.asking: TwimlLeg | None = None
        self._to_do: deque[CommandMessage] = deque()
        self._obeying = False

    # -- what happened

    def report(self, event_id: str, kind: str, at: datetime | None = None, **facts: Any) -> None:
        """One event. `event_id` follows from what the carrier told, so that the same news is the same event."""
        about = {"id": event_id[:64], "at": at or self.now, "provider": PROVIDER, "call": self.call.key}
        self.obey(receive_event(EventMessage.model_validate({**about, "type": kind, **facts})))

    def ended(self, leg: TwimlLeg, cause: str, by: str, at: datetime | None = None) -> None:
        """The telephone is down."""
        if leg.ended_at is None:
            leg.ended_at, leg.hears = self.now, []
            self.stop_waiting(leg, "ended")
            if leg.listens_to is not None:
                self.report(f"{leg.key}.unheard", "listen.ended", leg=leg.key)
        self.report(f"{leg.key}.ended", "leg.ended", at, leg=leg.key, cause=cause, by=by)

    def stop_waiting(self, leg: TwimlLeg, reason: str) -> None:
        if leg.waiting_since is not None:
            waited = max(0.0, (self.now - leg.waiting_since).total_seconds())
            leg.waiting_since = None
            self.report(
                f"{leg.key}.left.{leg.version}",
                "queue.left",
                leg=leg.key,
                reason=reason,
                waited=round(waited, 1),
            )

    # -- what the hotline orders

    def obey(self, commands: Iterable[CommandMessage]) -> None:
        """Each command once, in their order; also those that answer what obeying reports."""
        self._to_do.extend(commands)
        if self._obeying:
            return
        self._obeying = True
        try:
            while self._to_do:
                command = self._to_do.popleft()
                if command.id not in self.call.obeyed:
                    self.call.obeyed = [*self.call.obeyed, command.id]
                    OBEY[command.type](self, command)
        finally:
            self._obeying = False

    # -- used by the deeds

    def the(self, key: str | None) -> TwimlLeg | None:
        """The leg of that name, unless it is over."""
        leg = self.legs.get(key or "")
        return leg if leg is not None and leg.ended_at is None else None

    def add_leg(self, key: str, **facts: Any) -> TwimlLeg:
        """A new leg; `facts` are columns."""
        leg = TwimlLeg(
            key=key, call_id=self.call.id, news_at=self.now, hears=[], heard=0, version=0, told=0, **facts
        )
        leg.place, leg.music, leg.mode, leg.hangup_asked, leg.held = (
            "",
            "",
            "",
            facts.get("hangup_asked", ""),
            False,
        )
        leg.role = facts.get("role", "")
        leg.call = self.call
        db.session.add(leg)
        self.legs[key] = leg
        return leg

    def to_hear(self, leg: TwimlLeg, command: CommandMessage, keys: int = 0, message: int = 0) -> None:
        """After what it is to hear already. `message`: it is to speak, for so many seconds at most."""
        if len(leg.hears) >= MOST_HEARD:
            log.error("too_much_to_hear", leg=leg.key)
            return
        item = {
            "n": leg.heard,
            "prompt": command.prompt or "",
            "sound": command.sound or "",
            "text": command.text or "",
            "language": command.language or "",
            "keys": keys,
            "message": message,
            "timeout": 3.0 if command.timeout is None else command.timeout,
            "finish": command.finish or "",
        }
        leg.hears, leg.heard = [*leg.hears, item], leg.heard + 1
        if len(leg.hears) == 1:  # while it hears something, the document in its hands leads here by itself
            self.changed(leg, command.id)

    def changed(self, leg: TwimlLeg, cause: str) -> None:
        """Its document is another now. A telephone that rings will ask by itself."""
        leg.version += 1
        if leg is not self.asking and leg.told:
            self.order(leg, cause, "refresh")

    def order(self, leg: TwimlLeg, cause: str, kind: str, **facts: Any) -> None:
        """Ask it of the carrier, once this is safe. `cause`: the id of the command or the news it follows from."""
        row = {
            "key": f"{cause}.{kind}.{leg.key}"[:96],
            "call_id": self.call.id,
            "leg": leg.key,
            "kind": kind,
            "facts": facts,
            "made_at": self.now,
            "next_at": self.now,
            "tries": 0,
            "failure": "",
        }
        db.session.execute(insert(TwimlOrder).values(row).on_conflict_do_nothing(index_elements=["key"]))
        after_commit(wake)

    def hurry(self, leg: TwimlLeg) -> None:
        """What waits to be asked for it again is looked at now."""
        its = (TwimlOrder.leg == leg.key, TwimlOrder.done_at.is_(None))
        db.session.execute(update(TwimlOrder).where(*its).values(next_at=self.now))

    def render(self, leg: TwimlLeg) -> str:
        """What it is to do now."""
        leg.told = leg.version = max(leg.version, 1)
        return document(leg, self.legs.get(leg.listens_to or ""))


def picture_of(key: str, *, make: bool = False) -> Picture | None:
    """The call, locked to the end of the transaction; with `make` it begins now, if nobody spoke of it before."""
    wanted = select(TwimlCall).where(TwimlCall.key == key).with_for_update()
    call = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if call is None and make:
        row = {"key": key, "room": 1, "tape": "", "obeyed": [], "made_at": clock.now()}
        db.session.execute(insert(TwimlCall).values(row).on_conflict_do_nothing())
        call = db.session.scalars(wanted.execution_options(populate_existing=True)).one()
    if call is None:
        return None
    legs = select(TwimlLeg).where(TwimlLeg.call_id == call.id).order_by(TwimlLeg.id)
    return Picture(call, db.session.scalars(legs.execution_options(populate_existing=True)))


def picture_with(leg: str) -> Picture | None:
    """The call of this leg, by the leg's own key or by the carrier's name of it."""
    wanted = select(TwimlCall.key).join(TwimlLeg, TwimlLeg.call_id == TwimlCall.id)
    key = db.session.scalar(wanted.where((TwimlLeg.key == leg) | (TwimlLeg.sid == leg)))
    return picture_of(key) if key is not None else None


def wake() -> None:
    """There is an order. Redis away: the agent looks four times a second anyhow."""
    try:
        redis_client().xadd(requests_of(PROVIDER), {"kind": "order"}, maxlen=1000, approximate=True)
    except (RedisError, OSError) as error:
        log.warning("agent_not_woken", error=str(error))
