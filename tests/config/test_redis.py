"""A Redis that hangs holds up one of us, once, and not the callers behind; when it answers again, all use it."""

from __future__ import annotations

import json
import signal
import threading
import time
from contextlib import suppress

import pytest
import redis

from config import redis as way
from config.embedded.redis import Redis
from config.live import Bus


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(way, "PATIENCE", 0.3)
    monkeypatch.setattr(way, "REST", 60.0)
    server = Redis(tmp_path, durable=False)
    server.start()
    yield server
    if server.process is not None:
        server.process.send_signal(signal.SIGCONT)
    server.stop()


@pytest.fixture
def client(server):
    client = way.impatient(server.url)
    assert client.ping()
    return client


def freeze(server):
    server.process.send_signal(signal.SIGSTOP)


def thaw(server):
    server.process.send_signal(signal.SIGCONT)


def rest_is_over(client):
    """As if the time had passed."""
    client.connection_pool.connection_kwargs["watch"]._not_before = time.monotonic() - 1


def test_the_first_waits_in_vain_and_the_next_are_not_let_wait(server, client):
    freeze(server)
    with pytest.raises(redis.TimeoutError):
        client.get("k")
    began = time.monotonic()
    for _ in range(200):
        with pytest.raises(way.Hangs):
            client.get("k")
    assert time.monotonic() - began < 200 * way.PATIENCE / 10, "nobody waited"


def test_a_pipeline_is_held_back_as_well(server, client):
    freeze(server)
    with pytest.raises(redis.TimeoutError):
        client.get("k")
    with pytest.raises(way.Hangs):
        client.pipeline().set("k", 1).execute()


def test_after_a_rest_one_tries_for_all_and_opens_the_way(server, client):
    freeze(server)
    with pytest.raises(redis.TimeoutError):
        client.get("k")
    rest_is_over(client)
    with pytest.raises(redis.TimeoutError):
        client.get("k")
    with pytest.raises(way.Hangs):
        client.get("k")
    thaw(server)
    rest_is_over(client)
    assert client.set("k", "1")
    assert client.get("k") == b"1"


def test_one_that_is_away_says_so_and_is_asked_again_at_once(server, client):
    server.stop()
    with pytest.raises(redis.ConnectionError) as refused:
        client.get("k")
    assert not isinstance(refused.value, way.Hangs)
    server.restart()
    assert client.get("k") is None


class Ear:
    """Another process' bus, hearing."""

    def __init__(self, url):
        self.heard = []
        self._bus = Bus(url)
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self):
        for message in self._bus._listen():
            self.heard.append(message)

    def hears(self, mouth):
        """Say something until it is heard: a subscription takes a moment, and there is no sign of it."""
        before, until = len(self.heard), time.monotonic() + 20
        while time.monotonic() < until:
            with suppress(redis.RedisError):
                mouth._publish({"method": "emit"})
            if len(self.heard) > before:
                return True
            time.sleep(0.05)
        return False


def test_live_messages_are_heard_again_soon_after_redis_is_back(server):
    ear, mouth = Ear(server.url), Bus(server.url)
    assert ear.hears(mouth)
    server.stop()
    with pytest.raises(redis.RedisError):
        mouth._publish({"method": "emit"})
    server.restart()
    assert ear.hears(mouth)


def test_a_line_on_which_nothing_moves_is_begun_anew(server, monkeypatch):
    lines, plain = [], way.patient
    monkeypatch.setattr("config.redis.QUIET", 0.05)
    monkeypatch.setattr("config.redis.patient", lambda url: lines.append(url) or plain(url))
    ear, mouth = Ear(server.url), Bus(server.url)
    assert ear.hears(mouth)
    client = redis.Redis.from_url(server.url)
    before = client.client_list(_type="pubsub")
    freeze(server)
    until = time.monotonic() + 20
    while len(lines) < 2:
        assert time.monotonic() < until, "it still listens at the dead line"
        time.sleep(0.02)
    thaw(server)
    assert ear.hears(mouth)
    # Redis may not have noticed yet that the old line is gone.
    now = {line["id"] for line in client.client_list(_type="pubsub")}
    assert now - {line["id"] for line in before}, "it subscribed on a new line"


def test_what_is_said_together_goes_one_way_to_redis_in_its_order(server):
    ear, mouth = Ear(server.url), Bus(server.url)
    assert ear.hears(mouth)

    def heard():
        return [said["n"] for message in ear.heard if "n" in (said := json.loads(message))]

    with mouth.gathered():
        mouth._publish({"n": 1})
        with mouth.gathered():
            mouth._publish({"n": 2})
        mouth._publish({"n": 3})
        assert heard() == [], "nothing is said before the end"
    until = time.monotonic() + 20
    while len(heard()) < 3:
        assert time.monotonic() < until
        time.sleep(0.02)
    assert heard() == [1, 2, 3]


def test_each_thread_gathers_for_itself(server):
    ear, mouth = Ear(server.url), Bus(server.url)
    assert ear.hears(mouth)
    with mouth.gathered():
        other = threading.Thread(target=lambda: mouth._publish({"method": "another thread"}))
        other.start()
        other.join()
        until = time.monotonic() + 20
        while not any(b"another thread" in message for message in ear.heard):
            assert time.monotonic() < until
            time.sleep(0.02)
