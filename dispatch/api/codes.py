"""Code tables with a version, so that a client knows when to read them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from accounts.models import Department
from config.errors import NotFound
from config.extensions import db
from config.words import Word
from dispatch.api.base import endpoint
from dispatch.api.schemas import CodeRow, CodeTable, CodeTables
from dispatch.models import Place
from dispatch.queries import categories
from dispatch.workflow import (
    FIELDS,
    TRANSITIONS,
    CaseState,
    Channel,
    ClockKind,
    EmergencyService,
    NotAcceptedReason,
    NoticeCause,
    RequestKind,
    RequestType,
    ReturnReason,
    Ruling,
    Urgency,
)


def _words(words: type[Word]) -> Callable[[], Iterable[CodeRow]]:
    return lambda: (CodeRow(code=word.value, label=word.label) for word in words)


def _actions() -> Iterable[CodeRow]:
    for row in TRANSITIONS:
        fields = {name: FIELDS[name] for name in (*row.needs, *row.takes)}
        yield CodeRow(
            code=row.action.value,
            label=row.action.label,
            detail={
                "from": sorted(row.sources),
                "to": sorted(state for state in (row.target, row.otherwise) if state),
                "needs": list(row.needs),
                "takes": list(row.takes),
                "kinds": {name: field.kind for name, field in fields.items()},
            },
        )


def _categories() -> Iterable[CodeRow]:
    for row in db.session.scalars(categories()):
        yield CodeRow(code=row.code, label=row.name, parent=row.parent_code)


def _places() -> Iterable[CodeRow]:
    for row in db.session.scalars(select(Place).order_by(Place.code)):
        yield CodeRow(
            code=row.code, label=row.name, parent=row.parent_code, detail={"level": row.level.value}
        )


def _departments() -> Iterable[CodeRow]:
    rows = list(db.session.scalars(select(Department).where(Department.active).order_by(Department.code)))
    codes = {row.id: row.code for row in rows}
    for row in rows:
        detail = {"level": row.level.value, "kind": row.kind.value}
        yield CodeRow(code=row.code, label=row.name, parent=codes.get(row.parent_id or 0), detail=detail)


TABLES: dict[str, Callable[[], Iterable[CodeRow]]] = {
    "actions": _actions,
    "categories": _categories,
    "channels": _words(Channel),
    "clocks": _words(ClockKind),
    "departments": _departments,
    "emergency_services": _words(EmergencyService),
    "not_accepted_reasons": _words(NotAcceptedReason),
    "notice_causes": _words(NoticeCause),
    "places": _places,
    "request_types": _words(RequestType),
    "requests": _words(RequestKind),
    "return_reasons": _words(ReturnReason),
    "rulings": _words(Ruling),
    "states": _words(CaseState),
    "urgencies": _words(Urgency),
}


@endpoint("/codes", "GET", "codes:read", CodeTables, tag="codes")
def get_code_tables() -> CodeTables:
    """The names of the code tables."""
    return CodeTables(tables=sorted(TABLES))


@endpoint("/codes/<table>", "GET", "codes:read", CodeTable, also=(404,), tag="codes")
def get_code_table(table: str) -> CodeTable:
    """One code table, labels in the language of `Accept-Language`."""
    if table not in TABLES:
        raise NotFound(_("There is no such code table."))
    items = list(TABLES[table]())
    text = "\n".join(item.model_dump_json() for item in items)
    return CodeTable(table=table, version=hashlib.sha256(text.encode()).hexdigest()[:16], items=items)
