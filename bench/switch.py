"""Calls on a real Asterisk: sipp is the trunk's callers and the seats' telephones; all of ours runs as in service.

`CALLS_PER_SECOND=10 MINUTES=10 SEATS=100 python -m bench switch`, which is what it does without these. Callers go
straight to a person, seats ring for half a second, talks last a few seconds, so that seats enough are free; three of
four are ended by the citizen, one by the agent.

Accounted: every number that dialled has one call in the database, no more, no less. Routing decision: from the moment
the switch agent hears of a caller (Asterisk's `StasisStart`, the event's `at`) to the moment it writes the request that
rings the agent chosen (its log line `rings`); signature, web, queue, choice of the agent, commit and whatever the agent
does before lie between. Calls for which somebody had to become free first are counted apart. Left out are the first
seconds, with which every process warms up; processors are counted from there until the last caller dials.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func

from bench.burden import family, own_mb, processor_seconds
from bench.exchange import OURS, Exchange, exchange
from bench.sip import Told
from bench.support import percentiles
from config.extensions import db
from hotline.models import AgentPresence, Call, CallCommand, CallEvent
from tests.switch.pbx import wait_for

RATE = float(os.environ.get("CALLS_PER_SECOND", "10"))
MINUTES = float(os.environ.get("MINUTES", "10"))
SEATS = int(os.environ.get("SEATS", "100"))
WRAP_UP = 1
RINGS_MS, CITIZEN_STAYS_MS, AGENT_TALKS_MS = 500, 5_000, 6_000
PATIENT = 0.25
WARM_UP = 10.0


def main() -> None:
    with exchange(SEATS, wrap_up=WRAP_UP, rings_ms=RINGS_MS, talks_ms=AGENT_TALKS_MS) as made:
        calls = round(RATE * MINUTES * 60)
        print(f"{RATE:g} calls/s for {MINUTES:g} minutes, {SEATS} seats, {calls} calls", flush=True)
        made.sip.callers_call(calls, RATE, stays_ms=CITIZEN_STAYS_MS, patient=PATIENT)
        _burden(made, calls / RATE - WARM_UP)
        callers = made.sip.processes["callers"]
        wait_for(lambda: callers.poll() is not None, 60, "the last caller's end")
        _account(made)
        _decisions(made)


# -- what it cost


def _burden(made: Exchange, seconds: float) -> None:
    time.sleep(WARM_UP)
    pids = made.pids()
    before = {name: processor_seconds(pid) for name, pid in pids.items()}
    began = time.monotonic()
    time.sleep(seconds)
    lasted = time.monotonic() - began
    cores = {name: (processor_seconds(pid) - before[name]) / lasted for name, pid in pids.items()}
    memory = {name: sum(own_mb(one) for one in family(pid)) for name, pid in pids.items()}
    ours = sum(cores[name] for name in OURS)
    print(f"ours: {ours:.2f} cores (target ≤ 1), {sum(memory[name] for name in OURS):.0f} MB")
    for name in pids:
        print(f"  {name}: {cores[name]:.2f} cores, {memory[name]:.0f} MB")


# -- every call once


def _account(made: Exchange) -> None:
    told = made.sip.told()
    with made.app.app_context():

        def quiet() -> bool:
            db.session.rollback()
            return not db.session.query(Call.id).filter(Call.ended_at.is_(None)).count()

        wait_for(quiet, 30, "every call's end in the database")
        rows = db.session.query(Call).all()
        print_accounts(told, rows)
        talked = sum(1 for row in rows if row.talk_seconds)
        print(f"talked: {talked}; events kept: {db.session.query(CallEvent).count()}")

        def states() -> Counter[str]:
            db.session.rollback()
            return Counter(state.value for (state,) in db.session.query(AgentPresence.state))

        wait_for(lambda: states() == {"idle": len(made.seats)}, 15, lambda: f"{states()}: all idle")
        print(f"agents: all {len(made.seats)} idle again; channels left in Asterisk: {len(made.channels())}")


def print_accounts(told: Told, rows: Sequence[Call]) -> bool:
    """sipp's count beside ours. True if each is accounted exactly once."""
    ours = Counter(row.caller_number or "" for row in rows)
    numbers = {f"+86{number}" for number in told.dialled}
    missing, strange = numbers - set(ours), set(ours) - numbers
    doubled = [number for number, times in ours.items() if times > 1]
    print(
        f"sipp: {len(told.dialled)} dialled, {len(told.taken)} taken, {len(told.left)} hung up, {len(told.put_down)} "
        f"were put down, {len(told.never_taken)} never taken, {len(told.unfinished)} broken off"
    )
    reasons = Counter(row.end_reason.value if row.end_reason else "live" for row in rows)
    print(f"database: {len(rows)} calls: {dict(reasons.most_common())}")
    right = not missing and not strange and not doubled
    wrong = f"WRONG: {len(missing)} missing, {len(strange)} of nobody, {len(doubled)} doubled"
    print(f"  {'each accounted once' if right else wrong}")
    waits = [told.taken[number] - at for number, at in told.dialled.items() if number in told.taken]
    print(f"  dialled to taken, as the caller sees it: {percentiles(waits)}")
    return right


# -- routing


def _decisions(made: Exchange) -> None:
    rung = {}
    for line in made.hotline.log("switch").splitlines():
        if '"rings"' in line:
            entry = json.loads(line)
            rung[entry["leg"]] = datetime.fromisoformat(entry["timestamp"])

    at_once, received, later = [], [], 0
    with made.app.app_context():
        rings = (
            db.session.query(CallCommand.args, CallEvent.at, CallEvent.received_at)
            .outerjoin(CallEvent, CallEvent.id == CallCommand.event_id)
            .filter(CallCommand.type == "ring")
        )
        warm = db.session.query(func.min(Call.arrived_at)).scalar() + timedelta(seconds=WARM_UP)
        for args, heard_at, received_at in rings:
            if heard_at is None:
                later += 1
            elif args["leg"] in rung and heard_at > warm:
                at_once.append((rung[args["leg"]] - heard_at).total_seconds() * 1000)
                received.append((received_at - heard_at).total_seconds() * 1000)
    print(f"routing decision: {percentiles(at_once)} (target p95 ≤ 50 ms); {later} had to wait for somebody")
    print(f"  of which to the web: {percentiles(received)}")


if __name__ == "__main__":
    main()
