"""A bell rings in every process of this hotline, once what was done is safe."""

from __future__ import annotations

import time

import pytest

from config import bells, clock
from config.ids import new_id
from config.redis import channel_of, patient
from config.transaction import transaction, transactional


class Listener:
    """Another process, which hears `bell` of the hotline at `url`."""

    def __init__(self, url: str, bell: str) -> None:
        channel = channel_of(url, f"bell:{bell}")
        before = _listening(url, channel)
        self.rung = 0
        bells.answer(url, bell, self._hear)
        _wait(lambda: _listening(url, channel) > before)

    def _hear(self) -> None:
        self.rung += 1

    def has_heard(self, rings: int) -> bool:
        """Whether it hears the last of so many, and no more."""
        _wait(lambda: self.rung >= rings)
        return self.rung == rings


def _listening(url: str, channel: str) -> int:
    return patient(url).pubsub_numsub(channel)[0][1]


def _wait(happens) -> None:
    until = time.monotonic() + 20
    while not happens() and time.monotonic() < until:
        time.sleep(0.005)


@pytest.fixture
def bell() -> str:
    return new_id()


@pytest.fixture
def url(app) -> str:
    return app.config["SETTINGS"].redis_url


def test_everybody_hears_it_once_the_change_is_safe(url, bell):
    one, other = Listener(url, bell), Listener(url, bell)
    with transaction():
        bells.ring(bell)
        bells.ring(new_id())
        assert (one.rung, other.rung) == (0, 0)
    assert one.has_heard(1)
    assert other.has_heard(1)


def test_what_was_undone_rings_no_bell(url, bell):
    one = Listener(url, bell)

    @transactional
    def ring_and_fail():
        bells.ring(bell)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        ring_and_fail()
    bells.ring(bell)
    assert one.has_heard(1), "the later one"


def test_history_being_written_rings_no_bell(url, bell):
    one = Listener(url, bell)
    with clock.turned_to(clock.now()):
        bells.ring(bell)
    bells.ring(bell)
    assert one.has_heard(1)


def test_another_hotline_on_the_same_redis_hears_nothing(app, url, bell, monkeypatch):
    theirs = f"{url.rpartition('/')[0]}/15"
    mine, other = Listener(url, bell), Listener(theirs, bell)
    bells.ring(bell)
    assert mine.has_heard(1)
    monkeypatch.setitem(
        app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update={"redis_url": theirs})
    )
    bells.ring(bell)
    assert other.has_heard(1)
    assert mine.has_heard(1)


def test_a_redis_that_is_away_stops_nobody(app, bell, monkeypatch):
    away = {"redis_url": "redis://127.0.0.1:9/0"}
    monkeypatch.setitem(app.config, "SETTINGS", app.config["SETTINGS"].model_copy(update=away))
    with transaction():
        bells.ring(bell)
