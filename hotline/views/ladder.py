"""A call's ladder: what the switch told and was told, side by side in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from config.phones import mask_phone
from config.words import Hue, Word
from hotline.models import CallCommand, CallDeed, CallEvent, CallLeg
from hotline.telephony.contract import CommandType, EventType
from hotline.views.facts import facts_in_words
from hotline.words import LegRole


class SaidBy(Word):
    """Whose word a rung is."""

    SWITCH = "switch", _l("switch"), Hue.RUNNING
    HOTLINE = "hotline", _l("hotline"), Hue.QUIET
    PERSON = "person", _l("person"), Hue.GOOD


@dataclass(frozen=True)
class Rung:
    """One line of the ladder. `said_by`: the switch to us, we to the switch, or a person; `code` is its type."""

    at: datetime
    said_by: SaidBy
    code: str
    label: str
    who: str
    facts: str


def ladder(
    events: Iterable[CallEvent],
    commands: Iterable[CallCommand],
    deeds: Iterable[CallDeed],
    names: dict[str, str],
) -> list[Rung]:
    """Everything, oldest first. `names` of the legs by key."""
    rungs = [
        *(_told(event, names) for event in events),
        *(_ordered(command, names) for command in commands),
        *(_pressed(deed) for deed in deeds),
    ]
    return sorted(rungs, key=lambda rung: rung.at)


def _told(event: CallEvent, names: dict[str, str]) -> Rung:
    label = EVENTS.get(event.type, event.type)
    return Rung(
        event.at,
        SaidBy.SWITCH,
        event.type,
        str(label),
        names.get(event.leg or "", ""),
        facts_in_words(event.body),
    )


def _ordered(command: CallCommand, names: dict[str, str]) -> Rung:
    about = {key: value for key, value in command.args.items() if key not in ("leg", "legs")}
    legs = command.args.get("legs") or [command.args.get("leg", "")]
    who = " + ".join(filter(None, (names.get(leg, "") for leg in legs)))
    label = COMMANDS.get(command.type, command.type)
    return Rung(command.issued_at, SaidBy.HOTLINE, command.type, str(label), who, facts_in_words(about))


def _pressed(deed: CallDeed) -> Rung:
    who = deed.person.name if deed.person else ""
    said_by = SaidBy.PERSON if deed.person else SaidBy.HOTLINE
    return Rung(deed.at, said_by, deed.deed.value, deed.deed.label, who, facts_in_words(deed.detail))


def names_of(legs: Iterable[CallLeg]) -> dict[str, str]:
    """What each line is called: colleagues by name and seat, whoever is outside by their masked number."""
    return {leg.key: _name(leg) for leg in legs}


def _name(leg: CallLeg) -> str:
    if leg.role is None:
        return leg.key
    if leg.agent is not None:
        return _("%(name)s (seat %(seat)s)", name=leg.agent.name, seat=leg.seat or "–")
    if leg.role is not LegRole.CITIZEN and leg.number:
        return f"{leg.role.label} {mask_phone(leg.number)}"
    return leg.role.label


EVENTS: dict[str, Any] = {
    EventType.CALL_INCOMING: _l("A citizen calls"),
    EventType.LEG_RINGING: _l("Telephone rings"),
    EventType.LEG_ANSWERED: _l("Picked up"),
    EventType.LEG_HELD: _l("Put on hold"),
    EventType.LEG_RESUMED: _l("Taken off hold"),
    EventType.LEG_ENDED: _l("Telephone down"),
    EventType.DIGITS: _l("Keys pressed"),
    EventType.PROMPT_DONE: _l("Prompt heard"),
    EventType.QUEUE_JOINED: _l("Hears waiting music"),
    EventType.QUEUE_LEFT: _l("Waiting music ends"),
    EventType.BRIDGE_JOINED: _l("Enters the talk"),
    EventType.BRIDGE_LEFT: _l("Leaves the talk"),
    EventType.TRANSFER_REQUESTED: _l("Transfer key pressed"),
    EventType.RECORDING_STARTED: _l("Recording begins"),
    EventType.RECORDING_READY: _l("Recording is ready"),
    EventType.LISTEN_STARTED: _l("Somebody listens"),
    EventType.LISTEN_ENDED: _l("Listening ends"),
    EventType.FALLBACK_ANSWERED: _l("Answered at the fallback number"),
}
COMMANDS: dict[str, Any] = {
    CommandType.ANSWER: _l("Take the call"),
    CommandType.PLAY: _l("Play a prompt"),
    CommandType.SAY: _l("Say a text"),
    CommandType.GATHER: _l("Play a prompt and wait for keys"),
    CommandType.QUEUE: _l("Play waiting music"),
    CommandType.RING: _l("Ring"),
    CommandType.CONNECT: _l("Connect"),
    CommandType.HOLD: _l("Put on hold"),
    CommandType.RESUME: _l("Take off hold"),
    CommandType.ADD: _l("Bring into the talk"),
    CommandType.REMOVE: _l("Take out of the talk"),
    CommandType.TRANSFER: _l("Transfer"),
    CommandType.LISTEN: _l("Let listen"),
    CommandType.RECORD: _l("Record"),
    CommandType.HANGUP: _l("Hang up"),
}
