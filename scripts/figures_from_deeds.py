"""Counts the figures of cases anew, from nothing but what was written down as it happened.

    python -m scripts.figures_from_deeds postgresql://… 2026-11-01 2026-11-30 Asia/Shanghai [path of a department]

Reads `case_event` (every deed), `callback` (what citizens said), of `case_clock` only what was due when and of whom, of
`assignment` only who was sent what when, and of `case` who asked for what and when they were contacted. It walks each
case through its deeds in plain Python and prints `{figure: [numerator, denominator]}` as JSON. It shares no code with
the hotline and looks at no state, counter or stopped clock, so that whoever doubts the page of KPIs can hold the two
against each other. Definitions: domain § 5.
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

WEEK = timedelta(days=7)
ENDS = {"closed", "answered", "not_accepted"}
KEPT, MISSED, NOBODYS = "kept", "missed", "nobody's"

CASES = """
    SELECT c.id, c.registered_at, c.contact_index, c.category_code, c.contacted_at, d.path FROM "case" c
    LEFT JOIN department d ON d.id = c.lead_department_id ORDER BY c.id"""
DEEDS = (
    "SELECT case_id, action, from_state, to_state, at FROM case_event WHERE action IS NOT NULL ORDER BY id"
)
CLOCKS = """
    SELECT k.case_id, k.kind, k.started_at, k.due_at, k.extended, d.path FROM case_clock k
    LEFT JOIN department d ON d.id = k.department_id WHERE k.kind IN ('sign', 'contact', 'handling')"""
SENT = """
    SELECT a.case_id, a.assigned_at, d.path FROM assignment a JOIN department d ON d.id = a.department_id
    WHERE a.role = 'lead'"""
CALLED = "SELECT case_id, at, result, solved, rating FROM callback"


@dataclass
class Story:
    """A case and what was done to it, in order."""

    facts: dict[str, Any]
    deeds: list[dict[str, Any]] = field(default_factory=list)

    def did(self, *actions: str) -> bool:
        return any(deed["action"] in actions for deed in self.deeds)

    def round_from(self, at: datetime) -> list[dict[str, Any]]:
        """The deeds from `at` until the case is sent to somebody again."""
        found = []
        for deed in self.deeds:
            if deed["at"] > at and deed["action"] == "dispatch":
                break
            if deed["at"] >= at:
                found.append(deed)
        return found

    def given_back_at(self, sent_at: datetime) -> datetime | None:
        return next((d["at"] for d in self.round_from(sent_at) if d["action"] == "approve_return"), None)

    @property
    def excluded(self) -> bool:
        return self.did("approve_exclusion")

    @property
    def accepted(self) -> bool:
        return not self.did("not_accept", "transfer_emergency") and self.deeds[-1]["to_state"] != "draft"


@dataclass(frozen=True)
class Span:
    start: datetime
    end: datetime
    now: datetime
    path: str

    def has(self, at: datetime | None) -> bool:
        return at is not None and self.start <= at < self.end

    def ends(self, at: datetime) -> bool:
        """A day ends with its midnight."""
        return self.start < at <= self.end

    def reaches(self, path: str | None) -> bool:
        return not self.path or (path or "").startswith(self.path)


def verdict(story: Story, clock: dict[str, Any], now: datetime) -> str:
    """What became of what was due: kept, missed, or nobody's to keep (yet)."""
    due, back = clock["due_at"], story.given_back_at(clock["started_at"])
    if clock["kind"] == "contact":
        at = story.facts["contacted_at"]
        done, stands = (None if back else at), _stands_since(story, clock)
    else:
        done, stands = _done(story, clock), _stands_since(story, clock)
    if back is not None and back <= due:
        return NOBODYS
    if done is not None and done <= due:
        return KEPT
    if stands is not None and stands <= due:
        return NOBODYS
    return MISSED if due <= now else NOBODYS


def _done(story: Story, clock: dict[str, Any]) -> datetime | None:
    done: datetime | None = None
    for deed in story.round_from(clock["started_at"]):
        action = deed["action"]
        if clock["kind"] == "sign":
            if action in ("sign", "refuse_return"):
                return deed["at"]
        elif action == "release_reply":
            done = deed["at"]
        elif action == "fail_reply":
            done = None
        elif action == "pass_reply" or deed["to_state"] == "closed":
            return done or deed["at"]
    return done


def _stands_since(story: Story, clock: dict[str, Any]) -> datetime | None:
    """Since when the case is suspended, if it is."""
    if clock["kind"] == "sign":
        return None
    stands = None
    for deed in story.round_from(clock["started_at"]):
        if deed["to_state"] == "suspended" and deed["from_state"] != "suspended":
            stands = deed["at"]
        elif deed["to_state"] != "suspended":
            stands = None
    return stands


def count(
    link: psycopg.Connection[Any], start: datetime, end: datetime, now: datetime, path: str = ""
) -> dict[str, list[float]]:
    """`{figure: [numerator, denominator]}` over [start, end), of the departments under `path`."""
    with link.cursor(row_factory=dict_row) as ask:
        stories = {row["id"]: Story(row) for row in ask.execute(CASES).fetchall()}
        for deed in ask.execute(DEEDS).fetchall():
            stories[deed["case_id"]].deeds.append(deed)
        clocks, sent, called = (ask.execute(each).fetchall() for each in (CLOCKS, SENT, CALLED))
    span = Span(start, end, now, path)
    found: defaultdict[str, list[float]] = defaultdict(lambda: [0, 0])
    _of_clocks(found, stories, clocks, span)
    _of_sending(found, stories, sent, span)
    _of_callbacks(found, stories, called, span)
    _of_cases(found, list(stories.values()), span)
    return dict(found)


def _tell(found: dict[str, list[float]], figure: str, numerator: float, denominator: float = 1) -> None:
    found[figure][0] += numerator
    found[figure][1] += denominator


def _of_clocks(
    found: dict[str, list[float]], stories: dict[int, Story], clocks: Iterable[dict[str, Any]], span: Span
) -> None:
    names = {"sign": "signed_in_time", "contact": "contacted_in_time", "handling": "closed_in_time"}
    for clock in clocks:
        story = stories[clock["case_id"]]
        if not span.ends(clock["due_at"]) or not span.reaches(clock["path"]) or story.excluded:
            continue
        said = verdict(story, clock, span.now)
        if said == NOBODYS:
            continue
        _tell(found, names[clock["kind"]], said == KEPT)
        if clock["kind"] == "handling":
            _tell(found, "overdue_rate", said == MISSED)
            _tell(found, "extension_rate", clock["extended"])


def _of_sending(
    found: dict[str, list[float]], stories: dict[int, Story], sent: Iterable[dict[str, Any]], span: Span
) -> None:
    for one in sent:
        if not span.has(one["assigned_at"]) or not span.reaches(one["path"]):
            continue
        story = stories[one["case_id"]]
        back = story.given_back_at(one["assigned_at"]) is not None
        _tell(found, "return_rate", back)
        _tell(found, "dispatch_accuracy", not back)
        if not back:
            _tell(found, "redo_rate", story.did("order_redo"))


def _of_callbacks(
    found: dict[str, list[float]], stories: dict[int, Story], called: Iterable[dict[str, Any]], span: Span
) -> None:
    for one in called:
        story = stories[one["case_id"]]
        if not span.has(one["at"]) or not span.reaches(story.facts["path"]):
            continue
        reached = one["result"] == "reached"
        _tell(found, "callback_tries", 1)
        _tell(found, "reached_rate", reached)
        if reached and not story.excluded:
            _tell(found, "solved_rate", bool(one["solved"]))
        if one["rating"] is not None and not story.excluded:
            _tell(found, "satisfied_rate", (one["rating"] - 1) / 4)


def _of_cases(found: dict[str, list[float]], stories: list[Story], span: Span) -> None:
    after: defaultdict[tuple[str, str], list[tuple[int, datetime]]] = defaultdict(list)
    for story in stories:
        facts = story.facts
        if facts["contact_index"]:
            after[facts["contact_index"], facts["category_code"]].append(
                (facts["id"], facts["registered_at"])
            )
    for story in stories:
        for deed in story.deeds:
            everywhere = not span.path  # whose deed it was is no department's figure
            if span.has(deed["at"]) and everywhere:
                if deed["action"] == "dispatch":
                    _tell(found, "cases_dispatched", 1)
                elif deed["action"] in ("pass_reply", "fail_reply"):
                    _tell(found, "replies_reviewed", 1)
        if not span.reaches(story.facts["path"]):
            continue
        ended = next((d["at"] for d in story.deeds if d["to_state"] in ENDS), None)
        if span.has(ended):
            _tell(found, "cases_closed", 1)
        _at_intake(found, story, after, span)


def _at_intake(
    found: dict[str, list[float]],
    story: Story,
    after: dict[tuple[str, str], list[tuple[int, datetime]]],
    span: Span,
) -> None:
    facts = story.facts
    if not span.has(facts["registered_at"]):
        return
    _tell(found, "cases_registered", 1)
    if not story.accepted:
        return
    _tell(found, "on_the_spot_rate", story.did("answer_on_the_spot") and not story.did("dispatch"))
    if facts["contact_index"]:
        again = any(
            number > facts["id"] and at < facts["registered_at"] + WEEK
            for number, at in after[facts["contact_index"], facts["category_code"]]
        )
        _tell(found, "first_contact_resolution", not again)


def main(url: str, first: str, last: str, zone: str, path: str = "") -> None:
    """Print the figures of the days from `first` to `last`."""
    there = ZoneInfo(zone)
    start = datetime.fromisoformat(first).replace(tzinfo=there)
    end = datetime.fromisoformat(last).replace(tzinfo=there) + timedelta(days=1)
    with psycopg.connect(url.replace("+psycopg", "")) as link:
        found = count(link, start, end, datetime.now(there), path)
    print(json.dumps(found, indent=1, sort_keys=True))


if __name__ == "__main__":
    main(*sys.argv[1:])
