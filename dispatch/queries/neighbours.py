"""What comes after a case in the list it was opened from."""

from __future__ import annotations

from sqlalchemy import tuple_
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import UnaryExpression

from accounts.models import Person
from config.extensions import db
from dispatch.models import Case
from dispatch.queries.desks import CaseFilter, Desk, SavedView, work_keys, worklist
from dispatch.queries.order import Order


def following(
    desk: Desk, view: SavedView, person: Person, case: Case, order: Order | None = None
) -> str | None:
    """The number of the next case of the worklist, of its first one at the end; None if there is no other."""
    others = worklist(desk, person, CaseFilter(view=view)).where(Case.id != case.id)
    keys = work_keys(desk, view, order)
    columns = [key.element if isinstance(key, UnaryExpression) else key for key in keys]
    place = [getattr(case, str(column.key)) for column in columns]
    ordered = others.with_only_columns(Case.case_no, maintain_column_froms=True).order_by(*keys).limit(1)
    if None not in place:
        here, there = tuple_(*columns), tuple_(*place)
        descends = isinstance(keys[0], UnaryExpression) and keys[0].modifier is operators.desc_op
        after = db.session.scalar(ordered.where(here < there if descends else here > there))
        if after is not None:
            return after
    return db.session.scalar(ordered)
