"""Small numbers beside the navigation."""

from __future__ import annotations

from accounts.models import Person
from knowledge_base import queries


def waiting_for_review(_person: Person) -> int:
    """How many items wait for an approver."""
    return queries.count(queries.in_review())
