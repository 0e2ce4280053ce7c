"""A call is a room: who is asked into it, who is handed the citizen, who listens (domain § 2).

Every change is the room's; who hears whom follows from it, and the switch is told.
"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, NotFound, Refused
from config.extensions import db
from config.live import tell
from config.transaction import transactional
from hotline.engine import derive
from hotline.models import AgentPresence, Call, CallLeg
from hotline.services import carry_out, holding, listening, orders, recording_pause
from hotline.services.deeds import note
from hotline.services.in_call import agent_turn, own_turn
from hotline.services.our_numbers import ensure_not_ours
from hotline.services.presence import change, keep_break, lock_presence
from hotline.services.settle import settle
from hotline.services.targets import CAN_BE_ASKED, Target
from hotline.services.telling import ring_facts
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType
from hotline.words import AgentState, CallState, Deed, LegRole, ListenMode, Purpose

GUEST_RINGS = 25
OUTSIDE_RINGS = 45
LEAD_RINGS = 15


@transactional
def consult(person: Person, call: Call, target: Target) -> Call:
    """Ask somebody while the citizen hears music. Refused for a queue; Conflict if somebody is asked already."""
    turn = talking_turn(person, call)[0]
    if target.queue is not None:
        raise Refused(_("A queue cannot be consulted; choose a colleague."))
    nobody_else(turn)
    invite(turn, person, target, Purpose.CONSULT)
    note(turn.call, person.id, Deed.CONSULT, **target.named())
    holding.hold_if_they_hear(turn)
    orders.dispatch(turn)
    return turn.call


@transactional
def transfer(person: Person, call: Call, target: Target) -> Call:
    """Send the citizen on without asking first; the agent is free at once. A colleague or number that does not answer
    sends them to the head of the queue, so nobody is dropped."""
    turn, leg = talking_turn(person, call)
    nobody_else(turn)
    note(turn.call, person.id, Deed.TRANSFER, **target.named())
    if target.queue is not None:
        turn.call.requeued_at = turn.now
        turn.call.preferred_agent_id = turn.call.preferred_seat = (
            None  # who sent them on is not looked for again
        )
        turn.call.queue, turn.call.queue_id = target.queue, target.queue.id
        for listener in listening.waits_in(turn, target.queue):
            carry_out.put_down(turn, listener, listening.NOT_THEIRS)
    else:
        invite(turn, person, target, Purpose.TRANSFER)
        holding.hold_if_they_hear(turn)
    carry_out.put_down(turn, leg, "transferred")
    orders.dispatch(turn)
    settle(turn.snapshot)
    return turn.call


@transactional
def bring_together(person: Person, call: Call) -> Call:
    """Citizen, agent and guest hear each other."""
    turn = _with_guest(person, call)[0]
    note(turn.call, person.id, Deed.TOGETHER)
    holding.resume(turn)
    orders.dispatch(turn)
    return turn.call


@transactional
def hand_over(person: Person, call: Call) -> Call:
    """The agent leaves, the guest keeps the citizen."""
    turn, leg = _with_guest(person, call)
    turn.snapshot.company[0].purpose = Purpose.TRANSFER
    note(turn.call, person.id, Deed.HAND_OVER)
    carry_out.put_down(turn, leg, "transferred")
    orders.dispatch(turn)
    return turn.call


@transactional
def send_away(person: Person, call: Call) -> Call:
    """The guest leaves, or need not answer any more; back to the citizen."""
    turn, _leg = agent_turn(person, call)
    note(turn.call, person.id, Deed.SEND_AWAY)
    for guest in turn.snapshot.asked_in:
        if guest.answered_at is None:
            guest.given_up_at = turn.now
            if guest.number == turn.call.emergency:
                turn.call.emergency = ""  # pressed by mistake, or the wrong one
        carry_out.put_down(turn, guest)
    if turn.snapshot.on_hold:
        holding.resume(turn)
    orders.dispatch(turn)
    settle(turn.snapshot)
    return turn.call


@transactional
def ask_for_help(person: Person, call: Call) -> Call:
    """The shift leads see at once who needs them, with the call; pressed again, it is taken back."""
    turn, _leg = agent_turn(person, call)
    asked = turn.call.help_asked_at is None
    turn.call.help_asked_at = turn.now if asked else None
    note(turn.call, person.id, Deed.HELP if asked else Deed.HELP_TAKEN_BACK)
    told = {"call_no": turn.call.call_no, "agent": person.name, "agent_id": person.id, "asked": asked}
    tell("floor", "call:help", told)
    return turn.call


@transactional
def pause_recording(person: Person, call: Call, paused: bool | None = None) -> Call:
    """While a card number is read out, say. `paused`: what is wanted, else the other; what is so already stays so, for
    the pause may have ended by itself while the button was pressed."""
    turn, _leg = talking_turn(person, call)
    is_paused = turn.call.recording_paused_at is not None
    if paused is is_paused:
        return turn.call
    recording_pause.resume(turn, person) if is_paused else recording_pause.pause(turn, person)
    orders.dispatch(turn)
    return turn.call


@transactional
def keep_recording_paused(person: Person, call: Call) -> Call:
    """The pause lasts its time anew; one that has just ended by itself begins again."""
    turn, _leg = talking_turn(person, call)
    if turn.call.recording_paused_at is None:
        recording_pause.pause(turn, person)
    else:
        recording_pause.keep(turn, person)
    orders.dispatch(turn)
    return turn.call


# -- shift leads


@transactional
def listen(lead: Person, call: Call, mode: ListenMode) -> Call:
    """Hear a talk, whisper to its agent or come into it; asked again, in another way. Audited every time."""
    ensure(lead, "floor:lead")
    locked = lock_call(call.id)
    if locked is None:
        raise NotFound(_("There is no such call."))
    turn = Turn(load(locked), clock.now(), state_before=locked.state)
    mine = next((leg for leg in turn.snapshot.seat_legs if leg.agent_id == lead.id and not leg.is_over), None)
    agent = turn.snapshot.talking_leg
    if agent is None or agent.connected_at is None:
        raise Refused(_("Nobody talks in this call."))
    if mine is not None and mine.role is not LegRole.SUPERVISOR:
        raise Refused(_("You are in this call."))
    ensure(lead, "floor:lead", agent.agent)
    listening.write_down(locked, lead, agent.agent_id, mode)
    locked.help_asked_at = None
    if mine is None:
        presence = _ready_presence(lead.id, turn.call, Refused(_("Sign on at a seat first.")))
        mine = carry_out.ring_seat(turn, presence, LEAD_RINGS, role=LegRole.SUPERVISOR)
        mine.purpose, mine.invited_by_id = Purpose.LISTEN, lead.id
        if not presence.forwards_to:
            orders.order(turn, CommandType.ANSWER, leg=mine.key)  # who asked to listen has picked up already
        _reserve(turn, presence, mine)
    mine.hears = mode
    orders.dispatch(turn)
    settle(turn.snapshot)
    return turn.call


@transactional
def take_over(lead: Person, call: Call) -> Call:
    """The shift lead, who has come into the talk, keeps the citizen; the agent leaves."""
    ensure(lead, "floor:lead")
    turn, mine = own_turn(lead, call)
    came_in = mine.role is LegRole.SUPERVISOR and mine.heard == ListenMode.BARGE
    if not came_in or mine.hangup_asked_at is not None:
        raise Refused(_("Come into the talk first."))
    agent = turn.snapshot.talking_leg
    if agent is None or derive.attended_at(turn.snapshot) is None:
        raise Refused(_("Nobody talks in this call."))  # the citizen was sent on to a queue meanwhile
    ensure(lead, "floor:lead", agent.agent)  # since the lead began to listen it may be another
    carry_out.put_down(turn, agent, "taken_over")
    mine.purpose = Purpose.TRANSFER  # the citizen is theirs, not a colleague's who was asked in before
    audit.record("call:take_over", lead, subject=("call", call.id))
    note(turn.call, lead.id, Deed.TAKE_OVER)
    orders.dispatch(turn)
    return turn.call


# -- parts of these


def talking_turn(person: Person, call: Call) -> tuple[Turn, CallLeg]:
    """The agent's turn in a call where citizen and agent have met."""
    turn, leg = agent_turn(person, call)
    if turn.call.state not in (CallState.TALKING, CallState.HELD) or leg.connected_at is None:
        raise Refused(_("The citizen is not on the line."))
    return turn, leg


def _with_guest(person: Person, call: Call) -> tuple[Turn, CallLeg]:
    turn, leg = talking_turn(person, call)
    if not turn.snapshot.company:
        raise Refused(_("Nobody else is on the line."))
    return turn, leg


def nobody_else(turn: Turn) -> None:
    """Conflict if a guest is in the call, or rung for it; who listens does not count."""
    if turn.snapshot.asked_in:
        raise Conflict(_("Somebody else is in this call already."))


def invite(turn: Turn, person: Person, target: Target, purpose: Purpose) -> None:
    """Ring `target` for this call."""
    if target.agent_id is not None:
        if target.agent_id == person.id:
            raise Refused(_("That is you."))
        absent = Refused(_("This colleague is not at a seat."))
        presence = _ready_presence(target.agent_id, turn.call, absent)
        leg = carry_out.ring_seat(turn, presence, GUEST_RINGS, role=LegRole.COLLEAGUE)
        _reserve(turn, presence, leg)
        tell(f"person:{target.agent_id}", "call:ringing", ring_facts(turn))
    else:
        ensure_not_ours(target.number)
        leg = carry_out.ring_outside(turn, target.number, OUTSIDE_RINGS)
    leg.purpose, leg.invited_by_id = purpose, person.id


def _ready_presence(agent_id: int, call: Call, absent: Refused) -> AgentPresence:
    """The row of somebody who can be rung now, locked. `absent` is raised for who sits nowhere on this switch; whose
    telephone is away is not rung either, for a ring that cannot be would be theirs in vain."""
    presence = lock_presence(agent_id)
    if presence is None or presence.seat is None or presence.seat.provider != call.provider:
        raise absent
    if not presence.seat.online and not presence.forwards_to:
        raise Refused(_("The telephone of seat %(number)s is not connected.", number=presence.seat.number))
    if presence.state not in CAN_BE_ASKED:
        raise Conflict(_("%(name)s is busy: %(state)s", name=presence.agent.name, state=presence.state.label))
    return presence


def _reserve(turn: Turn, presence: AgentPresence, leg: CallLeg) -> None:
    """Theirs is this call now; a break they were in goes on afterwards."""
    keep_break(presence)
    change(presence, AgentState.RESERVED, turn.now, call=turn.call, leg=leg)


def room_of(call: Call) -> list[CallLeg]:
    """Who is in the call besides citizen and agent, or being rung, in the order of coming."""
    wanted = select(CallLeg).where(
        CallLeg.call_id == call.id,
        CallLeg.purpose.is_not(None),
        CallLeg.ended_at.is_(None),
        CallLeg.given_up_at.is_(None),
    )
    return list(db.session.scalars(wanted.order_by(CallLeg.id)))
