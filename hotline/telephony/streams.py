"""The Redis streams between the hotline and a switch, by the provider's name."""

from __future__ import annotations


def commands_of(provider: str) -> str:
    """Its commands in mid-call."""
    return f"telephony:commands:{provider}"


def requests_of(provider: str) -> str:
    """What pages ask of it: the demonstration's to ring somebody, a switch's own to look again."""
    return f"telephony:{provider}:requests"
