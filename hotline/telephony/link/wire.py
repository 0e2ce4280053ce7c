"""Requests to the hotline over connections that stay open."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import NamedTuple, Protocol

import aiohttp

CONNECTIONS = 64
PATIENCE = aiohttp.ClientTimeout(total=15)


class Unreachable(Exception):
    """Nobody answered, for whatever reason."""


class Answer(NamedTuple):
    status: int
    body: bytes


class Wire(Protocol):
    """What the line needs of the network. Both raise Unreachable."""

    async def get(self, path: str) -> Answer: ...

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class HttpWire:
    """A wire to the hotline at `address`."""

    def __init__(self, client: aiohttp.ClientSession, address: str) -> None:
        self._client = client
        self._address = address.rstrip("/")

    async def get(self, path: str, headers: Mapping[str, str] | None = None) -> Answer:
        return await self._ask("GET", path, None, headers or {})

    async def post(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return await self._ask("POST", path, body, headers)

    async def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        try:
            async with self._client.request(
                method, f"{self._address}{path}", data=body, headers=headers, allow_redirects=False
            ) as response:
                return Answer(response.status, await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unreachable(type(error).__name__) from error


@asynccontextmanager
async def wire_to(address: str) -> AsyncIterator[HttpWire]:
    """A wire whose connections are closed at the end."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(connector=connector, timeout=PATIENCE) as client:
        yield HttpWire(client, address)
