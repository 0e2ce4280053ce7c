"""The carrier's REST interface: one request at a time, with what its answer means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx

from config.settings import Settings

VERSION = "2010-04-01"
PATIENCE = httpx.Timeout(10, connect=3)
CONNECT_AGAIN = 2  # nothing was asked yet, so asking again is safe


class Refused(Exception):
    """The carrier said no, and will say so again: `status` 404 means that it is over."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"{status} {said}")
        self.status = status


class Away(Exception):
    """Not reached, too busy, or broken: worth another try."""


@dataclass(frozen=True)
class Request:
    """What is asked. `path` stands below the account's own; `form` in the order in which it is sent."""

    method: str
    path: str
    form: Mapping[str, str | list[str]] = field(default_factory=dict)


class Rest:
    """The account at `settings.twiml_rest_url`. Close it at the end."""

    def __init__(self, ours: Settings) -> None:
        self._account = f"/{VERSION}/Accounts/{ours.twiml_account}"
        self._client = httpx.AsyncClient(
            base_url=ours.twiml_rest_url.rstrip("/"),
            auth=(ours.twiml_account, ours.twiml_token),
            timeout=PATIENCE,
            transport=httpx.AsyncHTTPTransport(retries=CONNECT_AGAIN),
        )

    async def ask(self, request: Request) -> dict[str, Any]:
        """The JSON of the answer. Raises Refused or Away."""
        found = (await self._send(request)).json()
        return found if isinstance(found, dict) else {}

    async def file(self, path: str) -> bytes:
        """What is kept there."""
        return (await self._send(Request("GET", path))).content

    async def _send(self, request: Request) -> httpx.Response:
        try:
            answer = await self._client.request(
                request.method, self._account + request.path, data=dict(request.form) or None
            )
        except httpx.HTTPError as error:
            raise Away(f"{request.method} {request.path}: {type(error).__name__}") from error
        said = f"{request.method} {request.path}: {answer.text[:200]}"
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Away(f"{answer.status_code} {said}")
        if answer.status_code >= 300:
            raise Refused(answer.status_code, said)
        return answer

    async def close(self) -> None:
        await self._client.aclose()
