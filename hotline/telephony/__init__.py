"""Who may speak to us as a switch. A supplier is one folder and one row here; nothing else knows its name.

A provider of the JSON contract signs with a secret of ours and talks to `/telephony/events`. One that speaks another
dialect has views of its own in its folder and turns what it hears into `EventMessage`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from config.settings import settings


@dataclass(frozen=True)
class Provider:
    """`secret()` is what its signature is made with."""

    name: str
    secret: Callable[[], str]


def _shared_secret() -> str:
    return settings().telephony_secret


PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider("simulator", _shared_secret),
        Provider("asterisk", _shared_secret),
    )
}
DEFAULT_PROVIDER = "simulator"
"""On whose switch a new seat is, unless somebody says otherwise."""
