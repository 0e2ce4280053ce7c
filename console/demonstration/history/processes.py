"""Several days at once, each process its own share, newest days first."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime

from config import clock
from config.embedded.processes import die_with_parent
from config.extensions import db
from console.demonstration.city.people import TEAMS
from console.demonstration.history.days import Day, days_of
from console.demonstration.history.writer import is_written, write_day

PART = "--part"
BEHIND = 5
"""How far history stands back behind those who work here now (`nice`)."""


def write_history(days: int, cases: int, processes: int, say: Callable[[str], None]) -> None:
    """Write what is missing of the last `days` days. Stopped midway, it goes on from there the next time."""
    began = time.monotonic()
    now = clock.now()
    wanted = [day for day in days_of(days, cases, now) if day.cases and not is_written(day)]
    if not wanted:
        say("history: nothing is missing")
        return
    db.session.remove()
    os.nice(BEHIND)
    say(f"history: {len(wanted)} days with {sum(day.cases for day in wanted)} cases to write")
    if processes == 1:
        write_part(wanted, say)
    else:
        _in_processes(days, cases, processes, now)
    say(f"history: written in {time.monotonic() - began:.0f} s")


def write_part(wanted: list[Day], say: Callable[[str], None]) -> None:
    """One day after the other."""
    for day in wanted:
        began = time.monotonic()
        count = write_day(day)
        db.session.remove()
        if count:
            say(
                f"history: {day.date} has {count} cases, {day.calls} calls ({time.monotonic() - began:.1f} s)"
            )


def part_of(days: int, cases: int, now: datetime, part: int, parts: int) -> list[Day]:
    """The days of one process. No two share a team: its agents' rows would make one wait for the other."""
    return [day for day in days_of(days, cases, now) if day.date.toordinal() % TEAMS % parts == part]


def _in_processes(days: int, cases: int, processes: int, now: datetime) -> None:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "history-part"]
    told = ["--days", str(days), "--cases", str(cases), "--now", now.isoformat(), "--parts", str(processes)]
    children = [
        subprocess.Popen([*command, *told, PART, str(part)], preexec_fn=die_with_parent(signal.SIGTERM))
        for part in range(processes)
    ]
    try:
        failed = [child.returncode for child in children if child.wait()]
    finally:
        for child in children:
            if child.poll() is None:
                child.terminate()
    if failed:
        raise RuntimeError("a part of the history could not be written; run the command again")
