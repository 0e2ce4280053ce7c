"""Figures of calls. A call counts on the day it arrived."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, case, extract, func
from sqlalchemy.sql.elements import ColumnElement

from hotline.models import AgentStateChange, Call, MissedCall
from hotline.queries.abandoned import GAVE_UP_AT_ONCE, GAVE_UP_WAITING
from hotline.words import AgentState, MissedState
from reports.kpis.definition import Better, Kpi, Unit, define
from reports.kpis.sources import AGENT_TIME, CALLS, CALLS_OUT, MISSED

IN_TIME = 15
"""Seconds from asking for a person to being answered (domain § 5)."""

asked = Call.queued_at.is_not(None)
answered = and_(asked, Call.answered_at.is_not(None))
in_time = and_(answered, Call.wait_seconds <= IN_TIME)
owed = MissedCall.state != MissedState.CAME_THROUGH
ended_talk = and_(answered, Call.ended_at.is_not(None))


def count(condition: Any) -> ColumnElement[Any]:
    """How many rows meet `condition`."""
    return func.count().filter(condition)


define(
    Kpi(
        "calls_arrived", _l("Calls arrived"), _l("all calls that arrived"), _l("calls"), Unit.COUNT, CALLS,
        func.count(), rows_endpoint="hotline.call_log",
    )
)  # fmt: skip
define(
    Kpi(
        "calls_offered", _l("Offered"), _l("calls that asked for a person"), _l("calls"), Unit.COUNT, CALLS,
        count(asked), rows_endpoint="hotline.call_log",
    )
)  # fmt: skip
define(
    Kpi(
        "calls_answered", _l("Answered by a person"), _l("calls answered by a person"), _l("calls"), Unit.COUNT, CALLS,
        count(answered), rows_endpoint="hotline.call_log",
    )
)  # fmt: skip
define(
    Kpi(
        "calls_abandoned", _l("Abandoned"),
        _l("calls given up while waiting or ringing, after 5 seconds or more"), _l("calls"), Unit.COUNT, CALLS,
        count(GAVE_UP_WAITING), rows_endpoint="hotline.call_log",
    )
)  # fmt: skip
define(
    Kpi(
        "short_abandons", _l("Short abandons"), _l("calls given up within 5 seconds of waiting"), _l("calls"),
        Unit.COUNT, CALLS, count(GAVE_UP_AT_ONCE),
    )
)  # fmt: skip
define(
    Kpi(
        "answer_rate", _l("Answer rate"), _l("answered by a person ÷ asked for a person"), _l("calls offered"),
        Unit.SHARE, CALLS, count(answered), count(asked), 0.95, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "answered_in_15s_of_answered", _l("15-second rate (of answered)"),
        _l("answered within 15 seconds ÷ answered"), _l("calls answered"), Unit.SHARE, CALLS,
        count(in_time), count(answered), 0.80, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "answered_in_15s_of_offered", _l("Service level (of offered)"),
        _l("answered within 15 seconds ÷ asked for a person"), _l("calls offered"), Unit.SHARE, CALLS,
        count(in_time), count(asked), 0.80, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "abandon_rate", _l("Abandon rate"),
        _l("given up after 5 seconds or more ÷ asked for a person"), _l("calls offered"), Unit.SHARE, CALLS,
        count(GAVE_UP_WAITING), count(asked), 0.05, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "average_wait", _l("Average wait"), _l("waiting seconds of answered calls ÷ answered"),
        _l("calls answered"), Unit.SECONDS, CALLS,
        func.sum(Call.wait_seconds).filter(answered), count(answered), 15, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "average_talk", _l("Average talk"), _l("talking seconds ÷ answered calls that ended"),
        _l("calls answered and ended"), Unit.SECONDS, CALLS,
        func.sum(Call.talk_seconds).filter(ended_talk), count(ended_talk),
    )
)  # fmt: skip
define(
    Kpi(
        "average_wrap_up", _l("Average wrap-up"), _l("wrap-up seconds ÷ calls with a wrap-up"),
        _l("calls with a wrap-up"), Unit.SECONDS, CALLS,
        func.sum(Call.wrap_seconds), func.count(Call.wrap_seconds),
    )
)  # fmt: skip
define(
    Kpi(
        "average_handling", _l("Average handling time"),
        _l("talking and wrap-up seconds ÷ answered calls that ended"), _l("calls answered and ended"),
        Unit.SECONDS, CALLS,
        func.sum(Call.talk_seconds + func.coalesce(Call.wrap_seconds, 0)).filter(ended_talk), count(ended_talk),
    )
)  # fmt: skip

define(
    Kpi(
        "call_satisfaction", _l("Call satisfaction"),
        _l("ratings by key from 1 to 5 weighted 0, 25, 50, 75 and 100 % ÷ calls rated"), _l("calls rated"), Unit.SHARE,
        CALLS, func.sum((Call.rating - 1) / 4.0), func.count(Call.rating), 0.90, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "calls_rated", _l("Share of calls rated"), _l("calls rated ÷ callers asked after the call"),
        _l("callers asked"), Unit.SHARE, CALLS, func.count(Call.rating), func.count(Call.survey_at), None,
        Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "missed_called_back", _l("Callback rate of missed calls"),
        _l("numbers called back at least once ÷ missed numbers that did not get through by themselves"),
        _l("missed numbers that did not get through by themselves"), Unit.SHARE, MISSED,
        count(and_(owed, MissedCall.attempts > 0)), count(owed), 0.95, Better.HIGHER,
    )
)  # fmt: skip

for _code, _name, _formula, _column in (
    (
        "wait_total",
        _l("Waiting time"),
        _l("seconds from asking for a person to the answer or the end"),
        Call.wait_seconds,
    ),
    (
        "ring_total",
        _l("Ringing time"),
        _l("seconds the telephone rang that answered, else the last one"),
        Call.ring_seconds,
    ),
    ("talk_total", _l("Talk time"), _l("seconds of talk, without those on hold"), Call.talk_seconds),
    ("hold_total", _l("Time on hold"), _l("seconds on hold within talks"), Call.hold_seconds),
    ("wrap_total", _l("Wrap-up time"), _l("seconds of wrap-up after talks"), Call.wrap_seconds),
):
    define(Kpi(_code, _name, _formula, _l("all calls that arrived"), Unit.TOTAL, CALLS, func.sum(_column)))

define(
    Kpi(
        "calls_placed", _l("Placed"), _l("calls placed by agents"), _l("calls placed"), Unit.COUNT, CALLS_OUT,
        func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "calls_reached", _l("Reached"), _l("placed calls that the citizen answered"), _l("calls placed"),
        Unit.COUNT, CALLS_OUT, count(Call.answered_at.is_not(None)),
    )
)  # fmt: skip
define(
    Kpi(
        "reached_rate_calls", _l("Reached rate of placed calls"),
        _l("placed calls that the citizen answered ÷ calls placed"), _l("calls placed"), Unit.SHARE, CALLS_OUT,
        count(Call.answered_at.is_not(None)), func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "talk_total_out", _l("Talk in placed calls"), _l("seconds of talk, without those on hold"),
        _l("calls placed"), Unit.TOTAL, CALLS_OUT, func.sum(Call.talk_seconds),
    )
)  # fmt: skip

_length = extract("epoch", func.coalesce(AgentStateChange.until_at, func.now()) - AgentStateChange.from_at)


def _seconds_in(*states: AgentState) -> ColumnElement[Any]:
    return func.sum(case((AgentStateChange.state.in_(states), _length), else_=0))


define(
    Kpi(
        "occupancy", _l("Occupancy"),
        _l("time ringing, talking and in wrap-up ÷ that time and time idle"), _l("time ready for calls"),
        Unit.SHARE, AGENT_TIME,
        _seconds_in(AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP),
        _seconds_in(AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP, AgentState.IDLE),
        0.85, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "utilisation", _l("Utilisation"),
        _l("time ringing, talking and in wrap-up ÷ time signed on"), _l("time signed on"), Unit.SHARE, AGENT_TIME,
        _seconds_in(AgentState.RESERVED, AgentState.TALKING, AgentState.WRAP_UP),
        _seconds_in(*(state for state in AgentState if state is not AgentState.SIGNED_OUT)),
    )
)  # fmt: skip
