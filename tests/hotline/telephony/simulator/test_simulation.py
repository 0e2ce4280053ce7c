"""A busy morning against a hotline that really runs: every call is accounted for once."""

import asyncio
from collections import Counter
from dataclasses import replace

from sqlalchemy import func, select

from config.extensions import db
from hotline.models import AgentPresence, AgentStateChange, Call, CallEvent, CallLeg, QueueEntry, Recording
from hotline.telephony.link.statistics import Statistics
from hotline.telephony.simulator.people import AgentsOnShift
from hotline.telephony.simulator.plan import Plan
from hotline.telephony.simulator.simulation import Simulation
from hotline.words import AgentState, CallState, EndReason, LegRole
from tests.hotline.telephony.simulator.conftest import AGENTS


def play(plan: Plan, staff: AgentsOnShift) -> Statistics:
    return asyncio.run(_bounded(Simulation(plan, staff)))


async def _bounded(simulation: Simulation) -> Statistics:
    async with asyncio.timeout(240):
        return await simulation.run()


def count(of: object, *where: object) -> int:
    return db.session.scalar(select(func.count()).select_from(of).where(*where))


def assert_every_call_is_accounted_once(statistics: Statistics) -> None:
    """What the switch saw and what the hotline wrote down agree."""
    db.session.rollback()
    placed = statistics.counts["calls"]
    assert count(Call) == placed
    assert count(Call, Call.state != CallState.ENDED) == 0
    assert count(CallLeg, CallLeg.role == LegRole.CITIZEN) == placed
    assert count(CallLeg, CallLeg.ended_at.is_(None), CallLeg.given_up_at.is_(None)) == 0
    assert count(QueueEntry, QueueEntry.left_at.is_(None)) == 0
    reasons = Counter(db.session.scalars(select(Call.end_reason)))
    assert sum(reasons.values()) == placed
    assert reasons[EndReason.FAILED] == 0
    asked = count(Call, Call.asked_at.is_not(None))
    assert count(QueueEntry) == asked, "who asked for a person has exactly one wait"
    answered = count(Call, Call.answered_at.is_not(None))
    assert answered == reasons[EndReason.CALLER_HUNG_UP] + reasons[EndReason.AGENT_HUNG_UP]
    assert answered > placed / 5  # a slow machine loses callers, never accounts
    connected = db.session.scalar(
        select(func.count(func.distinct(CallEvent.call_id))).where(CallEvent.type == "bridge.joined")
    )
    assert connected <= answered
    assert count(Recording, Recording.ready_at.is_not(None)) == count(Recording)
    assert count(CallEvent, CallEvent.call_id.is_not(None)) == statistics.counts["reported"]
    assert statistics.counts["refused"] == 0


def assert_agents_are_free() -> None:
    states = Counter(db.session.scalars(select(AgentPresence.state)))
    assert set(states) <= {AgentState.IDLE, AgentState.WRAP_UP, AgentState.NOT_READY}
    assert sum(states.values()) == AGENTS
    open_stretches = count(AgentStateChange, AgentStateChange.until_at.is_(None))
    assert open_stretches == AGENTS


def test_two_hundred_calls_are_each_accounted_for_once(plan: Plan, staff: AgentsOnShift) -> None:
    statistics = play(plan, staff)
    assert_every_call_is_accounted_once(statistics)
    assert_agents_are_free()


def test_chaos_on_the_line_changes_no_account(plan: Plan, staff: AgentsOnShift) -> None:
    statistics = play(replace(plan, chaos=0.25, calls=120), staff)
    assert statistics.counts["sent_twice"] > 100
    assert statistics.counts["answers_lost"] > 100
    assert_every_call_is_accounted_once(statistics)
    assert_agents_are_free()
