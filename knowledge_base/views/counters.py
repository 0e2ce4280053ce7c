"""Small numbers beside the navigation."""

from __future__ import annotations

from accounts.models import Person
from knowledge_base import queries


def waiting_for_an_editor(person: Person) -> int:
    """How many submissions of departments wait."""
    return queries.count(queries.on_shelf_of(queries.handed_in(), person))


def corrections_late(person: Person) -> int:
    """How many reports that this person answers for are late."""
    return queries.corrections_late(person)


def tasks_late(person: Person) -> int:
    """How many questions that this person, or their department, should have answered are not."""
    return queries.tasks_late(person)


def waiting_for_review(_person: Person) -> int:
    """How many items wait for an approver."""
    return queries.count(queries.in_review())
