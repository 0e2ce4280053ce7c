"""What every list and page of cases costs the server: the query with its objects, and the whole page."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from accounts.models import Person
from bench.case_city import Town
from config.extensions import db
from config.paging import page
from dispatch.models import Case
from dispatch.queries import (
    DESK_VIEWS,
    NEWEST_FIRST,
    CaseFilter,
    Desk,
    assignments_of,
    caller_history,
    clocks_of,
    desk_counts,
    entries,
    offers,
    open_cases_of,
    search_cases,
    similar_open_cases,
    timeline,
    visible_case,
    work_keys,
    worklist,
)
from dispatch.workflow import CaseState

TIMES = 40
PEOPLE = {
    Desk.DISPATCH: "dispatcher",
    Desk.REVIEW: "reviewer",
    Desk.CALLBACK: "caller",
    Desk.SUPERVISION: "supervisor",
    Desk.INBOX: "officer",
}
PAGES = {
    "/desks/dispatch": "dispatcher",
    "/desks/review": "reviewer",
    "/desks/callback": "caller",
    "/desks/supervision": "supervisor",
    "/inbox": "officer",
    "/cases": "dispatcher",
}


def measure_lists(town: Town) -> dict[str, list[float]]:
    """Milliseconds by name, for the first page of each list, its counts, and what the case page asks."""
    found: dict[str, list[float]] = {}
    for desk, who in PEOPLE.items():
        for view in DESK_VIEWS[desk]:
            found[f"{desk.value}: {view.value}"] = _timed(
                lambda p, d=desk, v=view: _list(d, p, v), _id(town, who)
            )
        found[f"{desk.value}: counts"] = _timed(lambda p, d=desk: desk_counts(d, p), _id(town, who))
    number, index = _somebody()
    filters = {
        "number": CaseFilter(text=number),
        "state": CaseFilter(state=CaseState.REPLIED),
        "department": CaseFilter(department=town.departments[3]),
        "rare words": CaseFilter(text="不亮 77777"),
        "common words": CaseFilter(text="路灯不亮"),
        "words nobody wrote": CaseFilter(text="下水道堵"),
        "everything": CaseFilter(),
    }
    for name, each in filters.items():
        found[f"search: by {name}"] = _timed(
            lambda p, f=each: page(search_cases(p, f), NEWEST_FIRST), town.dispatcher
        )
    found["caller: history"] = _timed(lambda _p: db.session.scalars(caller_history(index)).all(), town.agent)
    found["caller: open cases"] = _timed(
        lambda _p: db.session.scalars(open_cases_of(index)).all(), town.agent
    )
    found["intake: similar open cases"] = _timed(
        lambda _p: db.session.scalars(similar_open_cases("0302", town.streets[1], index)).all(), town.agent
    )
    found["case: everything on its page"] = _timed(lambda p: _case(p, number), town.dispatcher)
    return found


def _id(town: Town, who: str) -> int:
    found: int = getattr(town, who)
    return found


def _somebody() -> tuple[str, str]:
    row = db.session.execute(
        select(Case.case_no, Case.contact_index).where(Case.state == CaseState.PROCESSING).limit(1)
    ).one()
    return row.case_no, row.contact_index


def _list(desk: Desk, person: Person, view: Any) -> None:
    statement, keys = worklist(desk, person, CaseFilter(view=view)), work_keys(desk, view)
    first = page(statement, keys)
    if first.next_cursor:
        page(statement, keys, first.next_cursor)


def _case(person: Person, number: str) -> None:
    case = visible_case(person, number)
    entries(db.session.scalars(timeline(case)), person)
    db.session.scalars(assignments_of(case)).all()
    db.session.scalars(clocks_of(case)).all()
    offers(person, case)


def _timed(what: Callable[[Person], Any], person_id: int) -> list[float]:
    took = []
    for _ in range(TIMES):
        db.session.remove()
        start = time.perf_counter()
        person = db.session.get(Person, person_id)
        assert person is not None
        what(person)
        took.append((time.perf_counter() - start) * 1000)
    return took[2:]  # the first two fill caches that a server has filled


def measure_pages(app: Flask, town: Town) -> dict[str, list[float]]:
    """Milliseconds of whole pages, from request to last byte, without the network."""
    from accounts.services.sessions import open_session

    with app.app_context():
        number, _index = _somebody()
        sessions = {}
        for who in set(PAGES.values()):
            person = db.session.get(Person, _id(town, who))
            assert person is not None
            sessions[who] = open_session(person)
        db.session.commit()
    found = {}
    for path, who in {**PAGES, f"/cases/{number}": "dispatcher"}.items():
        client = app.test_client()
        with client.session_transaction() as kept:
            kept.update(sessions[who])
        found["page " + path.replace(number, "…")] = _visited(client, path)
    return found


def _visited(client: FlaskClient, path: str) -> list[float]:
    took = []
    for _ in range(TIMES):
        start = time.perf_counter()
        answer = client.get(path)
        took.append((time.perf_counter() - start) * 1000)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
    return took[2:]
