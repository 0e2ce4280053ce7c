"""Counts the calls and their seconds anew, from nothing but what was written down as it happened.

    python -m scripts.seconds_from_events postgresql://… 2026-11-01 2026-11-30 Asia/Shanghai

Reads `call_event` (what the switch told), `call_command` (what it was told), `agent_state_change` (agents' days) and of
`queue_entry` only who ever stood in a queue: which keys lead to a person is the flow's affair and no arithmetic. It
walks each call with a small machine of its own, and prints totals per day as JSON. It shares no code with the hotline
and looks at no derived column, so that whoever doubts the statistics page can hold the two against each other.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
from psycopg.rows import dict_row

SHORT = 5  # seconds: who gives up sooner is counted apart
QUICK = 15  # seconds: the goal for answers

EVENTS = """
    SELECT call_id, type, leg, at, body FROM call_event
    WHERE call_id IN (SELECT call_id FROM call_event WHERE type = 'call.incoming' AND at >= %(start)s AND at < %(end)s)
    ORDER BY at, seq, id"""
COMMANDS = """
    SELECT c.call_id, c.type, c.args, coalesce(e.at, c.issued_at) AS at, c.issued_at FROM call_command c
    LEFT JOIN call_event e ON e.id = c.event_id WHERE c.call_id = ANY(%(calls)s) ORDER BY c.id"""
JOINED = "SELECT call_id FROM queue_entry WHERE call_id = ANY(%(calls)s)"
WRAPS = """
    SELECT call_id, from_at, until_at FROM agent_state_change
    WHERE state = 'wrap_up' AND until_at IS NOT NULL AND call_id = ANY(%(calls)s)"""


@dataclass
class Line:
    """One telephone in a call. `turned_away`: we stopped its ringing because nobody came."""

    rung: datetime | None = None
    answered: datetime | None = None
    down: datetime | None = None
    turned_away: datetime | None = None
    joined_talk: bool = False
    is_guest: bool = False


@dataclass
class Course:
    """What became of one call."""

    arrived: datetime | None = None
    citizen: str | None = None
    keys: list[datetime] = field(default_factory=list)
    joined: bool = False
    taken: bool = False
    has_menu: bool = False
    queued: datetime | None = None
    blocked: bool = False
    failed: bool = False
    lines: defaultdict[str, Line] = field(default_factory=lambda: defaultdict(Line))
    holds: list[tuple[datetime, bool]] = field(default_factory=list)
    wrap: float = 0.0

    def hear(self, event: dict[str, Any]) -> None:
        """The switch told something."""
        leg, at = event["leg"] or "", event["at"]
        match event["type"]:
            case "call.incoming":
                self.arrived, self.citizen = self.arrived or at, leg
            case "leg.answered":
                self.lines[leg].answered = self.lines[leg].answered or at
            case "leg.ended" if self.lines[leg].down is None:
                self.lines[leg].down = at
                cause = event["body"].get("cause")
                self.failed |= leg == self.citizen and cause in FAILURES
            case "call.adopted":
                for name, line in self.lines.items():
                    on_the_line = line.answered is not None or name == self.citizen
                    if on_the_line and line.down is None and name not in event["body"]["legs"]:
                        line.down = at
            case "digits":
                self.keys.append(at)
            case "leg.held":
                self.holds.append((at, True))
            case "leg.resumed":
                self.holds.append((at, False))

    def order(self, command: dict[str, Any]) -> None:
        """The switch was told something."""
        args, at = command["args"], command["at"]
        match command["type"]:
            case "answer":
                self.taken |= args.get("leg") == self.citizen
            case "gather":
                self.has_menu = True
            case "queue":
                self.queued = self.queued or at
            case "ring" if args.get("seat"):
                self.lines[args["leg"]].rung = command["issued_at"]
            case "ring":
                self.lines[args["leg"]].is_guest = True
            case "connect":
                for leg in args["legs"][1:]:
                    self.lines[leg].joined_talk = True
            case "add":
                self.lines[args["leg"]].is_guest = True
            case "listen":
                self.lines[args["by"]].is_guest = True
            case "hangup" if args.get("reason") == "no_answer":
                self.lines[args["leg"]].turned_away = command["issued_at"]
            case "hangup" if args.get("reason") == "blocked":
                self.blocked = True

    @property
    def over(self) -> datetime | None:
        return self.lines[self.citizen].down if self.citizen else None

    @property
    def began_to_wait(self) -> datetime | None:
        """By a key; without a menu at once; by our own patience running out where the switch was silent."""
        # The last key before the waiting music is the one that led to a person; of a call that ended first, the first.
        before = [at for at in self.keys if self.queued is None or at <= self.queued]
        began = before[-1] if before and self.queued else min(self.keys, default=None)
        if began is None and self.taken:
            began = self.queued if self.has_menu else self.arrived
        if self.blocked or began is None or not self.joined:
            return None
        return began if self.over is None or began < self.over else None

    @property
    def seats(self) -> list[Line]:
        """Telephones of agents that were rung for the citizen, in the order of ringing."""
        rung = [
            (line.rung, n, line)
            for n, line in enumerate(self.lines.values())
            if line.rung and not line.is_guest
        ]
        return [line for _at, _n, line in sorted(rung, key=lambda found: found[:2])]

    @property
    def talks(self) -> list[Line]:
        """Those that were picked up in time, the first first."""
        over, good = self.over, []
        for n, line in enumerate(self.lines.values()):
            ours = line.joined_talk or (line.rung is not None and not line.is_guest)
            if not ours or line.answered is None or line.turned_away is not None:
                continue
            if all(end is None or line.answered <= end for end in (over, line.down)):
                good.append((line.answered, n, line))
        return [line for _at, _n, line in sorted(good, key=lambda found: found[:2])]

    def seconds(self) -> dict[str, float]:
        """Its share of the totals."""
        began, over, talks = self.began_to_wait, self.over, self.talks
        found: dict[str, float] = defaultdict(float)
        found["arrived"] = 1
        answered = talks[0].answered if talks else None
        ring = talks[0] if talks else (self.seats[-1] if self.seats else None)
        if ring is not None and ring.rung is not None:
            ends = [at for at in (ring.answered, ring.turned_away, ring.down, over) if at is not None]
            if ends:
                found["ring"] = _between(ring.rung, min(ends))
        if answered is not None and over is not None:
            end = min(over, max(line.down or over for line in talks))
            found["hold"] = self._held(answered, end)
            found["talk"] = max(0.0, _between(answered, end) - found["hold"])
        found["wrap"] = self.wrap
        if began is None:
            return found
        found["offered"] = 1
        wait = _between(began, answered or over) if answered or over else 0.0
        found["wait"] = wait
        if answered is not None:
            found["answered"] = 1
            found["quick"] = float(wait <= QUICK)
        elif over is not None and not self.failed:
            found["short" if wait < SHORT else "abandoned"] = 1
        return found

    def _held(self, begin: datetime, end: datetime) -> float:
        total, since = 0.0, None
        for at, holds in [*sorted(set(self.holds)), (end, False)]:
            if holds and since is None:
                since = at
            elif not holds and since is not None:
                total += _between(max(since, begin), min(at, end))
                since = None
        return total


FAILURES = ("lost", "shutdown", "failed", "congestion", "fallback", "gone")


def count(link: psycopg.Connection[Any], start: datetime, end: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Totals per day of the calls that arrived in [start, end), and of all of them under `all`."""
    courses: defaultdict[int, Course] = defaultdict(Course)
    with link.cursor(row_factory=dict_row) as rows:
        for event in rows.execute(EVENTS, {"start": start, "end": end}):
            courses[event["call_id"]].hear(event)
        calls = {"calls": list(courses)}
        for command in rows.execute(COMMANDS, calls):
            courses[command["call_id"]].order(command)
        for stood in rows.execute(JOINED, calls):
            courses[stood["call_id"]].joined = True
        for wrap in rows.execute(WRAPS, calls):
            courses[wrap["call_id"]].wrap += _between(wrap["from_at"], wrap["until_at"])
    return _totals(courses.values(), zone)


def _totals(courses: Iterable[Course], zone: ZoneInfo) -> dict[str, Any]:
    days: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    for course in courses:
        if course.arrived is None:
            continue
        for name, value in course.seconds().items():
            for key in (course.arrived.astimezone(zone).date().isoformat(), "all"):
                days[key][name] += value
    return {key: dict(found) for key, found in sorted(days.items())}


def _between(begin: datetime, end: datetime | None) -> float:
    return max(0.0, (end - begin).total_seconds()) if end else 0.0


def main(url: str, first: str, last: str, zone_name: str = "Asia/Shanghai") -> None:
    zone = ZoneInfo(zone_name)
    start = datetime.fromisoformat(first).replace(tzinfo=zone)
    end = datetime.fromisoformat(last).replace(tzinfo=zone) + timedelta(days=1)
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://")) as link:
        print(json.dumps(count(link, start, end, zone), indent=1))


if __name__ == "__main__":
    main(*sys.argv[1:])
