"""Who starts first when everything starts at once, after a crash of the whole machine: the one for whom callers wait.

Clock and worker take as much of the processors to start as the web does, and nobody notices whether a timer or a job
comes seconds later; side by side on two processors they double the time in which no call is taken.
"""

from __future__ import annotations

import socket
import time
from contextlib import suppress

NOBODY_LISTENS = 2.0
"""Seconds after which no web starts on this machine; one that starts listens within the first."""
LONGEST = 20.0
LOOKS_EVERY = 0.1
AT_ONCE = 0.5


def after_the_web(host: str, port: int, more: float = 0.0) -> bool:
    """Return once the web of this machine answers, `more` seconds later unless it did at once; soon, if there is none.
    Whether one answers."""
    began = time.monotonic()
    while (lasted := time.monotonic() - began) < LONGEST:
        try:
            with socket.create_connection((host, port), timeout=AT_ONCE) as line:
                if _answers(line, LONGEST - lasted):
                    break
        except OSError:
            if lasted > NOBODY_LISTENS:
                return False
        time.sleep(LOOKS_EVERY)
    else:
        return False
    if time.monotonic() - began > AT_ONCE:
        time.sleep(more)
    return True


def _answers(line: socket.socket, patience: float) -> bool:
    """One that listens and is not made yet answers when it is."""
    with suppress(OSError):
        line.settimeout(patience)
        line.sendall(b"GET /healthz HTTP/1.0\r\n\r\n")
        return bool(line.recv(1))
    return False
