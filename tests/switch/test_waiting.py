"""Waiting, messages and ratings on a real switch: by what is heard, and what is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from accounts.models import Person
from config import clock
from config.extensions import db
from config.timers import Timer
from hotline import services
from hotline.models import Call, CallEvent, KeptPlace, Recording, Voicemail
from hotline.services.queues import default_queue
from hotline.telephony import PROVIDERS
from hotline.words import (
    AgentState,
    CallState,
    Direction,
    EndReason,
    KeptPlaceState,
    NotReadyReason,
    OtherWay,
)
from tests.switch.conftest import Exchange, is_free
from tests.switch.pbx import wait_for
from tests.switch.telephone import TONES, Telephone, who_hears_whom
from tests.switch.test_calls import state_of, talk
from tests.switch.tones import heard_in, samples, write_tone

pytestmark = pytest.mark.switch


@pytest.fixture
def queue(exchange: Exchange) -> Iterator[Callable[..., None]]:
    """`queue(announce_every=15)` sets the default queue; afterwards it is as it was."""
    kept: dict[str, object] = {}

    def change(**settings: object) -> None:
        row = default_queue()
        for name, value in settings.items():
            kept.setdefault(name, getattr(row, name))
            setattr(row, name, value)
        db.session.commit()

    yield change
    change(**kept)


def told(exchange: Exchange, kind: str) -> list[dict[str, object]]:
    """The bodies of what the switch told of the newest call."""
    call = exchange.newest_call()
    assert call is not None
    wanted = select(CallEvent.body).where(CallEvent.call_id == call.id, CallEvent.type == kind)
    return list(db.session.scalars(wanted.order_by(CallEvent.id)))


def test_a_place_is_announced_in_the_middle_of_the_music_which_goes_on_and_the_place_stays(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person],
    queue: Callable[..., None],
):  # fmt: skip
    queue(announce_every=15, callback_after=0)
    agent = on_duty("1001")
    services.become_not_ready(agent, NotReadyReason.BREAK)
    citizen.dial("12345")
    who_hears_whom({citizen: {"music"}}, 20)
    wait_for(lambda: len(told(exchange, "prompt.done")) > 1, 40, "the announcement heard")
    who_hears_whom({citizen: {"music"}}, 15)
    services.become_idle(agent)
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    citizen.hang_up()


def test_a_message_is_recorded_and_becomes_a_task(
    exchange: Exchange, citizen: Telephone, queue: Callable[..., None], tmp_path: Path
):
    write_tone(exchange.hotline.settings.prompts_dir / "voicemail.wav", TONES["prompt"], 1)
    queue(when_nobody=OtherWay.VOICEMAIL, nobody_after=1)
    citizen.dial("12345")
    exchange.call_is(lambda call: call.state is CallState.VOICEMAIL, 30)
    wait_for(lambda: told(exchange, "recording.started"), 20, "the message begun")
    wait_for(lambda: _spoken(exchange) > 6, 20, "six seconds spoken")
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.VOICEMAIL

    def task() -> Voicemail | None:
        db.session.rollback()
        return db.session.scalars(select(Voicemail).where(Voicemail.call_id == call.id)).one_or_none()

    message = wait_for(task, 20, "the task")
    assert message.seconds > 2
    recording = db.session.scalars(select(Recording).where(Recording.call_id == call.id)).one()
    assert recording.is_message
    sound = tmp_path / "message.wav"
    sound.write_bytes(PROVIDERS["asterisk"].fetch(recording.url))
    assert "citizen" in heard_in(samples(sound)[16_000:24_000], TONES)


def test_the_citizen_rates_the_call_by_key_when_the_agent_has_hung_up(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person],
    queue: Callable[..., None],
):  # fmt: skip
    write_tone(exchange.hotline.settings.prompts_dir / "survey.wav", TONES["prompt"], 3)
    queue(survey=True)
    agent = on_duty("1001")
    call = talk(exchange, citizen, seats["1001"])
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    citizen.press("1")  # in the talk: no answer to a question that comes later
    services.hang_up(agent, call)
    exchange.call_is(lambda call: call.state is CallState.SURVEY)
    who_hears_whom({citizen: {"prompt"}})
    citizen.press("4")
    call = exchange.call_is(lambda call: call.ended_at is not None, 30)
    assert (call.rating, call.end_reason) == (4, EndReason.AGENT_HUNG_UP)


def test_who_leaves_a_place_is_rung_in_their_turn_and_again_when_they_did_not_answer(
    exchange: Exchange, citizen: Telephone, seats: dict[str, Telephone], on_duty: Callable[[str], Person],
    queue: Callable[..., None],
):  # fmt: skip
    write_tone(exchange.hotline.settings.prompts_dir / "callback_offer.wav", TONES["prompt"], 4)
    write_tone(exchange.hotline.settings.prompts_dir / "callback_kept.wav", TONES["prompt"], 1)
    queue(announce_every=0, callback_after=1)
    agent = on_duty("1001")
    services.become_not_ready(agent, NotReadyReason.BREAK)
    citizen.dial("12345")
    who_hears_whom({citizen: {"music"}}, 30)
    who_hears_whom({citizen: {"prompt"}}, 30)
    citizen.press("1")
    waits = wait_for(_kept_place, 20, "the place kept")
    wait_for(lambda: not citizen.open_calls(), 20, "the citizen put down, having heard so")
    first = db.session.get(Call, waits.call_id)
    wait_for(lambda: _fresh(first).ended_at is not None, 10, "the first call over")
    assert first.end_reason is EndReason.CALLBACK_TAKEN

    wait_for(exchange.trunk_is_up, 45, "the trunk")
    services.become_idle(agent)
    seats["1001"].pick_up()
    wait_for(citizen.rings, 20, "the citizen's telephone rings")
    wait_for(lambda: not citizen.open_calls(), 60, "nobody answers, and it stops")
    wait_for(lambda: _fresh(waits).attempts == 1, 20, "an attempt in vain")
    assert waits.state is KeptPlaceState.WAITING
    wait_for(lambda: not seats["1001"].open_calls(), 20, "the agent's telephone down")
    wait_for(lambda: is_free(agent), 20, "the agent free")
    if state_of(agent) is AgentState.WRAP_UP:
        services.finish_wrap_up(agent)

    _five_minutes_later(waits)
    seats["1001"].pick_up()
    citizen.pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})
    assert _fresh(waits).state is KeptPlaceState.REACHED
    citizen.hang_up()
    second = db.session.get(Call, waits.attempt_call_id)
    wait_for(lambda: _fresh(second).ended_at is not None, 20, "the talk over")
    assert (second.direction, second.end_reason) == (Direction.OUT, EndReason.CALLER_HUNG_UP)


def _fresh(row: Any) -> Any:
    db.session.rollback()
    db.session.refresh(row)
    return row


def _kept_place() -> KeptPlace | None:
    db.session.rollback()
    return db.session.scalars(select(KeptPlace).where(KeptPlace.closed_at.is_(None))).one_or_none()


def _five_minutes_later(kept: KeptPlace) -> None:
    """The pause between two attempts is over."""
    timers = update(Timer).where(Timer.kind == "hotline.callback", Timer.key == str(kept.id))
    assert db.session.execute(timers.values(due_at=clock.now())).rowcount == 1
    db.session.commit()


def _spoken(exchange: Exchange) -> float:
    call = exchange.newest_call()
    assert call is not None
    wanted = select(CallEvent.at).where(CallEvent.call_id == call.id, CallEvent.type == "recording.started")
    began = db.session.scalars(wanted).first()
    return (clock.now() - began).total_seconds() if began else 0.0
