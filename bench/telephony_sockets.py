"""Agents' open pages without a browser: just enough Socket.IO to be told of a call."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from wsproto import ConnectionType, WSConnection
from wsproto.events import Request, TextMessage

PING, PONG, OPEN_NAMESPACE, EVENT = "2", "3", "40", "42"
PATIENCE = 20.0

Told = Callable[[str, dict[str, Any], float], None]
"""`told(event, payload, at)`, with the moment of arrival in seconds since 1970."""


def session_cookie(app: Flask, values: dict[str, Any]) -> str:
    """The Cookie header of a browser whose session holds `values`."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return f"{interface.get_cookie_name(app)}={serializer.dumps(values)}"


class Page:
    """One page's socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._protocol = WSConnection(ConnectionType.CLIENT)

    async def messages(self, host: str, cookie: str) -> AsyncIterator[str]:
        """Shake hands, then every message in turn."""
        target = "/socket.io/?EIO=4&transport=websocket"
        headers = [(b"Cookie", cookie.encode())]
        self._writer.write(self._protocol.send(Request(host=host, target=target, extra_headers=headers)))
        parts: list[str] = []
        while data := await self._reader.read(65536):
            self._protocol.receive_data(data)
            for event in self._protocol.events():
                if isinstance(event, TextMessage):
                    parts.append(event.data)
                    if event.message_finished:
                        yield "".join(parts)
                        parts.clear()

    def send(self, text: str) -> None:
        self._writer.write(self._protocol.send(TextMessage(data=text)))

    def close(self) -> None:
        self._writer.close()


async def open_page(address: str, cookie: str, told: Told) -> asyncio.Task[None]:
    """Connect, and go on listening in the task that is returned."""
    where = urlsplit(address)
    page = Page(*await asyncio.open_connection(where.hostname, where.port))
    opened = asyncio.Event()
    listening = asyncio.create_task(_listen(page, where.netloc, cookie, told, opened))
    async with asyncio.timeout(PATIENCE):
        await opened.wait()
    return listening


async def _listen(page: Page, host: str, cookie: str, told: Told, opened: asyncio.Event) -> None:
    try:
        async for message in page.messages(host, cookie):
            if message == PING:
                page.send(PONG)
            elif message.startswith("0"):
                page.send(OPEN_NAMESPACE)
            elif message.startswith(OPEN_NAMESPACE):
                opened.set()
            elif message.startswith(EVENT):
                name, payload = json.loads(message[len(EVENT) :])
                told(name, payload, time.time())
    finally:
        page.close()
