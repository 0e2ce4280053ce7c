"""How was it? Asked of the citizen by key when the agent has hung up (domain § 2): one call, one rating."""

from __future__ import annotations

from datetime import timedelta

from hotline import prompts
from hotline.services import goodbye
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType

KEY_WAIT = 8
LASTS_AT_MOST = timedelta(seconds=60)


def begin(turn: Turn) -> None:
    """Ask, once. The key comes as a fact of its own (`facts`), in whatever order; then thanks, and we hang up."""
    call, citizen = turn.call, turn.snapshot.citizen
    if call.survey_at is not None or citizen is None or not citizen.is_live:
        return
    call.survey_at = turn.now
    if call.answered_at is not None:
        order(turn, CommandType.RECORD, action="stop")
    goodbye.take_out(turn)
    order(turn, CommandType.GATHER, leg=citizen.key, prompt=prompts.SURVEY, max=1, timeout=KEY_WAIT)
    goodbye.remind(turn, LASTS_AT_MOST)
