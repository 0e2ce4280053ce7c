"""Call statistics: the figures of `reports.kpis`, by day, hour, queue, agent or skill. Nothing is computed here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, Integer, cast, extract, func, select
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Person
from config.extensions import db
from config.settings import settings
from config.words import Hue, Word
from hotline.models import AgentStateChange, Call, CallQueue, Skill
from hotline.queries import Branch, of_branch, people_under
from reports.kpis import Figure, Period, compute_by, compute_of
from reports.kpis.sources import AGENT_TIME, CALLS, CALLS_OUT, Source

INCOMING = (
    "calls_offered",
    "calls_answered",
    "answer_rate",
    "answered_in_15s_of_answered",
    "answered_in_15s_of_offered",
    "calls_abandoned",
    "short_abandons",
    "average_wait",
    "average_talk",
    "average_wrap_up",
    "average_handling",
    "wait_total",
    "ring_total",
    "talk_total",
    "hold_total",
    "wrap_total",
)
OUTGOING = ("calls_placed", "calls_reached", "reached_rate_calls", "talk_total_out")
OF_AGENTS = ("occupancy", "utilisation")
CODES: dict[str, tuple[Source, tuple[str, ...]]] = {
    "calls": (CALLS, INCOMING),
    "calls_out": (CALLS_OUT, OUTGOING),
    "agent_time": (AGENT_TIME, OF_AGENTS),
}


class By(Word):
    """What a row of the statistics stands for."""

    DAY = "day", _l("Day"), Hue.QUIET
    HOUR = "hour", _l("Hour of the day"), Hue.QUIET
    QUEUE = "queue", _l("Queue"), Hue.QUIET
    AGENT = "agent", _l("Agent"), Hue.QUIET
    SKILL = "skill", _l("Skill"), Hue.QUIET


@dataclass(frozen=True)
class Row:
    """`key` is what it stands for: a date, an hour, an id, None for calls that had none of it."""

    key: Any
    label: str
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Statistics:
    codes: tuple[str, ...]
    rows: list[Row]
    whole: dict[str, Figure]


def statistics(
    period: Period, by: By, queue_id: int | None = None, branch: Branch | None = None
) -> Statistics:
    """All figures of the period, by `by`; with `queue_id`, of that queue's calls alone, with `branch` of that part of
    the tree's people and calls."""
    groups = _groups(by)
    if queue_id is not None:
        groups.pop("agent_time", None)
    codes = tuple(code for name in groups for code in CODES[name][1])
    found: dict[Any, dict[str, Figure]] = {}
    whole: dict[str, Figure] = {}
    for name, group in groups.items():
        source, of_source = CODES[name]
        where = _where(source, queue_id, branch)
        for key, figures in compute_by(group, source, period, of_source, *where).items():
            found.setdefault(key, {}).update(figures)
        whole |= compute_of(source, period, of_source, *where)
    names = _names(by, found)
    rows = [Row(key, names(key), figures) for key, figures in found.items()]
    rows.sort(key=lambda row: (row.key is None, row.key if by in (By.DAY, By.HOUR) else row.label))
    return Statistics(codes, rows, whole)


def _where(source: Source, queue_id: int | None, branch: Branch | None) -> list[ColumnElement[bool]]:
    found = [Call.queue_id == queue_id] if queue_id is not None else []
    if branch is not None:
        ours = source is AGENT_TIME
        found.append(AgentStateChange.agent_id.in_(people_under(branch)) if ours else of_branch(branch))
    return found


def _groups(by: By) -> dict[str, ColumnElement[Any]]:
    """What each source is grouped by; a source without the word has no place in the table."""
    there = func.timezone(settings().city_zone, Call.arrived_at)
    # A call counts for the agent who had it last.
    calls: dict[By, ColumnElement[Any]] = {
        By.DAY: cast(there, Date),
        By.HOUR: cast(extract("hour", there), Integer),
        By.QUEUE: Call.queue_id.expression,
        By.AGENT: Call.agent_id.expression,
        By.SKILL: select(CallQueue.skill_id).where(CallQueue.id == Call.queue_id).scalar_subquery(),
    }
    groups = {"calls": calls[by]}
    if by in (By.DAY, By.HOUR, By.AGENT):
        groups["calls_out"] = calls[by]
    if by is By.AGENT:
        groups["agent_time"] = AgentStateChange.agent_id.expression
    return groups


def _names(by: By, keys: Iterable[Any]) -> Callable[[Any], str]:
    if by is By.DAY:
        return lambda day: day.isoformat() if isinstance(day, date) else ""
    if by is By.HOUR:
        return lambda hour: f"{hour:02d}:00"
    model, none = {
        By.QUEUE: (CallQueue, _("never in a queue")),
        By.AGENT: (Person, _("with nobody")),
        By.SKILL: (Skill, _("never in a queue")),
    }[by]
    wanted = [key for key in keys if key is not None]
    named = db.session.execute(select(model.id, model.name).where(model.id.in_(wanted)))
    of = {number: name for number, name in named}  # noqa: C416 - rows are no pairs to a type checker
    return lambda key: of.get(key, "") if key is not None else str(none)
