"""Reads of people, departments, sessions, tokens and the trail: functions that return a `select()`, or few rows."""

from accounts.queries.departments import (
    department_by_code,
    department_tree,
    departments_under,
    people_per_department,
)
from accounts.queries.people import PEOPLE_KEYS, live_sessions, people, session_is_over, tokens
from accounts.queries.trail import TRAIL_KEYS, TrailFilter, last_check, last_finished_check, trail

__all__ = [
    "PEOPLE_KEYS",
    "TRAIL_KEYS",
    "TrailFilter",
    "department_by_code",
    "department_tree",
    "departments_under",
    "last_check",
    "last_finished_check",
    "live_sessions",
    "people",
    "people_per_department",
    "session_is_over",
    "tokens",
    "trail",
]
