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
    """`secret()` is what its signature is made with; `fetch(url)` brings a recording from where its switch keeps it
    and may raise what it likes."""

    name: str
    secret: Callable[[], str]
    fetch: Callable[[str], bytes]


def _shared_secret() -> str:
    return settings().telephony_secret


def _fetch_simulated(url: str) -> bytes:
    from hotline.telephony.simulator.recording import fetch

    return fetch(url, settings().var_dir / "recordings" / "simulator")


def _fetch_from_asterisk(url: str) -> bytes:
    from hotline.telephony.asterisk.fetching import fetch

    return fetch(url)


PROVIDERS: dict[str, Provider] = {
    provider.name: provider
    for provider in (
        Provider("simulator", _shared_secret, _fetch_simulated),
        Provider("asterisk", _shared_secret, _fetch_from_asterisk),
    )
}
DEFAULT_PROVIDER = "simulator"
"""On whose switch a new seat is, unless somebody says otherwise."""
