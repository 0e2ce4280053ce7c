"""What comes after a case in the list it was opened from."""

from __future__ import annotations

from sqlalchemy import tuple_
from sqlalchemy.sql.elements import UnaryExpression

from accounts.models import Person
from config.extensions import db
from dispatch.models import Case
from dispatch.queries.desks import CaseFilter, Desk, SavedView, work_keys, worklist


def following(desk: Desk, view: SavedView, person: Person, case: Case) -> str | None:
    """The number of the next case of the worklist, of its first one at the end; None if there is no other."""
    others = worklist(desk, person, CaseFilter(view=view)).where(Case.id != case.id)
    keys = work_keys(desk, view)
    columns = [key.element if isinstance(key, UnaryExpression) else key for key in keys]
    place = [getattr(case, str(column.key)) for column in columns]
    ordered = others.with_only_columns(Case.case_no, maintain_column_froms=True).order_by(*keys).limit(1)
    if None not in place:
        after = db.session.scalar(ordered.where(tuple_(*columns) > tuple_(*place)))
        if after is not None:
            return after
    return db.session.scalar(ordered)
