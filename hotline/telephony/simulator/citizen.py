"""How a citizen goes through a call: waits, talks, loses patience, hangs up."""

from __future__ import annotations

from collections.abc import Callable

from hotline.telephony.simulator.habits import Citizen
from hotline.telephony.simulator.model import Leg, Situation
from hotline.telephony.simulator.pace import Pace

UNANSWERED_PATIENCE = 40.0  # of a call that nobody takes at all
MENU_PATIENCE = 90.0  # of prompts in a row
ALONE_PATIENCE = 8.0  # of an empty line after the other hung up
LONGEST_TALK_WITH_A_PERSON = 900.0


class CitizenInCall:
    """Watches one leg until it is over. `hang_up(leg)` puts down a telephone, the citizen's or the seat's."""

    def __init__(
        self, leg: Leg, pace: Pace, hang_up: Callable[[Leg], None], is_simulated: Callable[[str], bool]
    ) -> None:
        assert leg.citizen is not None
        self._leg = leg
        self._pace = pace
        self._hang_up = hang_up
        self._is_simulated = is_simulated
        self._who: Citizen = leg.citizen
        self._spent = dict.fromkeys(Situation, 0.0)

    async def live(self) -> None:
        """From the first ring to the end of the call."""
        while (situation := self._leg.situation) is not Situation.ENDED:
            began = self._pace.mark()
            left = self._patience(situation) - self._spent[situation]
            stirred = await self._leg.stirred_within(left, self._pace)
            self._spent[situation] += self._pace.elapsed(began)
            if not stirred:
                self._act_on(situation)

    def _patience(self, situation: Situation) -> float:
        """Seconds they bear it, over the whole call."""
        match situation:
            case Situation.RINGING:
                return UNANSWERED_PATIENCE
            case Situation.LISTENING:
                return self._who.hangs_up_in_welcome_after or MENU_PATIENCE
            case Situation.WAITING:
                return self._who.patience
            case Situation.HELD:
                return self._who.hold_patience
            case Situation.TALKING:
                return self._who.talk if self._simulated_seat() else LONGEST_TALK_WITH_A_PERSON
            case _:
                return ALONE_PATIENCE

    def _act_on(self, situation: Situation) -> None:
        """Patience is over, or everything is said: somebody hangs up."""
        seat = self._simulated_seat()
        if situation is Situation.TALKING and seat is not None and not self._who.hangs_up_first:
            self._hang_up(seat)
        else:
            self._hang_up(self._leg)

    def _simulated_seat(self) -> Leg | None:
        """The seat they talk to, if nobody real sits at it: with a real agent, the agent ends the talk."""
        others = self._leg.room.legs if self._leg.room else ()
        return next((leg for leg in others if leg.seat and self._is_simulated(leg.seat)), None)
