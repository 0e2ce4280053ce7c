"""Clock and worker let the web start first, and do not wait for one that is not there."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config import precedence
from config.embedded.redis import free_port
from config.precedence import after_the_web

ANSWER = b"HTTP/1.0 200 OK\r\n\r\n"


@contextmanager
def web(*answers: bytes, opens: threading.Event | None = None) -> Iterator[int]:
    """Listens at a port; each who asks gets the next answer, once `opens` is set."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()

        def serve() -> None:
            for answer in answers:
                line, _who = door.accept()
                with line:
                    line.recv(1000)
                    if opens is not None:
                        opens.wait(30)
                    line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield door.getsockname()[1]
        thread.join(30)


@pytest.fixture
def slept(monkeypatch) -> list[float]:
    """What is waited for besides the web; nobody really waits."""
    found: list[float] = []
    monkeypatch.setattr(precedence.time, "sleep", found.append)
    return found


def test_a_web_that_answers_at_once_keeps_nobody_waiting(slept):
    with web(ANSWER) as port:
        assert after_the_web("127.0.0.1", port, 5.0)
    assert slept == []


def test_one_that_still_starts_is_waited_for_and_then_has_the_processors_for_a_while(slept, monkeypatch):
    monkeypatch.setattr(precedence, "AT_ONCE", 0.05)
    opens, done = threading.Event(), []
    with web(ANSWER, opens=opens) as port:
        waiting = threading.Thread(target=lambda: done.append(after_the_web("127.0.0.1", port, 5.0)))
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        opens.set()
        waiting.join(30)
    assert done == [True]
    assert slept == [5.0]


def test_one_that_dies_before_it_answers_is_asked_again_when_the_next_is_there():
    with web(b"", ANSWER) as port:
        assert after_the_web("127.0.0.1", port)


def test_where_no_web_starts_nobody_waits_for_long(monkeypatch):
    monkeypatch.setattr(precedence, "NOBODY_LISTENS", 0.1)
    began = time.monotonic()
    assert not after_the_web("127.0.0.1", free_port())
    assert time.monotonic() - began < precedence.LONGEST / 2
