"""The app of a test on a real port, in a thread: for browsers and sockets, without the cost of processes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

CHECK_S = 0.02  # how often the server looks whether it is to end: each test waits for that once

SOCKET_EVENT = "_handle_event_internal"  # what the library calls the thread of one event


class InFlight:
    """The app, and how many of its requests are not answered yet, or are sockets that are open."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.number = 0
        self.failures: list[Exception] = []
        self.changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self._add(1)
        try:
            if environ["PATH_INFO"].startswith("/socket.io"):
                return self.app(environ, start_response)
            return self._whole(environ, start_response)
        except ConnectionError:  # so the library ends a socket
            raise
        except Exception as error:
            self.failures.append(error)
            raise
        finally:
            self._add(-1)

    def _whole(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        """An answer that is closed before it is sent: werkzeug closes none whose browser has gone meanwhile."""
        answer = self.app(environ, start_response)
        try:
            return list(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()

    def _add(self, change: int) -> None:
        with self.changed:
            self.number += change
            self.changed.notify_all()

    def wait_until_none(self, seconds: float) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.number == 0, seconds)


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Yields the address. The test must use `committed`: the threads have connections of their own.

    An error of ours in a request fails the test; that a browser does not wait for its answer is none.
    """
    counted = InFlight(app)
    server = make_server("127.0.0.1", 0, counted, threaded=True)
    server.daemon_threads = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(CHECK_S,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join(5)
        # What a page left behind must not meet the next test's tables.
        counted.wait_until_none(10)
        for one in threading.enumerate():
            if SOCKET_EVENT in one.name:
                one.join(10)
    assert not counted.failures, counted.failures
