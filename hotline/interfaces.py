"""What this floor asks of the floors above; they fill the slots when they are wired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from config.interfaces import Slot


@dataclass(frozen=True)
class LinkedCase:
    """A case that came of a call. `href` leads to it."""

    number: str
    title: str
    href: str
    state: Any = None


def _none_linked(_call_no: str) -> list[LinkedCase]:
    return []


def _no_condition() -> Any:
    return None


def _no_figures() -> dict[int, list[tuple[str, str]]]:
    return {}


def _no_draft(_person_id: int, _call_no: str) -> str:
    return ""


cases_of_call: Slot[[str], list[LinkedCase]] = Slot("cases_of_call", _none_linked)
"""The cases of a call, by its number, that the person who asks may see."""
has_case: Slot[[], Any] = Slot("has_case", _no_condition)
"""An SQL condition over `Call`: it has a case. None where nobody makes cases."""
draft_title: Slot[[int, str], str] = Slot("draft_title", _no_draft)
"""What an agent has typed as the title of the case about a call; empty if nothing yet."""
queues_today: Slot[[], dict[int, list[tuple[str, str]]]] = Slot("queues_today", _no_figures)
"""Today's figures by queue, as (label, written value), in one order for all."""
