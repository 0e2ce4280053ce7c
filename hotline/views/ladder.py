"""A call's ladder: what the switch told and was told, side by side in the order of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from config.words import Hue
from hotline.models import CallCommand, CallEvent, CallLeg
from hotline.words import LegRole


@dataclass(frozen=True)
class Rung:
    """One line of the ladder, as `ui.timeline` draws it."""

    at: datetime
    label: str
    who: str
    text: str
    hue: Hue


def ladder(
    events: Iterable[CallEvent], commands: Iterable[CallCommand], legs: Iterable[CallLeg]
) -> list[Rung]:
    """Everything, oldest first."""
    names = {leg.key: _name(leg) for leg in legs}
    rungs = [_told(event, names) for event in events] + [_ordered(command, names) for command in commands]
    return sorted(rungs, key=lambda rung: rung.at)


def _told(event: CallEvent, names: dict[str, str]) -> Rung:
    facts = ", ".join(f"{key}={value}" for key, value in sorted(event.body.items()))
    hue = Hue.LATE if event.body.get("cause") == "lost" else Hue.RUNNING
    return Rung(event.at, event.type, names.get(event.leg or "", ""), facts, hue)


def _ordered(command: CallCommand, names: dict[str, str]) -> Rung:
    about = {key: value for key, value in command.args.items() if key not in ("leg", "legs")}
    facts = ", ".join(f"{key}={value}" for key, value in sorted(about.items()))
    legs = command.args.get("legs") or [command.args.get("leg", "")]
    who = " + ".join(filter(None, (names.get(leg, "") for leg in legs)))
    return Rung(command.issued_at, _("→ %(command)s", command=command.type), who, facts, Hue.QUIET)


def _name(leg: CallLeg) -> str:
    if leg.role is None:
        return leg.key
    if leg.role is LegRole.AGENT and leg.agent is not None:
        return _("%(name)s (seat %(seat)s)", name=leg.agent.name, seat=leg.seat or "–")
    return leg.role.label
