"""What a browser does to the app that is served to it for a test."""

from __future__ import annotations

import gc
import socket
import struct

import httpx
import pytest

from tests.support.served import served

AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: closed by a reset, as by a browser whose page is closed


def leave_while_it_answers(port: int, path: str) -> None:
    with socket.create_connection(("127.0.0.1", port)) as browser:
        browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, AT_ONCE)
        browser.sendall(f"GET {path} HTTP/1.1\r\nHost: hotline\r\n\r\n".encode())
        browser.recv(10)


def test_a_browser_that_does_not_wait_for_its_answer_is_no_failure(committed):
    with served(committed) as address:
        for _ in range(20):
            leave_while_it_answers(int(address.rpartition(":")[2]), "/static/js/pages.js")
    gc.collect()  # a file that was left open would be found, and warned of


def test_an_error_of_ours_in_a_request_is_one(committed, monkeypatch):
    monkeypatch.setitem(committed.view_functions, "health.healthz", lambda: 1 / 0)
    with pytest.raises(AssertionError, match="ZeroDivisionError"), served(committed) as address:
        assert httpx.get(f"{address}/healthz", trust_env=False).status_code == 500
