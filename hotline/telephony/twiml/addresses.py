"""Where the carrier finds us, and where it finds a prompt: always from the configured public base, never from a
request's own Host."""

from __future__ import annotations

from urllib.parse import quote

from config.settings import settings

DOOR = "/telephony/twiml"


def base() -> str:
    """The public address of this hotline as the carrier was given it."""
    ours = settings()
    return (ours.twiml_public_url or ours.public_base_url).rstrip("/")


def door(*parts: str | int) -> str:
    """`door("legs", key)` → `https://…/telephony/twiml/legs/<key>`."""
    return "/".join((base() + DOOR, *(quote(str(part), safe="") for part in parts)))
