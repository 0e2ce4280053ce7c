"""What a person has to do today: what waits for them at each of their desks and pages, and what comes first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from accounts.models import Person
from accounts.permissions import may
from config.paging import Page, page
from config.words import Hue
from console.shell import PageLink
from dispatch.models import Case
from dispatch.queries import DESK_VIEWS, Desk, sent_back_to, work_keys, worklist
from dispatch.views.desks import counted, view_counts
from dispatch.views.journey import ENDPOINTS, Journey

FIRST = 8
"""So many of the cases at hand are named; the rest is behind the counts."""


@dataclass(frozen=True)
class Task:
    """Something that waits: `count` of it, behind `href`. Nothing waiting has no hue."""

    label: Any
    href: str
    count: str | int
    hue: Hue


@dataclass(frozen=True)
class Tasks:
    """What waits at one place."""

    title: Any
    tasks: Sequence[Task]


@dataclass(frozen=True)
class AtHand:
    """The cases to begin with, and the list they are the head of."""

    title: str
    cases: Page[Case]
    journey: Journey


def tasks_of(person: Person, pages: Sequence[PageLink]) -> list[Tasks]:
    """By desk, each of its views; then everything else of `pages` (those of the head) that counts."""
    desks = _desks(person)
    found = [Tasks(desk.label, _views(desk, person)) for desk in desks]
    named = {ENDPOINTS[desk] for desk in desks}
    others = [
        Task(one.label, one.href, one.count, _hue(one.count, Hue.WAITING))
        for one in pages
        if one.counts and one.endpoint not in named
    ]
    return [*found, Tasks(_("Also waiting") if found else _("To do"), others)] if others else found


def at_hand(person: Person) -> list[AtHand]:
    """The head of each list of cases this person works through; empty ones are left out."""
    found = []
    if may(person, "case:register"):
        back = page(sent_back_to(person), [Case.id.asc()], limit=FIRST)
        found.append(AtHand(_("Sent back to you by the dispatcher"), back, Journey()))
    for desk in _desks(person):
        view = DESK_VIEWS[desk][0]
        first = page(worklist(desk, person), work_keys(desk, view), limit=FIRST)
        found.append(AtHand(_("First at the %(desk)s", desk=desk.label), first, Journey(desk, view)))
    return [one for one in found if one.cases.items]


def _desks(person: Person) -> list[Desk]:
    return [desk for desk in Desk if may(person, f"desk:{desk.value}")]


def _views(desk: Desk, person: Person) -> list[Task]:
    return [
        Task(view.label, url_for(ENDPOINTS[desk], view=view.value), counted(n), _hue(n, view.hue))
        for view, n in view_counts(desk, person).items()
    ]


def _hue(count: int, hue: Hue) -> Hue:
    return hue if count else Hue.QUIET
