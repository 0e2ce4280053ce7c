"""Who may speak to us as a switch. A supplier is one folder and one row here; nothing else knows its name.

A provider of the JSON contract signs with a secret of ours and talks to `/telephony/events`. One that speaks another
dialect has a door of its own in its folder and turns what it hears into `EventMessage`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from config.settings import settings

if TYPE_CHECKING:
    from flask import Blueprint, Flask


def _shared_secret() -> str:
    return settings().telephony_secret


@dataclass(frozen=True)
class Provider:
    """`secret()` is what its signature of the JSON contract is made with; None for who has a door of their own.

    The others are parts of its folder, as `module:name` below `hotline.telephony.<folder>`, loaded when needed: `door`
    its blueprint, `commands` and `pages` add those to an app, `recordings` fetches a recording by its address from
    where its switch keeps it, and may raise what it likes.
    """

    name: str
    folder: str
    secret: Callable[[], str] | None = None
    door: str = ""
    commands: str = ""
    pages: str = ""
    recordings: str = ""

    def fetch(self, url: str) -> bytes:
        """The sound at an address that this provider told."""
        if not self.recordings:
            raise ValueError(f"{self.name} keeps no recordings")
        found: bytes = self.part(self.recordings)(url)
        return found

    def part(self, name: str) -> Any:
        """What stands under that name in its folder."""
        return resolve_name(f"hotline.telephony.{self.folder}.{name}")


PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider(
            "simulator",
            "simulator",
            _shared_secret,
            commands="cli:register_cli",
            recordings="recording:fetch_ours",
        ),
        Provider(
            "asterisk", "asterisk", _shared_secret, commands="cli:register_cli", recordings="fetching:fetch"
        ),
        Provider(
            "twiml",
            "twiml",
            door="views:blueprint",
            commands="cli:register_cli",
            recordings="fetching:fetch",
        ),
        Provider("cti", "cti", door="views:blueprint", commands="cli:register_cli", pages="pages:init_app"),
    )
}
DEFAULT_PROVIDER = "simulator"
"""On whose switch a new seat is, unless somebody says otherwise."""


def doors() -> Iterator[Blueprint]:
    """The blueprints of those who do not come in by `/telephony/events`."""
    for provider in PROVIDERS.values():
        if provider.door:
            yield provider.part(provider.door)


def register(app: Flask) -> None:
    """Add every provider's commands and pages."""
    for provider in PROVIDERS.values():
        for part in filter(None, (provider.commands, provider.pages)):
            provider.part(part)(app)
