"""Whether the citizen is on hold, and whether they should be. The switch's word of it comes late, and may come after
we have changed our mind: what is wanted is therefore written down when it is asked for."""

from __future__ import annotations

from hotline.engine.seconds import is_held
from hotline.models import CallLeg


def is_on_hold(leg: CallLeg) -> bool:
    """On hold as far as the switch has told, or told to be."""
    return leg.hold_wanted or is_held(leg.held_at, leg.resumed_at)


def comes_back(leg: CallLeg) -> bool:
    """The hold was to end, and the switch has not told yet that it has."""
    if leg.hold_wanted or leg.resume_asked_at is None or not is_held(leg.held_at, leg.resumed_at):
        return False
    return leg.resume_asked_at >= max(leg.held_at)


def hangs_on_hold(leg: CallLeg) -> bool:
    """The switch tells of a hold after the word that ended it: the two took different ways, and met in the wrong order.

    Asked for once a hold. In a call that was never on hold for us, a telephone may hold by a key of its own.
    """
    if leg.hold_wanted or leg.resume_asked_at is None or not is_held(leg.held_at, leg.resumed_at):
        return False
    return leg.resume_asked_at < max(leg.held_at)
