"""All that is known of one call at one moment: its row, its legs, its place in a queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from hotline.engine.holding import is_on_hold
from hotline.models import Call, CallLeg, QueueEntry
from hotline.words import CallState, Direction, LegRole, ListenMode, Purpose


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
    def on_hold(self) -> bool:
        """Whether the citizen is on hold, told or only asked for."""
        return self.citizen is not None and is_on_hold(self.citizen)

    @property
    def agent_legs(self) -> list[CallLeg]:
        """Every seat that was ever rung for this call, in the order of ringing."""
        legs = [leg for leg in self.legs.values() if leg.role is LegRole.AGENT]
        return sorted(legs, key=lambda leg: (leg.rung_at or self.call.first_heard_at, leg.key))

    @property
    def seat_legs(self) -> list[CallLeg]:
        """Every leg of somebody of ours, in whatever role: their state follows it."""
        return [leg for leg in self.legs.values() if leg.agent_id is not None]

    @property
    def guests(self) -> list[CallLeg]:
        """Who is in the call, or rung for it, beside citizen and agent."""
        legs = [
            leg
            for leg in self.legs.values()
            if leg.purpose is not None and leg.role is not LegRole.AGENT and not leg.is_over
        ]
        return sorted(legs, key=lambda leg: (leg.rung_at or self.call.first_heard_at, leg.key))

    @property
    def asked_in(self) -> list[CallLeg]:
        """The guests whom the agent asked in: all but shift leads, who come by themselves."""
        return [leg for leg in self.guests if leg.role is not LegRole.SUPERVISOR]

    @property
    def company(self) -> list[CallLeg]:
        """Who was asked in, is on the line and stays."""
        return [leg for leg in self.asked_in if leg.answered_at is not None and leg.hangup_asked_at is None]

    @property
    def heir(self) -> CallLeg | None:
        """Who has the citizen when the agent leaves: a guest who talks with them, first of all one who was to. A
        listener never does, nor does who is just being put down."""
        for leg in sorted(self.guests, key=lambda leg: leg.purpose is not Purpose.TRANSFER):
            listens = leg.role is LegRole.SUPERVISOR and leg.heard != ListenMode.BARGE
            if leg.answered_at is not None and leg.hangup_asked_at is None and not listens:
                return leg
        return None

    @property
    def awaited(self) -> CallLeg | None:
        """The telephone that rings and will have the citizen: they are transferred there, or the agent who asked has
        put the handset down."""
        wanted = (Purpose.TRANSFER, Purpose.CONSULT)
        return next((leg for leg in self.guests if leg.purpose in wanted and not leg.answered_at), None)

    @property
    def failed_transfer(self) -> CallLeg | None:
        """A transfer that nobody took, since which the citizen is with nobody."""
        since = self.call.requeued_at
        for leg in self.legs.values():
            left = leg.is_over or leg.hangup_asked_at is not None
            tried = leg.purpose is Purpose.TRANSFER and left and leg.rung_at is not None
            if tried and (since is None or leg.rung_at > since):  # type: ignore[operator]
                return leg
        return None

    @property
    def rung_by_flow(self) -> CallLeg | None:
        """The telephone outside that the flow last had rung for the caller; nobody of ours asked for it."""
        rung = [
            leg for leg in self.legs.values() if leg.role is LegRole.OUTSIDE and leg.invited_by_id is None
        ]
        return max(rung, key=lambda leg: (leg.rung_at or self.call.first_heard_at, leg.key), default=None)

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
    return CallLeg(key=key, held_at=[], resumed_at=[], hold_wanted=False, end_cause="", end_by="")


def blank_call(provider: str, provider_call: str, call_no: str, at: datetime) -> Call:
    """A call of which nothing is known but that it is."""
    return Call(
        call_no=call_no,
        provider=provider,
        provider_call=provider_call,
        direction=Direction.IN,
        dialled="",
        led_elsewhere=False,
        priority=0,
        welcome=True,
        flow_version="",
        asked_key="",
        asked_queue="",
        asks_rating=False,
        rated_key="",
        emergency="",
        first_heard_at=at,
        last_event_at=at,
        state=CallState.ARRIVED,
    )
