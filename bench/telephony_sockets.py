"""Agents' open pages without a browser: just enough Socket.IO to be told of a call."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from simple_websocket import AioClient, ConnectionClosed

PING, PONG, OPEN_NAMESPACE, OPENED, EVENT = "2", "3", "40", "40", "42"

Told = Callable[[str, dict[str, Any], float], None]
"""`told(event, payload, at)`, with the moment of arrival in seconds since 1970."""


def session_cookie(app: Flask, values: dict[str, Any]) -> str:
    """The Cookie header of a browser whose session holds `values`."""
    interface = app.session_interface
    assert isinstance(interface, SecureCookieSessionInterface)
    serializer = interface.get_signing_serializer(app)
    assert serializer is not None
    return f"{interface.get_cookie_name(app)}={serializer.dumps(values)}"


async def open_page(address: str, cookie: str, told: Told) -> asyncio.Task[None]:
    """Connect, and go on listening in the task that is returned."""
    url = address.replace("http://", "ws://") + "/socket.io/?EIO=4&transport=websocket"
    socket = await AioClient.connect(url, headers={"Cookie": cookie})
    await socket.receive(timeout=20)
    await socket.send(OPEN_NAMESPACE)
    opened = await socket.receive(timeout=20)
    if not opened or not opened.startswith(OPENED):
        raise RuntimeError(f"the hotline refused a socket: {opened!r}")
    return asyncio.create_task(_listen(socket, told))


async def _listen(socket: AioClient, told: Told) -> None:
    try:
        while True:
            message = await socket.receive()
            if message == PING:
                await socket.send(PONG)
            elif message and message.startswith(EVENT):
                name, payload = json.loads(message[len(EVENT) :])
                told(name, payload, time.time())
    except ConnectionClosed:
        return
