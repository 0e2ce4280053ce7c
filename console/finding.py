"""What the search field of the head finds, asked of the floors below."""

from __future__ import annotations

import re
from typing import Any

from flask import current_app, url_for

from accounts.discreet import sealed
from accounts.identity import current_person
from accounts.permissions import may, table
from knowledge_base.search import search

CASE_NO = re.compile(r"^\d{8}-\d{4,8}$")


def case_address(q: str) -> str | None:
    """The address of the case with the number `q`; None where `q` is no case number."""
    return _address("dispatch.case_page", case_no=q) if CASE_NO.match(q) else None


def cases_address(q: str) -> str | None:
    """Where `q` is looked for among the cases; None for who may not."""
    if not _allowed("case:list"):
        return None
    return _address("dispatch.case_search", text=sealed(q, current_person()))


def knowledge_hits(q: str, limit: int = 10) -> list[Any]:
    """Knowledge items found for `q`, best first."""
    if not q or "knowledge_base" not in current_app.blueprints:
        return []
    return list(search(q, limit))


def _allowed(permission: str) -> bool:
    return permission in table() and may(current_person(), permission)


def _address(endpoint: str, **values: Any) -> str | None:
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else None
