"""What a list is narrowed by. What cannot be read is left out: no list fails over a wrong address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from wtforms import DateField, Form, HiddenField, SelectField, StringField

from accounts.discreet import opened_args
from accounts.identity import current_person
from accounts.models import Department
from config import clock
from config.extensions import db
from config.words import Word
from dispatch.forms.choices import branch_choices, department_choices, district_choices
from dispatch.models import Category, Place
from dispatch.queries import CaseFilter, Due, Order, SavedView
from dispatch.workflow import CaseState, RequestType, Urgency

W = TypeVar("W", bound=Word)


class FilterForm(Form):
    """Drawn above a list. `view` keeps the tab, `sort` the order."""

    view = HiddenField()
    sort = HiddenField()
    text = StringField(_l("Number, telephone or title"), render_kw={"size": 18, "maxlength": 60})
    state = SelectField(_l("State"), validate_choice=False)
    due = SelectField(_l("Due"), validate_choice=False)
    request_type = SelectField(_l("Request type"), validate_choice=False)
    urgency = SelectField(_l("Urgency"), validate_choice=False)
    category = SelectField(_l("Category"), validate_choice=False)
    district = SelectField(_l("District"), validate_choice=False)
    department = SelectField(_l("Department"), validate_choice=False, render_kw={"data-combobox": True})
    since = DateField(_l("From"))
    until = DateField(_l("To"))

    @classmethod
    def drawn(cls, args: Mapping[str, str], *, whole: bool) -> FilterForm:
        """With its options; a desk's list has no state and department of its own to choose (`whole`: search)."""
        form = cls(args)
        form.request_type.choices = [("", _l("All types")), *RequestType.choices()]
        form.urgency.choices = [("", _l("All urgencies")), *Urgency.choices()]
        form.category.choices = branch_choices()
        form.district.choices = district_choices()
        if whole:
            form.due.choices = [("", _l("Any time")), *Due.choices()]
            form.state.choices = [("", _l("All states")), *CaseState.choices()]
            form.department.choices = [("", _l("All departments")), *department_choices()]
            del form.view
        else:
            del form.state, form.due, form.department, form.since, form.until
        return form


def asked_filter(args: Mapping[str, str]) -> CaseFilter:
    """The filter an address asks for."""
    return CaseFilter(
        view=_word(SavedView, args.get("view")),
        state=_word(CaseState, args.get("state")),
        due=_word(Due, args.get("due")),
        request_type=_word(RequestType, args.get("request_type")),
        urgency=_word(Urgency, args.get("urgency")),
        category=_code(args.get("category")),
        district=_code(args.get("district")),
        department=_department(args.get("department")),
        since=_morning(args.get("since")),
        until=_morning(args.get("until"), timedelta(days=1)),
        closed_since=_morning(args.get("closed_since")),
        closed_until=_morning(args.get("closed_until"), timedelta(days=1)),
        text=(args.get("text") or "").replace("\x00", "")[:60],
        order=_word(Order, args.get("sort")),
    )


@dataclass(frozen=True)
class Chip:
    """One filter that is set; `href` is the list without it."""

    label: str
    href: str


NAMES = (
    "view",
    "sort",
    "text",
    "state",
    "due",
    "request_type",
    "urgency",
    "category",
    "district",
    "department",
    "since",
    "until",
    "closed_since",
    "closed_until",
)
"""What an address of a list may hold; anything else in it is not carried on."""


def kept_args(args: Mapping[str, str]) -> dict[str, Any]:
    """The filters of an address, for the addresses of its next page and of its chips."""
    return {name: args[name] for name in NAMES if args.get(name)}


@dataclass(frozen=True)
class Sorting:
    """The head of a list: how it is sorted, and where each column that can be sorted leads."""

    current: Order
    hrefs: Mapping[str, str]

    def marks(self, column: str) -> str:
        """`ascending`, `descending`, or `` where the list is not sorted by this column."""
        if self.current.column != column:
            return ""
        return "descending" if self.current.descends else "ascending"


def sorting(args: Mapping[str, str], endpoint: str, possible: Sequence[Order]) -> Sorting:
    """The order an address asks for, else the usual one; a column's link sorts by it, pressed again the other way."""
    asked = asked_filter(args).order
    current = asked if asked is not None and asked in possible else possible[0]
    kept = kept_args(args)
    hrefs = {}
    for column in dict.fromkeys(order.column for order in possible):
        ways = [order for order in possible if order.column == column]
        wanted = next((order for order in ways if order is not current), current)
        if current.column != column:
            wanted = ways[0]
        hrefs[column] = url_for(endpoint, **{**kept, "sort": wanted.value})
    return Sorting(current, hrefs)


def chips(args: Mapping[str, str], endpoint: str) -> list[Chip]:
    """The filters of an address that could be read, in words, each with the way to be rid of it."""
    wanted = asked_filter(opened_args(args, current_person()))
    kept = kept_args(args)
    said = {
        "text": f"“{wanted.text}”" if wanted.text else "",
        "state": wanted.state.label if wanted.state else "",
        "due": wanted.due.label if wanted.due else "",
        "request_type": wanted.request_type.label if wanted.request_type else "",
        "urgency": wanted.urgency.label if wanted.urgency else "",
        "category": _name_of(Category, wanted.category),
        "district": _name_of(Place, wanted.district),
        "department": _name_of(Department, args.get("department", "") if wanted.department else ""),
        "since": _("from %(day)s", day=args.get("since")) if wanted.since else "",
        "until": _("to %(day)s", day=args.get("until")) if wanted.until else "",
        "closed_since": _("closed from %(day)s", day=args.get("closed_since")) if wanted.closed_since else "",
        "closed_until": _("closed to %(day)s", day=args.get("closed_until")) if wanted.closed_until else "",
    }
    return [
        Chip(label, url_for(endpoint, **{k: v for k, v in kept.items() if k != name}))
        for name, label in said.items()
        if label and name in kept
    ]


def _name_of(table: Any, code: str) -> str:
    return (db.session.scalar(select(table.name).where(table.code == code)) or "") if code else ""


def _word(words: type[W], given: str | None) -> W | None:
    try:
        return words(given or "")
    except ValueError:
        return None


def _code(given: str | None) -> str:
    return given if given and given.isascii() and given.isalnum() and len(given) <= 12 else ""


def _department(code: str | None) -> int | None:
    if not code or "\x00" in code or len(code) > 32:
        return None
    return db.session.scalar(select(Department.id).where(Department.code == code))


def _morning(given: str | None, later: timedelta = timedelta(0)) -> datetime | None:
    try:
        day = date.fromisoformat((given or "").strip())
        return clock.start_of_day(day + later) if 2000 <= day.year <= 2100 else None
    except ValueError:
        return None
