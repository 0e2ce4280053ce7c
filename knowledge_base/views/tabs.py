"""Lists of one page, one behind each tab."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from sqlalchemy import Select

from knowledge_base import queries

Lists = Mapping[str, tuple[str, Select[Any]]]
"""By the name that stands in the address (`?view=`; empty: the first): what the tab is called, and its rows."""


def chosen(lists: Lists) -> str:
    """The name asked for, if there is such a list."""
    asked = request.args.get("view", "")
    return asked if asked in lists else ""


def counted_tabs(endpoint: str, lists: Lists, current: str) -> list[dict[str, Any]]:
    """The tabs as the kit draws them, each with how many rows stand behind it."""
    return [
        {
            "label": label,
            "href": url_for(endpoint, view=name or None),
            "count": queries.count(listed),
            "current": name == current,
        }
        for name, (label, listed) in lists.items()
    ]
