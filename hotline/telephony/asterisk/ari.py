"""Asterisk's REST interface: requests out, events in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

PATIENCE = aiohttp.ClientTimeout(total=10)
AT_ONCE = 50
"""Lines to Asterisk, which has a thread for each; it turns away who comes above its own limit (http.conf)."""
UNUSED = 15.0  # seconds a line is kept; Asterisk keeps it for longer
HEARTBEAT = 10.0  # seconds; a switch that is gone without a word is noticed within two of them
APPLICATION = "hotline"


class Refused(Exception):
    """Asterisk said no: `status` 404 means that the channel, bridge or recording is not there any more."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status = status


class Away(Exception):
    """Asterisk was not reached."""


class Ari:
    """One Asterisk at `address`, e.g. `http://127.0.0.1:8088`."""

    def __init__(self, client: aiohttp.ClientSession, address: str) -> None:
        self._client = client
        self._base = f"{address.rstrip('/')}/ari"

    async def get(self, path: str, **params: object) -> Any:
        """The JSON of the answer. Raises Refused or Away, as all of these."""
        return json.loads(await self._ask("GET", path, None, params))

    async def post(self, path: str, body: Mapping[str, Any] | None = None, **params: object) -> None:
        """Do something. Parameters that are None are left out."""
        await self._ask("POST", path, body, params)

    async def put(self, path: str, body: Mapping[str, Any]) -> None:
        """Set something."""
        await self._ask("PUT", path, body)

    async def delete(self, path: str, **params: object) -> None:
        """End something; that it has ended already is no error."""
        try:
            await self._ask("DELETE", path, None, params)
        except Refused as refusal:
            if refusal.status != 404:
                raise

    async def file(self, path: str) -> bytes:
        """What is stored there."""
        return await self._ask("GET", path)

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, object] | None = None,
    ) -> bytes:
        wanted = {name: _text(value) for name, value in (params or {}).items() if value is not None}
        try:
            async with self._client.request(method, self._base + path, params=wanted, json=body) as answer:
                said = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Away(f"{method} {path}: {type(error).__name__}") from error
        if answer.status >= 400:
            raise Refused(answer.status, f"{method} {path}: {said[:300].decode(errors='replace')}")
        return said

    async def events(self) -> AsyncIterator[dict[str, Any]]:
        """What happens on the switch from now on, until the connection ends. Away if there was none."""
        # Without subscribeAll an incoming channel never reports its end.
        wanted = {"app": APPLICATION, "subscribeAll": "true"}
        try:
            async with self._client.ws_connect(
                f"{self._base}/events", params=wanted, heartbeat=HEARTBEAT
            ) as socket:
                yield {"type": "Connected"}
                async for message in socket:
                    if message.type is aiohttp.WSMsgType.TEXT:
                        yield json.loads(message.data)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Away(f"events: {type(error).__name__}") from error


@asynccontextmanager
async def ari_at(address: str, user: str, password: str) -> AsyncIterator[Ari]:
    """The interface, with its connections closed at the end."""
    auth = aiohttp.BasicAuth(user, password)
    lines = aiohttp.TCPConnector(limit=AT_ONCE, keepalive_timeout=UNUSED)
    async with aiohttp.ClientSession(auth=auth, timeout=PATIENCE, connector=lines) as client:
        yield Ari(client, address)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
