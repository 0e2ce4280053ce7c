"""What an agent does in a call: answer, hang up, hold, resume; and placing a call of one's own."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.crypto import blind_index
from config.errors import Conflict, NotFound, Refused
from config.extensions import db
from config.phones import normalise_phone
from config.transaction import transactional
from hotline.engine.derive import derive
from hotline.engine.snapshot import Snapshot, blank_call
from hotline.models import Call, CallLeg
from hotline.services import carry_out, holding, orders
from hotline.services.agents import close_wrap_up, lock_with_call
from hotline.services.deeds import note
from hotline.services.our_numbers import ensure_not_ours
from hotline.services.presence import change, keep_break
from hotline.services.receive import new_call_no
from hotline.services.settle import settle
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType
from hotline.words import AgentState, CallState, Deed, Direction, LegRole

AGENT_RINGS = 20


@transactional
def answer_call(person: Person, call: Call) -> Call:
    """Pick up: the switch is told to answer this seat's telephone. What follows, its events tell.

    Refused where another telephone rings for it: to a switch, a line it has dialled would be one that has answered.
    """
    turn, leg = own_turn(person, call)
    if leg.answered_at is None:
        if leg.number:
            raise Refused(_("This call rings where you forward to; pick it up there."))
        orders.order(turn, CommandType.ANSWER, leg=leg.key)
        orders.dispatch(turn)
    return turn.call


@transactional
def hang_up(person: Person, call: Call) -> Call:
    """End the call for everybody; a guest only leaves. A ringing telephone is not hung up but missed: Refused."""
    turn, leg = own_turn(person, call)
    if leg.hangup_asked_at is not None:
        # Gone already, and the others talk on: they sent the citizen on, or were taken over just now.
        return turn.call
    if leg.role is not LegRole.AGENT:
        carry_out.put_down(turn, leg)
        orders.dispatch(turn)
        return turn.call
    asked_for = turn.call.direction is Direction.OUT and turn.call.place_since is None
    if leg.answered_at is None and not asked_for:
        raise Refused(_("This call is still ringing."))
    if turn.call.hung_up_at is None:
        turn.call.hung_up_at = clock.now()
        note(turn.call, person.id, Deed.HANG_UP)
        settle(turn.snapshot)
    return turn.call


@transactional
def hold_call(person: Person, call: Call) -> Call:
    """The citizen hears music."""
    turn, _leg = agent_turn(person, call)
    if holding.hold_if_they_hear(turn):
        note(turn.call, person.id, Deed.HOLD)
        orders.dispatch(turn)
    elif turn.call.state is not CallState.HELD:
        raise Refused(_("There is nobody to put on hold."))
    return turn.call


@transactional
def resume_call(person: Person, call: Call) -> Call:
    """Back to the citizen."""
    turn, _leg = agent_turn(person, call)
    if turn.snapshot.on_hold:
        holding.resume(turn)
        note(turn.call, person.id, Deed.RESUME)
        orders.dispatch(turn)
    elif turn.call.state is not CallState.TALKING:
        raise Refused(_("This call is not on hold."))
    return turn.call


@transactional
def place_call(person: Person, number: str) -> Call:
    """Call a citizen: first the agent's own telephone rings, then theirs. Invalid if it is no number."""
    ensure(person, "call:take")
    wanted = normalise_phone(number)
    presence = lock_with_call(person.id)
    if presence is None or presence.seat is None:
        raise Refused(_("Sign on at a seat first."))
    if presence.state not in (AgentState.IDLE, AgentState.WRAP_UP, AgentState.NOT_READY):
        raise Conflict(_("You are in a call."))
    if not presence.seat.online and not presence.forwards_to:
        raise Refused(_("The telephone of seat %(number)s is not connected.", number=presence.seat.number))
    ensure_not_ours(wanted)
    now = clock.now()
    close_wrap_up(presence, now)
    keep_break(presence)
    call_no = new_call_no(now)
    call = blank_call(presence.seat.provider, call_no, call_no, now)
    call.direction, call.state = Direction.OUT, CallState.RINGING
    call.arrived_at, call.agent_id = now, person.id
    call.caller_number, call.caller_index, call.dialled = wanted, blind_index(wanted), ""
    db.session.add(call)
    db.session.flush()
    turn = Turn(Snapshot(call), now, state_before=CallState.ARRIVED)
    leg = carry_out.ring_seat(turn, presence, AGENT_RINGS)
    if not presence.forwards_to:
        orders.order(turn, CommandType.ANSWER, leg=leg.key)  # who asked for the call has picked up already
    change(presence, AgentState.RESERVED, now, call=call, leg=leg)
    derive(turn.snapshot)
    orders.dispatch(turn)
    return call


def agent_turn(person: Person, call: Call) -> tuple[Turn, CallLeg]:
    """As `own_turn`, for whoever has the citizen; Refused for a guest, and for who is just leaving."""
    turn, leg = own_turn(person, call)
    if leg.hangup_asked_at is not None:
        raise Refused(_("This call is not with you any more."))
    if leg.role is not LegRole.AGENT:
        raise Refused(_("Only the agent of this call can do that."))
    return turn, leg


def own_turn(person: Person, call: Call) -> tuple[Turn, CallLeg]:
    """The call under lock and this person's leg in it; NotFound or Refused if they have none."""
    ensure(person, "call:take")
    locked = lock_call(call.id)
    if locked is None:
        raise NotFound(_("There is no such call."))
    snapshot = load(locked)
    legs = [leg for leg in snapshot.seat_legs if leg.agent_id == person.id and not leg.is_over]
    if not legs or locked.ended_at is not None:
        raise Refused(_("This call is not with you any more."))
    return Turn(snapshot, clock.now(), state_before=locked.state), legs[-1]


def call_by_no(call_no: str) -> Call:
    """The call with that number; NotFound if there is none."""
    call = db.session.scalars(select(Call).where(Call.call_no == call_no)).one_or_none()
    if call is None:
        raise NotFound(_("There is no such call."))
    return call
