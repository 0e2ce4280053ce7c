"""110, 119, 120, 122 by one key: rung into the talk at once, nobody is put on hold, and it is written down.

There is no question before it, because a question costs time. What was pressed by mistake is taken back while it still
rings (`room.send_away`), which costs nobody anything.
"""

from __future__ import annotations

from flask_babel import gettext as _

from accounts import audit
from accounts.models import Person
from config.errors import Conflict, Invalid
from config.transaction import transactional
from hotline.models import Call
from hotline.services import holding, orders
from hotline.services.deeds import note
from hotline.services.room import invite, talking_turn
from hotline.services.targets import EMERGENCIES, Target
from hotline.words import Deed, Purpose

NUMBERS = frozenset(number for number, _name in EMERGENCIES)


@transactional
def call_emergency(person: Person, call: Call, number: str) -> Call:
    """The service comes into the talk when it answers; the agent hands over or stays. The case knows of it. Whoever was
    asked into the call before stays in it: nobody has the time to send them away first."""
    if number not in NUMBERS:
        raise Invalid(fields={"number": _("Choose 110, 119, 120 or 122.")})
    turn = talking_turn(person, call)[0]
    if any(guest.number in NUMBERS for guest in turn.snapshot.guests):
        raise Conflict(_("Somebody else is in this call already."))
    invite(turn, person, Target(number=number), Purpose.CONSULT)
    turn.call.emergency = number
    note(turn.call, person.id, Deed.EMERGENCY, number=number)
    audit.record("call:emergency", person, subject=("call", call.id), detail={"number": number})
    if turn.snapshot.on_hold:
        holding.resume(turn)
    orders.dispatch(turn)
    return turn.call
