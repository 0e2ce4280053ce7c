"""How much of a person a list needs: the name, not their roles and department."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import joinedload, lazyload

from accounts.models import Person


def with_name(relationship: Any) -> Any:
    """Join the person of `relationship` without what hangs on them."""
    return joinedload(relationship).options(lazyload(Person.grants), lazyload(Person.department))
