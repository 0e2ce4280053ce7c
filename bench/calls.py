"""Calls: what the search costs at a million of them, filter by filter, and the floor at 750 seats."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from flask import Flask
from sqlalchemy import text

from bench.call_city import SEATS, fill_calls, found_floor, sit_down
from bench.support import bench_servers, p95, percentiles
from config.garbage import keep_what_is_there

SIZE = 1_000_000
TIMES = 25
GOAL = 100  # ms, p95 of server time
FILTERS = {
    "everything": "",
    "a number": "number=13912345678",
    "a call number": "call_no=B0000500000",
    "a day": "from_day=2026-08-01&to_day=2026-08-01",
    "an agent": "agent={agent}",
    "a queue": "queue={queue}",
    "a skill": "skill={skill}",
    "a seat": "seat=1007",
    "a site": "site=B",
    "a site without calls": "site=Z",
    "outgoing": "direction=out",
    "abandoned in ring": "end_reason=abandoned_in_ring",
    "waited > 200 s": "waited_over=200",
    "talked > 900 s": "talked_over=900",
    "talked < 5 s": "talked_under=5",
    "held": "held=y",
    "transferred": "transferred=y",
    "help asked": "helped=y",
    "listened to": "listened=y",
    "an emergency": "emergency=y",
    "recorded": "recorded=1",
    "not recorded": "recorded=0",
    "with a case": "with_case=1",
    "without a case": "with_case=0",
    "short abandons": "short=y",
    "an agent, held, long": "agent={agent}&held=y&talked_over=600",
    "a seat, abandoned, a month": "seat=1007&abandoned=y&from_day=2026-08-01&to_day=2026-08-31",
    "nothing matches": "queue={queue}&talked_over=80000",
}


def main() -> None:
    with bench_servers() as (settings, _found):
        from wsgi import create_app

        app = create_app(settings)
        with app.app_context():
            start = time.perf_counter()
            known = found_floor()
            fill_calls(SIZE)
            print(f"{SIZE:,} calls ({time.perf_counter() - start:.0f} s to fill)", flush=True)
        visit = _visitor(app, known["lead"])
        _search(visit, known)
        _explain(app)
        with app.app_context():
            sit_down()
        _floor(visit)


def _search(visit: Callable[[str], float], known: dict[str, int]) -> None:
    print(f"\n{'GET /calls, whole page, in ms':<34}{'p50':>8}{'p95':>8}")
    every: list[float] = []
    late = []
    for name, query in FILTERS.items():
        took = [visit(f"/calls?{query.format(**known)}") for _ in range(TIMES)][2:]
        every += took
        late += [name] if p95(took) > GOAL else []
        print(f"{name:<34}{sorted(took)[len(took) // 2]:>8.1f}{p95(took):>8.1f}", flush=True)
    print(f"all filters: {percentiles(every)}")
    print(f"beyond {GOAL} ms: {', '.join(late) or 'none'}")


def _explain(app: Flask) -> None:
    """The plan of the plain list, to see that it reads no more than it shows."""
    from accounts.models import Person
    from config.extensions import db
    from hotline.queries import call_log, log_keys
    from hotline.queries.calls_filters import LogFilters

    with app.app_context():
        lead = db.session.query(Person).filter_by(login="bench-lead").one()
        statement = call_log(LogFilters(seat="1007", abandoned=True), lead).order_by(*log_keys()).limit(26)
        sql = str(statement.compile(db.engine, compile_kwargs={"literal_binds": True}))
        print("\nplan of: a seat, abandoned")
        for (line,) in db.session.execute(text(f"EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) {sql}")):
            print(f"  {line}")


def _floor(visit: Callable[[str], float]) -> None:
    print(f"\nthe floor at {SEATS} seats, in ms")
    print(f"  GET /floor              {percentiles([visit('/floor') for _ in range(TIMES)][2:])}")
    some = ",".join(str(n) for n in range(1, 51))
    print(
        f"  GET /floor/news, 50 rows {percentiles([visit(f'/floor/news?seats={some}') for _ in range(TIMES)][2:])}"
    )


def _visitor(app: Flask, person_id: int) -> Callable[[str], float]:
    """Milliseconds of a request to its last byte, without the network."""
    from accounts.models import Person
    from accounts.services.sessions import open_session
    from config.extensions import db

    with app.app_context():
        person: Any = db.session.get(Person, person_id)
        kept = open_session(person)
        db.session.commit()
    keep_what_is_there()  # as a web process does
    client = app.test_client()
    with client.session_transaction() as session:
        session.update(kept)

    def visit(path: str) -> float:
        start = time.perf_counter()
        answer = client.get(path)
        took = (time.perf_counter() - start) * 1000
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        return took

    return visit
