"""The city itself: departments, places, people, telephones, knowledge. Founding it again adds what is missing."""

from __future__ import annotations

from datetime import timedelta

from config import clock
from console.demonstration.city import catalogue, departments, floor, knowledge, people, places
from dispatch.services.reference import seed_reference

FOUNDED_BEFORE = timedelta(days=120)
"""So long ago everything was there: before the first day of the longest usual history."""

CITY_NAME = "云汀市"


def found_city() -> dict[str, int]:
    """Make what is missing. Returns how much of each is new."""
    with clock.turned_to(clock.now() - FOUNDED_BEFORE):
        return {
            "code rows": seed_reference(),
            "departments": departments.found(),
            "places": places.found(),
            "catalogue rows": catalogue.found(),
            "people": people.found(),
            "seats": floor.found(),
            "knowledge items": knowledge.found(),
        }
