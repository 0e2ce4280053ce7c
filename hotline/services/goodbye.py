"""A last word to the citizen; heard to its end, we hang up."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from config import clock
from config.extensions import db
from config.timers import set_timer, timer_handler
from hotline.models import Call
from hotline.services.orders import order
from hotline.services.turn import Turn, load, lock_call
from hotline.telephony.contract import CommandType

LASTS_AT_MOST = timedelta(seconds=30)


def say(turn: Turn, prompt: str, at: datetime | None = None) -> None:
    """Play it in place of music or talk. `prompt` is one of `prompts.FAREWELLS`; a second goodbye is not said."""
    call, citizen = turn.call, turn.snapshot.citizen
    if call.farewell_at is not None:
        return
    call.farewell, call.farewell_at = prompt, at or turn.now
    if citizen is not None and citizen.is_live:
        take_out(turn)
        order(turn, CommandType.PLAY, leg=citizen.key, prompt=prompt)
        remind(turn, LASTS_AT_MOST)


def take_out(turn: Turn) -> None:
    """Out of room and music, so that the citizen hears what is played to them alone."""
    citizen = turn.snapshot.citizen
    assert citizen is not None
    order(turn, CommandType.REMOVE, leg=citizen.key)


def remind(turn: Turn, after: timedelta) -> None:
    """Go on by then, should the switch never tell that the citizen has heard, spoken or pressed."""
    set_timer("hotline.last_word", turn.call.id, turn.now + after)


@timer_handler("hotline.last_word")
def go_on(key: str, _payload: dict[str, Any]) -> None:
    """What was begun last is taken for done."""
    from hotline.services.settle import settle

    lives = exists().where(Call.id == int(key), Call.ended_at.is_(None))
    if not db.session.scalar(select(lives)) or (call := lock_call(int(key))) is None:
        return
    now = clock.now()
    if call.farewell_at is not None:
        call.farewell_heard_at = call.farewell_heard_at or now
    elif call.survey_at is not None:
        call.survey_done_at = call.survey_done_at or now
    elif call.voicemail_at is not None:
        call.message_at = call.message_at or now
    settle(load(call))
