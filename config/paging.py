"""Lists that grow are paged by key: the page after row X, however many rows stand before it.

A cursor is the sort key of the row at the edge, as URL-safe text. A cursor that cannot be read is the first page.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, false, or_, tuple_
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnElement, UnaryExpression

from config.extensions import db

T = TypeVar("T")
MAX_LIMIT = 200


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of rows and the cursors of its neighbours (None at the ends)."""

    items: Sequence[T]
    next_cursor: str | None
    previous_cursor: str | None

    def __iter__(self) -> Any:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


def page(
    statement: Select[Any],
    keys: Sequence[ColumnElement[Any]],
    cursor: str | None = None,
    limit: int = 25,
    *,
    scalars: bool = True,
) -> Page[Any]:
    """The rows of `statement` next to `cursor`, ordered by `keys` (`column.asc()` or `.desc()`).

    The last key must be unique (the id) and no key may be NULL. `scalars=False` keeps whole rows whose
    key columns must then be among those selected, under their own names.
    """
    limit = max(1, min(limit, MAX_LIMIT))
    columns = [_column(key) for key in keys]
    backwards, edge = _read(cursor, columns)
    descending = [_descends(key) != backwards for key in keys]
    if edge is not None:
        statement = statement.where(_beyond(columns, descending, edge))
    ordered = statement.order_by(None).order_by(
        *(c.desc() if down else c.asc() for c, down in zip(columns, descending, strict=True))
    )
    rows = db.session.execute(ordered.limit(limit + 1))
    found = list(rows.unique().scalars() if scalars else rows.unique())
    more, found = len(found) > limit, found[:limit]
    if backwards:
        found.reverse()
    before = more if backwards else edge is not None
    after = edge is not None if backwards else more
    return Page(
        items=found,
        next_cursor=_write(found[-1], columns, False) if found and after else None,
        previous_cursor=_write(found[0], columns, True) if found and before else None,
    )


def _column(key: ColumnElement[Any]) -> Any:
    return key.element if isinstance(key, UnaryExpression) else key


def _descends(key: ColumnElement[Any]) -> bool:
    return isinstance(key, UnaryExpression) and key.modifier is operators.desc_op


def _beyond(columns: list[Any], descending: list[bool], edge: list[Any]) -> ColumnElement[bool]:
    """Rows strictly after `edge` in the given order, written so that an index on the keys serves it."""
    if len(set(descending)) == 1:
        # One comparison of rows: the planner reads it off the index and knows how few rows are wanted.
        here, there = tuple_(*columns), tuple_(*edge)
        return here < there if descending[0] else here > there
    clauses: ColumnElement[bool] = false()
    for at, (column, down) in enumerate(zip(columns, descending, strict=True)):
        same = [c == v for c, v in zip(columns[:at], edge[:at], strict=True)]
        step = column < edge[at] if down else column > edge[at]
        clauses = or_(clauses, and_(*same, step))
    first, down = columns[0], descending[0]
    # The plain bound on the leading key is implied by the rest, but only it lets the index skip ahead.
    return and_(first <= edge[0] if down else first >= edge[0], clauses)


def _write(row: Any, columns: list[Any], backwards: bool) -> str:
    values = [_plain(getattr(row, column.key)) for column in columns]
    text = json.dumps([int(backwards), *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime | date) else value


def _read(cursor: str | None, columns: list[Any]) -> tuple[bool, list[Any] | None]:
    if not cursor or len(cursor) > 2000:
        return False, None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        backwards, *values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if backwards not in (0, 1) or len(values) != len(columns):
            return False, None
        return bool(backwards), [_typed(v, c) for v, c in zip(values, columns, strict=True)]
    except (ValueError, TypeError, KeyError, RecursionError):  # the last: a thousand brackets
        return False, None


def _typed(value: Any, column: Any) -> Any:
    kind = column.type.python_type
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError("naive")
        return moment
    if kind is date:
        return date.fromisoformat(value)
    if issubclass(kind, Enum):
        return kind(value)
    if kind is int and (type(value) is not int or abs(value) >= 2**63):
        raise ValueError("not a key")
    if not isinstance(value, kind):
        raise TypeError("not a key")
    if isinstance(value, str) and b"\x00" in value.encode():  # half a surrogate pair cannot be encoded
        raise ValueError("not text")
    return value
