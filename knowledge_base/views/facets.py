"""The counts beside the hits: how many items of each kind, department, audience and region answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Department
from config.extensions import db
from knowledge_base.forms import SearchForm
from knowledge_base.search import Answer

MOST = 6


@dataclass(frozen=True)
class Facet:
    """`name` is the filter's in the address; each choice is (value, words, count)."""

    name: str
    title: str
    choices: list[tuple[str, str, int]]


def named_facets(answer: Answer, form: SearchForm) -> list[Facet]:
    """The facets that would still narrow: those with two choices or more."""
    counted = answer.facets
    offices = _offices(counted["department_id"])
    facets = [
        Facet("kind", _("Kind"), [(w.value, str(w.label), n) for w, n in counted["kind"].most_common(MOST)]),
        Facet(
            "department",
            _("Department"),
            [
                (offices[key].code, str(offices[key]), n)
                for key, n in counted["department_id"].most_common(MOST)
                if key in offices
            ],
        ),
        Facet(
            "audience",
            _("For whom"),
            [(w.value, str(w.label), n) for w, n in counted["audience"].most_common(MOST)],
        ),
        Facet("region", _("Region"), [(name, name, n) for name, n in counted["region"].most_common(MOST)]),
    ]
    return [facet for facet in facets if len(facet.choices) > 1 and not form[facet.name].data]


def _offices(ids: Iterable[Any]) -> dict[int, Department]:
    wanted = list(ids)
    if len(wanted) < 2:
        return {}
    return {one.id: one for one in db.session.scalars(select(Department).where(Department.id.in_(wanted)))}
