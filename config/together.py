"""What a deed changes goes to the database in one statement.

A telephone's event changes a dozen rows: facts of the call and its legs, an agent's state with its history, a place
in a queue, timers, commands. One after the other these are a dozen ways to the database and back, and where
processors are busy each way waits for its turn at both ends. PostgreSQL takes them as one (`WITH … AS (INSERT …), …
AS (UPDATE …)`):

    with together():
        call.answered_at = now               # rows of the session, new and changed
        later(("timer", key), SET, row)      # and other changes
    # all of it is written, as a part of the transaction

The parts of such a statement see the database as it was before all of them, and run in no order. So a second change
under the same key has what was gathered before it written first, and who makes room for a row in the same block
flushes the session, which writes rows one by one as ever. What the block reads back of its own changes is old, and a
savepoint within it takes back nothing that was left for later.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

from sqlalchemy import (
    CTE,
    BindParameter,
    Cast,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    bindparam,
    cast,
    insert,
    inspect,
    null,
    select,
    update,
)
from sqlalchemy.orm import (
    InstanceState,
    Mapper,
    RelationshipDirection,
    Session,
    make_transient,
    make_transient_to_detached,
)

from config.extensions import db
from config.model import Model

_GATHERED = "hotline_together"
SHAPES = 1024
"""Statements kept: an event of one kind changes the same columns nearly every time."""


class Change(Protocol):
    """An INSERT, UPDATE or DELETE. Hashable; equal ones make the same SQL."""

    def part(self, name: str, before: Sequence[CTE]) -> CTE:
        """As the part `name` of a statement; its parameters are called as `parameter` calls them. `before` are the
        parts before it, of which it may need the `id`."""
        ...


def parameter(name: str, value: str) -> BindParameter[Any]:
    """What the part `name` is given for that value, of the type of what it is compared with or assigned to."""
    return bindparam(f"{name}_{value}")


def parameter_for(column: ColumnElement[Any], name: str, value: str) -> Cast[Any]:
    """The same where nothing around it tells its type: it is the column's."""
    return cast(bindparam(f"{name}_{value}", type_=column.type), column.type)


@contextmanager
def together() -> Iterator[None]:
    """The rows that the session changes in the block, and what is left for `later`, are written at its end. Inside
    another block it is that one's end."""
    info = db.session().info
    if _GATHERED in info:
        yield
        return
    info[_GATHERED] = {}
    try:
        yield
        _write(info[_GATHERED])
    finally:
        del info[_GATHERED]


def later(key: Hashable, change: Change, values: Mapping[str, Any]) -> None:
    """Make the change with the block's others; at once where there is no block.

    `key`: what it is a change of. What is independent of whatever else is done in the block has one of its own.
    """
    gathered = db.session().info.get(_GATHERED)
    if gathered is None:
        _execute(db.session(), [(change, values)])  # which has the session's rows written before
        return
    if key in gathered:
        _write(gathered)
    gathered[key] = change, values


def _write(gathered: dict[Hashable, tuple[Change, Mapping[str, Any]]]) -> None:
    session = db.session()
    rows = _rows(session)
    made = _execute(session.connection(), [*((row.change, row.values) for row in rows), *gathered.values()])
    gathered.clear()
    for at, row in enumerate(rows):
        row.is_written(session, at, made)


def _execute(on: Session | Connection, changes: Sequence[tuple[Change, Mapping[str, Any]]]) -> Sequence[int]:
    """The ids of the rows that were made, by the number of the part that made them."""
    if not changes:
        return ()
    values = {
        f"{_name(at)}_{column}": value
        for at, (_change, given) in enumerate(changes)
        for column, value in given.items()
    }
    return on.execute(_statement(tuple(change for change, _given in changes)), values).one()


@lru_cache(maxsize=SHAPES)
def _statement(changes: tuple[Change, ...]) -> Select[Any]:
    """Built once for each shape: building a statement costs more than executing it."""
    parts: list[CTE] = []
    for at, change in enumerate(changes):
        parts.append(change.part(_name(at), parts))
    made = [
        select(part.c.id).scalar_subquery().label(part.name)
        if isinstance(change, RowChange) and change.is_new
        else null().label(part.name)
        for change, part in zip(changes, parts, strict=True)
    ]
    return select(*made).add_cte(*parts)


def _name(at: int) -> str:
    return f"p{at}"  # psycopg remembers how to send a statement of up to 4,096 characters: short names fit


# -- rows of the session


@dataclass(frozen=True)
class RowChange:
    """A row made or changed. `links` are columns that hold the id of a row made by the part of that number."""

    table: Table
    is_new: bool
    columns: tuple[str, ...]
    links: tuple[tuple[str, int], ...]

    def part(self, name: str, before: Sequence[CTE]) -> CTE:
        values: dict[str, Any] = {column: parameter(name, column) for column in self.columns}
        values |= {column: select(before[at].c.id).scalar_subquery() for column, at in self.links}
        if self.is_new:
            return insert(self.table).values(values).returning(self.table.c.id).cte(name)
        changed = update(self.table).where(self.table.c.id == parameter(name, "id"))
        return changed.values(values).cte(name)


@dataclass
class _Row:
    """A thing of the session that is to be written, and how."""

    thing: Model
    change: RowChange
    values: dict[str, Any]

    def is_written(self, session: Session, at: int, made: Sequence[int]) -> None:
        """Let the session know: from now on the thing is as if it had just been read."""
        if self.change.is_new:
            self.thing.id = made[at]
        for column, part in self.change.links:
            setattr(self.thing, column, made[part])
        make_transient(self.thing)
        make_transient_to_detached(self.thing)
        session.add(self.thing)


def _rows(session: Session) -> list[_Row]:
    """What the session has to write: new rows, those first that others name, then changed ones. Where something is more
    than columns and references, the session writes all as it always does."""
    new, changed = list(session.new), list(session.dirty)
    if session.deleted or not all(_is_plain(inspect(thing).mapper) for thing in (*new, *changed)):
        session.flush()
        return []
    order = _order_of_tables()
    new.sort(key=lambda one: order[one.__table__])
    changed.sort(key=lambda one: (order[one.__table__], one.id))
    rows: list[_Row] = []
    parts: dict[Model, int] = {}
    for thing in new:
        rows.append(_new_row(thing, parts))
        parts[thing] = len(parts)
    rows += filter(None, (_changed_row(thing, parts) for thing in changed))
    return rows


def _new_row(thing: Model, parts: Mapping[Model, int]) -> _Row:
    state: InstanceState[Any] = inspect(thing)
    links = _links(state, parts, state.dict)
    named = {column for column, _part in links}
    values = {}
    for name, column in state.mapper.columns.items():
        if name == "id" or name in named:
            continue
        if name not in state.dict:
            setattr(thing, name, default := _default(column))
            if default is None:  # as it will be in the database
                continue
        values[name] = state.dict[name]
    return _Row(thing, RowChange(thing.__table__, True, tuple(values), links), values)


def _changed_row(thing: Model, parts: Mapping[Model, int]) -> _Row | None:
    state: InstanceState[Any] = inspect(thing)
    links = _links(state, parts, state.committed_state)
    named = {column for column, _part in links}
    was, now = state.committed_state, state.dict
    values = {
        name: now[name]
        for name, _column in state.mapper.columns.items()
        if name in was and name in now and name not in named and was[name] != now[name]
    }
    if not values and not links:
        return None
    change = RowChange(thing.__table__, False, tuple(values), links)
    return _Row(thing, change, {**values, "id": thing.id})


def _links(
    state: InstanceState[Any], parts: Mapping[Model, int], touched: Mapping[str, Any]
) -> tuple[tuple[str, int], ...]:
    """References among `touched` to rows that are made in the same statement. The columns of others are set."""
    links = []
    for reference, column in _references(state.mapper):
        if reference not in touched or reference not in state.dict:
            continue
        other = state.dict[reference]
        if other in parts:
            links.append((column, parts[other]))
        elif state.dict.get(column) != (held := None if other is None else other.id):
            setattr(state.obj(), column, held)
    return tuple(links)


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _is_made_there(column: Column[Any]) -> bool:
    """Whether only the database knows what it holds when nothing is said."""
    return column.server_default is not None and column.default is None


@lru_cache(maxsize=256)
def _is_plain(mapper: Mapper[Any]) -> bool:
    """Whether its rows are columns and references to rows of other tables, and its numbers the database's."""
    return (
        not mapper.inherits
        and mapper.version_id_col is None
        and list(mapper.columns.keys()) == [column.name for column in mapper.local_table.columns]
        and [column.name for column in mapper.primary_key] == ["id"]
        and not any(_is_made_there(column) for column in mapper.columns.values() if column.name != "id")
        and all(
            one.direction is RelationshipDirection.MANYTOONE
            and one.mapper is not mapper
            and len(one.local_columns) == 1
            for one in mapper.relationships
        )
    )


@lru_cache(maxsize=256)
def _references(mapper: Mapper[Any]) -> tuple[tuple[str, str], ...]:
    """Each with the column that holds it."""
    return tuple((one.key, next(iter(one.local_columns)).name) for one in mapper.relationships)


@lru_cache(maxsize=1)
def _order_of_tables() -> dict[Table, int]:
    return {table: at for at, table in enumerate(Model.metadata.sorted_tables)}
