"""The app of a test on a real port, in a thread: for browsers and sockets, without the cost of processes."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.serving import make_server

CHECK_S = 0.02  # how often the server looks whether it is to end: each test waits for that once


class InFlight:
    """The app, and how many of its requests are not answered yet (sockets that stay open left aside)."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.number = 0
        self.failures: list[Exception] = []
        self.changed = threading.Condition()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"].startswith("/socket.io"):
            return self.app(environ, start_response)
        self._add(1)
        try:
            return self._whole(environ, start_response)
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
        counted.wait_until_none(10)  # what a page left behind must not meet the next test's tables
    assert not counted.failures, counted.failures
