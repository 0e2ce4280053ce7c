"""All that is known of one call at one moment: its row, its legs, its place in a queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hotline.models import Call, CallLeg, QueueEntry
from hotline.words import CallState, Direction, LegRole


@dataclass
class Snapshot:
    """`sought`: an agent was looked for in vain a moment ago, which is not worth repeating at once."""

    call: Call
    legs: dict[str, CallLeg] = field(default_factory=dict)
    entry: QueueEntry | None = None
    sought: bool = False

    @property
    def citizen(self) -> CallLeg | None:
        """The citizen's leg, once known."""
        return next((leg for leg in self.legs.values() if leg.role is LegRole.CITIZEN), None)

    @property
    def agent_legs(self) -> list[CallLeg]:
        """Every seat that was ever rung for this call, in the order of ringing."""
        legs = [leg for leg in self.legs.values() if leg.role is LegRole.AGENT]
        return sorted(legs, key=lambda leg: (leg.rung_at or self.call.first_heard_at, leg.key))

    @property
    def talking_leg(self) -> CallLeg | None:
        """The seat that has the citizen now, or has just picked up."""
        return next((leg for leg in self.agent_legs if leg.answered_at and not leg.is_over), None)

    @property
    def ringing_leg(self) -> CallLeg | None:
        """The seat that rings now."""
        return next((leg for leg in self.agent_legs if not leg.answered_at and not leg.is_over), None)

    @property
    def live_legs(self) -> list[CallLeg]:
        """Legs the switch has not told the end of."""
        return [leg for leg in self.legs.values() if leg.is_live]

    def leg(self, key: str) -> CallLeg:
        """The leg of that name, made if nobody has spoken of it yet."""
        if key not in self.legs:
            self.legs[key] = blank_leg(key)
        return self.legs[key]

    def next_leg_key(self) -> str:
        """A name for a leg of our making; unique among all calls, as switches want it."""
        number = len(self.legs) + 1
        while (key := f"{self.call.call_no}.{number}") in self.legs:
            number += 1
        return key


def blank_leg(key: str) -> CallLeg:
    """A leg of which nothing is known."""
    return CallLeg(key=key, held_at=[], resumed_at=[], end_cause="", end_by="")


def blank_call(provider: str, provider_call: str, call_no: str, at: datetime) -> Call:
    """A call of which nothing is known but that it is."""
    return Call(
        call_no=call_no,
        provider=provider,
        provider_call=provider_call,
        direction=Direction.IN,
        dialled="",
        priority=0,
        welcome=True,
        asked_key="",
        first_heard_at=at,
        last_event_at=at,
        state=CallState.ARRIVED,
    )
