"""Orders to the carrier as rows: what is due, what came of it. Each function is one short transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import select

from config import clock
from config.extensions import db
from config.transaction import transactional
from hotline.services.orders import acknowledge
from hotline.telephony.contract import CommandMessage, CommandType
from hotline.telephony.twiml import PROVIDER
from hotline.telephony.twiml.models import TwimlLeg, TwimlOrder
from hotline.telephony.twiml.picture import Picture, picture_of, picture_with
from hotline.telephony.twiml.requesting import NotYet, request_for
from hotline.telephony.twiml.rest import Request

log = structlog.get_logger(__name__)

AT_ONCE = 200
MOST_TRIES = 8
LOOK_AGAIN = timedelta(seconds=0.2)
NAME_COMES_WITHIN = timedelta(seconds=20)
SILENT_AFTER = timedelta(minutes=1)


@dataclass(frozen=True)
class Task:
    """One order whose turn it is: `request` to be sent, or for a recording the file to be looked at."""

    order_id: int
    kind: str
    request: Request | None = None
    recording: str = ""


def accept(commands: Sequence[CommandMessage]) -> None:
    """Commands in mid-call: obeyed, then acknowledged. Coming again they find themselves obeyed."""
    for call, its in groupby(commands, key=lambda command: command.call):
        obey_in_mid_call(call, list(its))
    acknowledge([PROVIDER], [command.id for command in commands])


@transactional
def obey_in_mid_call(call: str, commands: Sequence[CommandMessage]) -> None:
    """A button was pressed, or time ran out. A `ring` may begin a call."""
    picture = picture_of(call, make=any(command.type is CommandType.RING for command in commands))
    if picture is not None:
        picture.obey(commands)


def due(busy: Collection[str]) -> list[str]:
    """The legs for which something is to be asked now, but for those in hand."""
    now = clock.now()
    wanted = (
        select(TwimlOrder.leg)
        .where(TwimlOrder.done_at.is_(None), TwimlOrder.next_at <= now, TwimlOrder.leg.not_in(busy))
        .group_by(TwimlOrder.leg)
        .order_by(db.func.min(TwimlOrder.id))
        .limit(AT_ONCE)
    )
    return list(db.session.scalars(wanted))


@transactional
def next_task(leg_key: str) -> Task | None:
    """The first open order of this leg, as a request; None if there is none or its time has not come."""
    picture = picture_with(leg_key)
    leg = picture.legs.get(leg_key) if picture is not None else None
    if picture is None or leg is None:
        return None
    open_orders = (
        select(TwimlOrder)
        .where(TwimlOrder.leg == leg_key, TwimlOrder.done_at.is_(None))
        .order_by(TwimlOrder.id)
        .execution_options(populate_existing=True)
    )
    for order in db.session.scalars(open_orders).all():
        if order.next_at > picture.now:
            return None
        if order.kind == "recording":
            return Task(order.id, order.kind, recording=order.facts["sid"])
        try:
            request = request_for(order, leg)
        except NotYet:
            if picture.now - order.made_at < NAME_COMES_WITHIN:
                order.next_at = picture.now + LOOK_AGAIN
                return None
            log.error("order_given_up", kind=order.kind, leg=leg_key, why="the carrier told no name")
            request, order.failure = None, "not told of"
        if request is not None:
            return Task(order.id, order.kind, request=request)
        order.done_at = picture.now
        if order.kind == "ring" and leg.sid is None and leg.ended_at is None:
            picture.ended(leg, "normal", "hotline")  # unwanted before the carrier could ring it
    return None


@transactional
def carried_out(order_id: int, answer: dict[str, Any]) -> None:
    """The carrier has done it."""
    picture, order, leg = _open(order_id)
    if picture is None or order is None or leg is None:
        return
    order.done_at = picture.now
    if order.kind == "ring" and leg.sid is None and isinstance(answer.get("sid"), str):
        leg.sid = answer["sid"][:64]
    elif order.kind == "listen":
        picture.report(f"{order.id}.listens", "listen.started", leg=leg.key, mode=order.facts["mode"])


@transactional
def looked_at(order_id: int, sound: bytes) -> None:
    """A recording is whole: told with its checksum, so that what is fetched later is proved to be this."""
    picture, order, leg = _open(order_id)
    if picture is None or order is None or leg is None:
        return
    order.done_at = picture.now
    sid, digest = order.facts["sid"], hashlib.sha256(sound).hexdigest()
    told = {"url": f"twiml:recordings/{sid}", "seconds": order.facts["seconds"], "sha256": digest}
    told |= {"prompt": order.facts.get("prompt")}
    picture.report(f"{sid}.ready", "recording.ready", leg=leg.key, **told)


@transactional
def failed(order_id: int, why: str, *, for_good: bool, over: bool = False) -> None:
    """In vain: again later, ever more slowly, or never. A ring that cannot be is told. `over`: the call is not there
    any more, which is no fault of anybody's."""
    picture, order, leg = _open(order_id)
    if picture is None or order is None or leg is None:
        return
    order.tries += 1
    order.failure = why[:300]
    if not for_good and order.tries < MOST_TRIES:
        order.next_at = picture.now + LOOK_AGAIN * 2**order.tries
        return
    order.done_at = picture.now
    if over and order.kind != "ring":
        log.info("order_too_late", kind=order.kind, leg=order.leg)
        return
    log.error("order_given_up", kind=order.kind, leg=order.leg, why=order.failure)
    if order.kind == "ring" and leg.sid is None and leg.ended_at is None:
        picture.ended(leg, "unreachable", "switch")


def silent_legs() -> list[tuple[str, str]]:
    """(key, the carrier's name) of legs of which nothing was heard for a while, the longest first."""
    wanted = (
        select(TwimlLeg.key, TwimlLeg.sid)
        .where(TwimlLeg.ended_at.is_(None), TwimlLeg.news_at < clock.now() - SILENT_AFTER)
        .where(TwimlLeg.sid.is_not(None))
        .order_by(TwimlLeg.news_at)
        .limit(AT_ONCE)
    )
    return [(key, sid or "") for key, sid in db.session.execute(wanted)]


@transactional
def lives(key: str) -> None:
    """The carrier was asked: the leg is still there."""
    leg = db.session.scalars(select(TwimlLeg).where(TwimlLeg.key == key)).one()
    leg.news_at = clock.now()


def _open(order_id: int) -> tuple[Picture | None, TwimlOrder | None, TwimlLeg | None]:
    """An order that is not done, with its leg; the call is locked before anything of it is touched, as everywhere."""
    order = db.session.get(TwimlOrder, order_id)
    picture = picture_with(order.leg) if order is not None else None
    if order is None or picture is None:
        return None, None, None
    db.session.refresh(order)
    return (picture, order, picture.legs.get(order.leg)) if order.done_at is None else (None, None, None)
