"""The pages that stand in the head of the console. Each package adds its own; the shell draws them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

GROUPS = ("desks", "knowledge", "boards", "administration")


@dataclass(frozen=True)
class NavPage:
    """`permission` is a name of `accounts.permissions`; `counter(person)` a small number beside the label."""

    endpoint: str
    label: Any
    permission: str
    order: int
    group: str = "desks"
    counter: Callable[[Any], int] | None = None


_pages: dict[str, NavPage] = {}


def add_page(
    endpoint: str,
    label: Any,
    permission: str,
    order: int,
    group: str = "desks",
    counter: Callable[[Any], int] | None = None,
) -> None:
    """Add a page to the head; called from a package's `init_app`."""
    if group not in GROUPS:
        raise ValueError(f"no navigation group {group!r}")
    _pages[endpoint] = NavPage(endpoint, label, permission, order, group, counter)


def pages() -> list[NavPage]:
    """All pages, in the order of the head."""
    return sorted(_pages.values(), key=lambda p: (GROUPS.index(p.group), p.order))
