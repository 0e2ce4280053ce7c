"""A page that was loaded anew in the middle of a call has lost its telephone, not the call (decision 16)."""

from __future__ import annotations

from accounts.models import Person
from config.extensions import db
from config.transaction import transactional
from hotline.engine.derive import talk_began
from hotline.engine.facts import end_leg
from hotline.models import Call, CallLeg
from hotline.services import carry_out, holding, orders
from hotline.services.in_call import own_turn
from hotline.services.presence import change, lock_presence
from hotline.services.settle import settle
from hotline.services.turn import Turn
from hotline.words import GONE, AgentState, LegRole, Purpose

COMES_BACK_WITHIN = 20
"""Seconds the browser may take to pick up again; after that the citizen goes to the head of the queue."""


@transactional
def come_back(person: Person, call: Call, leg_key: str) -> Call:
    """The browser has no voice for this leg any more: ring it anew, the citizen hears music until it has picked up.

    A guest only leaves; a seat that was still ringing is rung again as the first of the idle. Asked twice for the same
    leg, the second changes nothing.
    """
    turn, leg = own_turn(person, call)
    if leg.key != leg_key:
        return turn.call
    if leg.role is LegRole.AGENT:
        end_leg(leg, turn.now, GONE, "hotline")
        db.session.flush()  # before the new leg: an agent has one live leg at most
        stays = leg.answered_at is not None and leg.hangup_asked_at is None
        if stays and _citizen_is_there(turn):
            _ring_anew(turn, person, leg)
    carry_out.put_down(turn, leg)
    orders.dispatch(turn)
    settle(turn.snapshot)
    return turn.call


def _citizen_is_there(turn: Turn) -> bool:
    citizen = turn.snapshot.citizen
    return citizen is not None and citizen.is_live and turn.call.hung_up_at is None


def _ring_anew(turn: Turn, person: Person, lost: CallLeg) -> None:
    presence = lock_presence(person.id)
    if presence is None or presence.leg_id != lost.id or presence.seat is None:
        return
    leg = carry_out.ring_seat(turn, presence, COMES_BACK_WITHIN)
    leg.purpose = Purpose.RETURN
    change(presence, AgentState.RESERVED, turn.now, call=turn.call, leg=leg)
    talks_on = (
        turn.snapshot.heir is not None and not turn.snapshot.on_hold
    )  # with who was asked in, or came in
    if talk_began(turn.snapshot, lost) is not None and not talks_on:
        holding.hold_if_they_hear(turn)
