"""A message for the next shift: taken by the switch, kept like a recording, dealt with at a desk (domain § 2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from hotline import prompts
from hotline.services import goodbye
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType

LONGEST = 180
FINISH = "#"
PROMPT_LASTS = 60


def begin(turn: Turn, at: datetime | None = None) -> None:
    """Ask for the message and record it. That it is there the switch tells (`recording.ready` of this
    prompt). `at`: when they were sent here, where that is told to have been before."""
    call, citizen = turn.call, turn.snapshot.citizen
    if call.voicemail_at is not None:
        return
    call.voicemail_at = at or turn.now
    if citizen is None or not citizen.is_live:
        return
    longest = call.queue.voicemail_seconds if call.queue is not None else LONGEST
    goodbye.take_out(turn)
    order(turn, CommandType.PLAY, leg=citizen.key, prompt=prompts.VOICEMAIL)
    order(
        turn, CommandType.RECORD, action="start", leg=citizen.key, prompt=prompts.VOICEMAIL,
        timeout=longest, finish=FINISH,
    )  # fmt: skip
    goodbye.remind(turn, timedelta(seconds=longest + PROMPT_LASTS))
