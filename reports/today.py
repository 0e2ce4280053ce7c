"""How the day of a person goes so far: today's KPIs of their own, of their department, and of the hotline.

Which figures a role looks at stands here; what each of them means stands in `reports.kpis`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from accounts.models import Person
from accounts.roles import Role
from config import clock
from dispatch.roles import DEPARTMENT_ROLES
from reports.kpis import Figure, Period, Scope, compute_all

Codes = tuple[str, ...]
Rows = tuple[tuple[tuple[Role, ...], Codes], ...]

OWN: Rows = (
    (
        (Role.AGENT, Role.SHIFT_LEAD),
        (
            "calls_answered",
            "talk_total",
            "average_talk",
            "average_wrap_up",
            "occupancy",
            "call_satisfaction",
            "calls_placed",
            "cases_registered",
            "on_the_spot_rate",
        ),
    ),
    ((Role.DISPATCHER,), ("cases_dispatched",)),
    ((Role.REVIEWER,), ("replies_reviewed",)),
    (
        (Role.CALLBACK_AGENT,),
        ("callback_tries", "reached_rate", "solved_rate", "satisfied_rate", "calls_placed", "talk_total_out"),
    ),
)
DEPARTMENT: Codes = (
    "signed_in_time",
    "contacted_in_time",
    "closed_in_time",
    "cases_closed",
    "solved_rate",
    "satisfied_rate",
)
_CALLS = ("calls_offered", "answer_rate", "answered_in_15s_of_answered", "average_wait", "abandon_rate")
_CASES = ("cases_registered", "cases_closed", "signed_in_time", "closed_in_time", "overdue_rate")
HOTLINE: Rows = (
    ((Role.SHIFT_LEAD, Role.PLANNER), (*_CALLS, "occupancy")),
    ((Role.QC_INSPECTOR,), (*_CALLS, "call_satisfaction", "solved_rate", "satisfied_rate")),
    ((Role.SUPERVISION_OFFICER,), (*_CASES, "return_rate", "redo_rate")),
    ((Role.DISPATCHER,), ("cases_registered", "cases_dispatched", "dispatch_accuracy", "return_rate")),
    ((Role.MANAGER,), (*_CALLS, *_CASES, "solved_rate", "satisfied_rate")),
)


@dataclass(frozen=True)
class Part:
    """Some of the day's figures, and whose they are."""

    title: str
    figures: Sequence[Figure]


def day_of(person: Person) -> list[Part]:
    """The parts of the day's figures that concern this person; none for roles that neither call nor handle cases."""
    asked: list[tuple[str, Codes, Scope]] = [
        (_("Your day so far"), _codes(person, OWN), Scope(person_id=person.id))
    ]
    if person.department and person.has_role(*DEPARTMENT_ROLES):
        asked.append((_("Your department today"), DEPARTMENT, Scope(path=person.department.path)))
    asked.append((_("The hotline today"), _codes(person, HOTLINE), Scope()))
    today = Period.of_day(clock.today())
    return [Part(title, _in_order(codes, today, scope)) for title, codes, scope in asked if codes]


def _codes(person: Person, rows: Rows) -> Codes:
    found: dict[str, Any] = {}
    for roles, codes in rows:
        if person.has_role(*roles):
            found |= dict.fromkeys(codes)
    return tuple(found)


def _in_order(codes: Codes, period: Period, scope: Scope) -> list[Figure]:
    figures = compute_all(period, scope, codes)
    return [figures[code] for code in codes]
