"""A switch's process began anew in the middle of calls: whether what we told the one before was done, nobody knows.

So what should be is told again, which is harmless where it is so already, and legs we believe alive that the switch
has not are over: who was to be rung and never was is not left waiting for a time-out, and no agent pays for it.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, select, text

from config import clock
from config.extensions import db
from config.timers import set_timer
from config.transaction import after_commit
from hotline import prompts
from hotline.engine import derive
from hotline.engine.facts import end_leg
from hotline.engine.position import position_of
from hotline.engine.snapshot import Snapshot
from hotline.ivr.steps import Waits
from hotline.models import Call, CallCommand, CallEvent, CallLeg
from hotline.services import failed_rings, orders, routing
from hotline.services.orders import order
from hotline.services.places import play_music
from hotline.services.presence import change, lock_presence
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType, EventMessage
from hotline.words import AgentState, Direction, LegRole, ListenMode, NotReadyReason

LOST = "lost"
AT_MOST = 10_000
CARRIED_OUT_WITHIN = timedelta(seconds=10)
AT_ONCE = timedelta(seconds=1)
RINGS = 20  # seconds, where no queue says how long


def live_calls(provider: str, before: datetime) -> list[dict[str, Any]]:
    """The calls that are not over for us, or whose telephones are not all down, as `{call, legs, fresh}`.

    `call` is the switch's own key, `legs` has each live leg and whether we know that it was answered. `fresh`:
    something was ordered shortly before the switch was last heard of, that is before its new process began at `before`,
    and was perhaps not done; what was ordered earlier was.
    """
    # Two small sets, each with a partial index.
    not_over = select(Call.id).where(Call.ended_at.is_(None))
    agent_on_the_line = select(CallLeg.call_id).where(
        CallLeg.agent_id.is_not(None), CallLeg.ended_at.is_(None), CallLeg.given_up_at.is_(None)
    )
    wanted = (
        select(
            Call.provider_call.label("call"),
            func.coalesce(
                func.jsonb_object_agg(CallLeg.key, CallLeg.answered_at.is_not(None)).filter(
                    CallLeg.key.is_not(None)
                ),
                text("'{}'::jsonb"),
            ).label("legs"),
            exists()
            .where(CallCommand.call_id == Call.id, CallCommand.issued_at > _last_heard(provider, before))
            .label("fresh"),
        )
        .outerjoin(CallLeg, and_(CallLeg.call_id == Call.id, CallLeg.ended_at.is_(None)))
        .where(Call.id.in_(not_over.union(agent_on_the_line)), Call.provider == provider, ~Call.led_elsewhere)
        .group_by(Call.id)
        .order_by(Call.id.desc())
        .limit(AT_MOST)
    )
    return [dict(row) for row in db.session.execute(wanted).mappings()]


def _last_heard(provider: str, before: datetime) -> datetime:
    """From when on an order may not have been carried out."""
    last = (
        select(CallEvent.received_at)
        .where(CallEvent.provider == provider, CallEvent.call_id.is_not(None), CallEvent.received_at < before)
        .order_by(CallEvent.id.desc())
        .limit(1)
    )
    return (db.session.scalar(last) or before) - CARRIED_OUT_WITHIN


def end_what_is_not_there(snapshot: Snapshot, message: EventMessage, on_the_way: Set[str]) -> None:
    """End the legs that the switch should have by then and has not. A switch that ran all the time lost none: then who
    was on the line has hung up, and only what was to be rung never was. A command in mid-call that the switch has not
    acknowledged is still on its way, and so is the leg it makes: `on_the_way`."""
    there = set(message.legs or ())
    for leg in snapshot.live_legs:
        begun = leg.rung_at or leg.ringing_at or leg.answered_at or snapshot.call.first_heard_at
        comes = leg.key in on_the_way and leg.given_up_at is None
        if leg.key in there or comes or begun > message.at:
            continue
        was_on_the_line = leg.answered_at is not None or leg.role is LegRole.CITIZEN
        if was_on_the_line and message.since is not None and message.since < begun:
            end_leg(leg, message.at, "normal", _by(leg, there))
        else:
            end_leg(leg, message.at, LOST, "switch")
            if leg.given_up_at is not None and leg.ringing_at is None:
                _forgive(leg)


def _forgive(leg: CallLeg) -> None:
    """Their time to answer ran out while there was nobody who could have rung them."""
    presence = lock_presence(leg.agent_id) if leg.agent_id is not None else None
    if presence is None or leg.given_up_at is None:
        return
    failed_rings.forget(presence)
    because_of_it = presence.reason in (NotReadyReason.NO_ANSWER, NotReadyReason.NO_TELEPHONE)
    if because_of_it and presence.since - leg.given_up_at < AT_ONCE:
        change(presence, AgentState.IDLE, clock.now(), keeps_turn=True)
    after_commit(routing.serve_waiting)


def _by(leg: CallLeg, there: Set[str]) -> str:
    """Who hung up, unknown if nobody is there any more; whom we told to is no matter of ours here."""
    if not there or leg.hangup_asked_at is not None:
        return ""
    return "caller" if leg.role is LegRole.CITIZEN else "agent"


def tell_again(turn: Turn, message: EventMessage, on_the_way: Set[str]) -> None:
    """Order once more what was decided before; what follows from news is decided afterwards, as ever."""
    snapshot, call, citizen = turn.snapshot, turn.call, turn.snapshot.citizen
    for leg in snapshot.legs.values():
        unwanted = leg.is_live and (leg.hangup_asked_at is not None or leg.given_up_at is not None)
        just_lost = leg.end_cause == LOST and leg.ended_at == message.at  # it might come to be after all
        if unwanted or just_lost:
            order(turn, CommandType.HANGUP, leg=leg.key, reason="normal")
    for leg in snapshot.live_legs:
        if leg.key in on_the_way:  # it rings only now, so that is when its time begins
            lasts = call.queue.ring_timeout if call.queue is not None else RINGS
            at = turn.now + timedelta(seconds=lasts)
            set_timer("hotline.ring", leg.key, at, call_id=call.id, seconds=lasts)
    orders.push_now(call)
    if citizen is None or not citizen.is_live or citizen.hangup_asked_at is not None:
        return
    if call.direction is Direction.IN and call.greeted_at is not None and citizen.answered_at is None:
        order(turn, CommandType.ANSWER, leg=citizen.key)
    if (prompt := _asked(snapshot)) is not None:
        _ask_again(turn, prompt)
    elif with_citizen := _in_the_room(snapshot):
        _together_again(turn, with_citizen)
    elif (
        snapshot.on_hold and snapshot.awaited is not None
    ):  # and nobody else: they are on their way to who rings
        order(turn, CommandType.HOLD, leg=citizen.key)
    elif snapshot.entry is not None and call.queue is not None:
        play_music(turn, call.queue)


def _asked(snapshot: Snapshot) -> str | None:
    """The prompt whose answer or end is waited for."""
    call = snapshot.call
    if call.farewell_at is not None:
        return call.farewell if call.farewell_heard_at is None else None
    if call.survey_at is not None:
        return prompts.SURVEY if call.survey_done_at is None else None
    position = position_of(call)
    waits = position is not None and position.waits in (Waits.KEYS, Waits.PLAYED)
    return position.step if position is not None and waits and call.asked_at is None else None


def _ask_again(turn: Turn, prompt: str) -> None:
    """The same words, as they were ordered."""
    asked = (
        select(CallCommand)
        .where(CallCommand.call_id == turn.call.id, CallCommand.args["prompt"].astext == prompt)
        .order_by(CallCommand.id.desc())
        .limit(1)
    )
    if (row := db.session.scalars(asked).one_or_none()) is not None:
        order(turn, CommandType(row.type), **row.args)


def _in_the_room(snapshot: Snapshot) -> list[CallLeg]:
    """Who was brought together with the citizen and is to stay; a shift lead is not counted who only listens."""
    return [
        leg
        for leg in snapshot.live_legs
        if leg.connected_at is not None
        and leg.hangup_asked_at is None
        and leg.given_up_at is None
        and (leg.role is not LegRole.SUPERVISOR or leg.heard == ListenMode.BARGE)
    ]


def _together_again(turn: Turn, with_citizen: list[CallLeg]) -> None:
    snapshot, citizen = turn.snapshot, turn.snapshot.citizen
    assert citizen is not None
    order(turn, CommandType.HOLD if snapshot.on_hold else CommandType.ADD, leg=citizen.key)
    for leg in with_citizen:
        order(turn, CommandType.ADD, leg=leg.key)
    target = snapshot.talking_leg
    for leg in snapshot.guests:
        listens = leg.role is LegRole.SUPERVISOR and leg.heard not in (None, ListenMode.BARGE)
        if listens and leg not in with_citizen and target is not None:
            order(turn, CommandType.LISTEN, target=target.key, by=leg.key, mode=leg.heard)
    if derive.attended_at(snapshot) is not None:
        paused = turn.call.recording_paused_at is not None
        order(turn, CommandType.RECORD, action="pause" if paused else "start")


def rung_by_stream(call: Call) -> set[str]:
    """The legs whose ring waits for an acknowledgement."""
    rings = select(CallCommand.args["leg"].astext).where(
        CallCommand.call_id == call.id,
        CallCommand.type == CommandType.RING.value,
        CallCommand.event_id.is_(None),
        CallCommand.acked_at.is_(None),
    )
    return set(db.session.scalars(rings))
