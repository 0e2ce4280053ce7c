"""`kill -9` of web, clock, worker, switch agent and Redis while people call: no talk ends, no call is lost or doubled.

`LIVE=500 SEATS=100 python -m bench faults`, which is what it does without these; `SEED=7` for other moments,
`ROUNDS="web switch+redis"` for these kills and no others. sipp holds so many calls at once: as many talk as there are
seats, the others wait, and all the time some leave and others come. Then each program is killed alone, twice, and some
together, in any order, and started again half a second later, as the supervisor does. Who waits hears nothing unless
`MUSIC=1`: to send music to four hundred lines that nobody listens to takes a core of its own.

After each kill it is asked: who talked before and does not now, though sipp says that the citizen did not hang up? And
how long until every agent was once seen right, counted from the restart (target: 10 s): in a call as far as the
database knows exactly if Asterisk has a channel to their seat, namely that of the leg the database names; the looking
begins when everything runs again. At the end: is every number that dialled one call, is every agent idle, is no channel
left? Who is put down heard the apology, because the web was away for longer than `SWITCH_PATIENCE`, or it is wrong.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bench.exchange import OURS, Exchange, exchange
from bench.switch import print_accounts
from config.extensions import db
from hotline.models import AgentPresence, Call, CallCommand, CallLeg
from hotline.words import IN_CALL_STATES
from tests.switch.pbx import wait_for

LIVE = int(os.environ.get("LIVE", "500"))
SEATS = int(os.environ.get("SEATS", "100"))
STAYS = float(os.environ.get("STAYS", "100"))
SEED = int(os.environ.get("SEED", "12345"))
ROUNDS = os.environ.get("ROUNDS", "")
MUSIC = os.environ.get("MUSIC", "") == "1"
VICTIMS = (*OURS, "redis")
TOGETHER = (("web", "switch"), ("switch", "redis"), VICTIMS)
PAUSES = (0.5, 4.0)
SUPERVISOR_WAITS = 0.5
RIGHT_WITHIN = 10.0
LOOKS_FOR = 60.0
A_ROUND = 20.0  # seconds, at most: callers must go on coming so long


@dataclass
class Found:
    """What was wrong, in words."""

    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def note(self, sentence: str) -> None:
        self.wrong.append(sentence)
        print(f"  WRONG: {sentence}", flush=True)


def main() -> None:
    chance, found = Random(SEED), Found()
    rounds = [tuple(names.split("+")) for names in ROUNDS.split()]
    if not rounds:
        rounds = [(victim,) for victim in VICTIMS * 2] + list(TOGETHER)
        chance.shuffle(rounds)
    rate = LIVE / STAYS
    with exchange(SEATS, wrap_up=1, rings_ms=500, talks_ms=600_000, music=MUSIC) as made:
        calls = round(rate * (STAYS + len(rounds) * A_ROUND))
        print(
            f"{LIVE} calls at once, {SEATS} seats, {rate:g} new a second, {calls} in all; seed {SEED}",
            flush=True,
        )
        made.sip.callers_call(calls, rate, stays_ms=round(STAYS * 1000))
        with made.app.app_context():
            wait_for(
                lambda: _live() >= 0.95 * LIVE or _over(made), STAYS + 60, lambda: f"{LIVE} calls: {_live()}"
            )
            for number, victims in enumerate(rounds, 1):
                time.sleep(chance.uniform(*PAUSES))
                _round(made, number, victims, found)
            made.sip.nobody_calls_any_more()
            wait_for(lambda: _over(made), STAYS + 90, "the last caller's end")
            _end(made, found)
    print(f"slowest to be right: {found.slowest:.1f} s (target ≤ {RIGHT_WITHIN:g})")
    print(f"{len(found.wrong)} wrong" + "".join(f"\n  {sentence}" for sentence in found.wrong))


def _round(made: Exchange, number: int, victims: tuple[str, ...], found: Found) -> None:
    live, talks = _live(), _talks(made)
    for victim in victims:
        made.kill(victim)
    time.sleep(SUPERVISOR_WAITS)
    began = time.monotonic()
    for victim in victims:
        made.start(victim)
    wait_for(made.hotline.is_ready, 60, "the web")
    answers = time.monotonic() - began
    wait_for(made.is_connected, 60, "the agent connected")
    back = time.monotonic() - began
    lasted, wrong = _until_right(made, began)
    spent = made.spent(victims)
    found.slowest = max(found.slowest, lasted)
    print(
        f"{number}. {' + '.join(victims)}: {live} live, {len(talks)} talking; the web answers after "
        f"{answers:.1f} s, all are back after {back:.1f} s, agents right after {lasted:.1f} s; "
        f"processor seconds by then: {', '.join(f'{name} {seconds:.1f}' for name, seconds in spent.items())}",
        flush=True,
    )
    if lasted > RIGHT_WITHIN:
        found.note(f"agents right only {lasted:.1f} s after {' + '.join(victims)}: {wrong}")
    cut = _cut(made, talks)
    if cut:
        found.note(f"{len(cut)} talks ended with {' + '.join(victims)}: {sorted(cut)[:5]}")


def _live() -> int:
    db.session.rollback()
    return db.session.query(Call.id).filter(Call.ended_at.is_(None)).count()


def _over(made: Exchange) -> bool:
    return made.sip.processes["callers"].poll() is not None


# -- who talks


def _talks(made: Exchange) -> dict[str, str]:
    """Of each room where a citizen and a seat are together: the citizen's number, and the room."""
    channels = made.channels()
    found = {}
    for room, members in made.rooms().items():
        there = [channels[key] for key in members if key in channels]
        citizens = [one["caller"]["number"] for one in there if _seat(one) == "trunk"]
        if citizens and any(_seat(one) in made.seats for one in there):
            found[citizens[0]] = room
    return found


def _cut(made: Exchange, before: dict[str, str]) -> set[str]:
    """Who is not in their talk any more though they did not hang up."""
    after = _talks(made)
    gone = {number for number, room in before.items() if after.get(number) != room}
    return gone - set(made.sip.told().left)


def _seat(channel: dict[str, Any]) -> str:
    """`PJSIP/1001-0000002a` → `1001`."""
    return str(channel["name"]).partition("/")[2].rpartition("-")[0]


# -- what agents do


def _until_right(made: Exchange, began: float) -> tuple[float, list[str]]:
    """Seconds until every agent was seen right, and who was last."""
    waiting: dict[str, str] = dict.fromkeys(made.seats, "not looked at")
    while True:
        now = _wrong(made)
        waiting = {seat: now[seat] for seat in waiting if seat in now}
        lasted = time.monotonic() - began
        if not waiting or lasted > LOOKS_FOR:
            return lasted, [f"{seat} {why}" for seat, why in sorted(waiting.items())][:5]
        time.sleep(0.5)


def _wrong(made: Exchange) -> dict[str, str]:
    """Per seat whose agent is not as Asterisk has it: how the two differ."""
    db.session.rollback()
    channels = made.channels()
    busy = {_seat(channel): key for key, channel in channels.items()}
    found = {}
    for presence in db.session.query(AgentPresence):
        seat = presence.seat.number if presence.seat else ""
        in_call = presence.state in IN_CALL_STATES
        leg = presence.leg.key if presence.leg else None
        if in_call != (seat in busy) or (leg is not None and leg not in channels):
            found[seat] = f"{presence.state.value}, leg {leg}, channel {busy.get(seat)}"
    return found


# -- in the end


def _end(made: Exchange, found: Found) -> None:
    wait_for(lambda: _live() == 0, 60, lambda: f"{_live()} calls are still live: the end")
    told = made.sip.told()
    if not print_accounts(told, db.session.query(Call).all()):
        found.note("not every call is accounted once")
    apologies = db.session.query(CallLeg).filter(CallLeg.end_cause == "fallback").count()
    print(f"heard the apology and are accounted so: {apologies}")
    if len(told.put_down) > apologies:
        found.note(f"{len(told.put_down)} citizens were put down")
    if told.never_taken or told.unfinished:
        found.note(f"{len(told.never_taken)} were never taken, {len(told.unfinished)} broken off")

    def states() -> Counter[str]:
        db.session.rollback()
        rows = db.session.query(AgentPresence.state, AgentPresence.reason)
        return Counter(f"{state.value} {reason.value if reason else ''}".strip() for state, reason in rows)

    end = time.monotonic() + RIGHT_WITHIN
    while states() != {"idle": SEATS} and time.monotonic() < end:
        time.sleep(0.5)
    print(f"agents: {dict(states())}; channels left in Asterisk: {len(made.channels())}")
    if states() != {"idle": SEATS} or made.channels():
        found.note("not everybody is free in the end")
        for one in made.channels().values():
            print(f"  left: {one['id']} {one['name']} {one['state']} of {one.get('channelvars')}")
        for leg in db.session.query(CallLeg).filter(CallLeg.given_up_at.is_not(None)):
            print(
                f"  given up: {leg.key} rung {leg.rung_at:%T.%f}, ringing {leg.ringing_at}, ended {leg.ended_at}"
            )
            for row in db.session.query(CallCommand).filter(CallCommand.args["leg"].astext == leg.key):
                way = (
                    "answer"
                    if row.event_id
                    else f"stream, pushed again {row.pushes} times, acked {row.acked_at}"
                )
                print(f"    {row.issued_at:%T.%f} {row.type}: {way}")


if __name__ == "__main__":
    main()
