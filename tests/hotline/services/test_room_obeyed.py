"""Whatever people press, and however the switch's news and our orders cross: once all is done and told, everybody is
where they should be. The switch here does as Asterisk's adapter does, but carries out and tells when the walk says."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from accounts.roles import Role
from config.errors import HotlineError
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.engine.snapshot import Snapshot
from hotline.models import AgentPresence, Call, CallCommand
from hotline.services import room
from hotline.services.coming_back import come_back
from hotline.services.emergency import call_emergency
from hotline.services.targets import Target
from hotline.services.turn import load
from hotline.words import IN_CALL_STATES, CallState, LegRole, ListenMode
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_seat
from tests.hotline.services.scenes import presses

DEEDS = [
    "consult", "transfer", "queue", "outside", "together", "hand_over", "send_away", "listen", "take_over", "hold",
    "resume", "hang_up", "pause", "emergency", "come_back",
]  # fmt: skip
OFTEN = ["listen", "hold", "queue", "transfer", "consult", "come_back", *["answers"] * 5]
NEWS = ["refuses", "puts_down", "falls_silent"]
MACHINES = ["obeys", "tells", "time", "begins_anew"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from([*DEEDS, *OFTEN, *NEWS, *MACHINES]),
        st.integers(0, 11),
        st.sampled_from(["settles", "settles", "goes on"]),
    ),
    min_size=5,
    max_size=25,
)
"""What happens, to whom, and whether all is done and told before the next."""


@dataclass
class Line:
    """A channel: `where` is `room`, `music`, `queue`, or nowhere."""

    key: str
    role: str
    answered: bool = False
    where: str = ""
    held: bool = False
    listens: tuple[str, str] | None = None


@dataclass
class Obeying:
    """The switch: orders come two ways, each keeps its order; news wait until they are told."""

    scene: SwitchCall
    lines: dict[str, Line] = field(default_factory=dict)
    answers: list[CallCommand] = field(default_factory=list)
    stream: list[CallCommand] = field(default_factory=list)
    news: list[Any] = field(default_factory=list)
    unwanted: set[str] = field(default_factory=set)
    tape: str = ""
    seen: int = 0

    def gather(self) -> None:
        """What was ordered since."""
        rows = db.session.query(CallCommand).filter(
            CallCommand.call_id == self.scene.row.id, CallCommand.id > self.seen
        )
        for row in rows.order_by(CallCommand.id):
            self.seen = row.id
            way = self.stream if row.event_id is None else self.answers
            way.append((row.type, dict(row.args)))

    def happens(self, kind: str, leg: str, **facts: Any) -> None:
        self.news.append(self.scene.event(kind, leg=leg, **facts))

    def tell(self) -> None:
        if self.news:
            self.scene.send(self.news.pop(0))
            self.gather()

    def obey(self, chance: int = 0) -> None:
        ways = [way for way in (self.answers, self.stream) if way]
        if ways:
            kind, facts = ways[chance % len(ways)].pop(0)
            self.carry_out(kind, facts)

    def ends(self, line: Line, by: str, cause: str = "normal") -> None:
        del self.lines[line.key]
        for other in self.lines.values():
            if other.listens and other.listens[0] == line.key:
                other.listens = None  # there is nothing to hear any more
        self.happens("leg.ended", line.key, cause=cause, by=by)

    def joins(self, line: Line) -> None:
        line.where, line.listens = "room", None
        if line.held:
            line.held = False
            self.happens("leg.resumed", line.key)

    def carry_out(self, kind: str, facts: dict[str, Any]) -> None:
        key = facts.get("leg") or ""
        line = self.lines.get(key)
        if kind == "ring":
            if key in self.unwanted:
                self.happens("leg.ended", key, cause="call_over", by="switch")
            else:
                self.lines[key] = Line(key, facts["role"])
                self.happens("leg.ringing", key)
        elif kind == "connect":
            for one in facts["legs"]:
                if one in self.lines:
                    self.joins(self.lines[one])
        elif kind == "record" and not key:
            action = facts["action"]
            if action == "start" or self.tape:
                self.tape = {"start": "runs", "pause": "paused", "stop": ""}[action]
        elif kind == "listen":
            by = self.lines.get(facts["by"])
            if by is not None and facts["target"] in self.lines:
                if facts["mode"] == "barge":
                    self.joins(by)
                else:
                    by.where, by.listens = "", (facts["target"], facts["mode"])
        elif line is None:
            if kind == "hangup":
                self.unwanted.add(key)
        elif kind == "answer":
            if not line.answered:
                line.answered = True
                self.happens("leg.answered", key)
        elif kind == "add":
            self.joins(line)
        elif kind == "resume":
            if line.held:
                self.joins(line)
        elif kind == "hold":
            if not line.held:
                line.held, line.where = True, "music"
                self.happens("leg.held", key)
        elif kind == "queue":
            line.where = "queue"
        elif kind == "remove":
            line.where = ""
            if line.held:
                line.held = False
                self.happens("leg.resumed", key)
        elif kind == "gather":
            if facts["prompt"] == "survey":
                self.happens("digits", key, value="5", prompt="survey")
        elif kind == "play":
            self.happens("prompt.done", key, prompt=facts["prompt"])
        elif kind == "hangup":
            self.ends(line, "hotline")

    def begins_anew(self) -> None:
        """The process is killed with the answers it had in hand and the news it had not told; the next one finds the
        channels."""
        self.answers.clear()
        self.news.clear()
        for line in self.lines.values():
            kind = "leg.answered" if line.answered else "leg.ringing"
            self.happens(kind, line.key)
        since = datetime.datetime(2026, 11, 20, tzinfo=datetime.UTC)
        self.news.append(self.scene.event("call.adopted", legs=list(self.lines), since=since))

    def settles(self) -> None:
        for _ in range(300):
            self.gather()
            if self.answers or self.stream:
                self.obey()
            elif self.news:
                self.tell()
            else:
                return
        raise AssertionError("it never comes to rest")


def people_in(call: Call) -> list[AgentPresence]:
    wanted = (AgentPresence.call_id == call.id, AgentPresence.state.in_(IN_CALL_STATES))
    return db.session.query(AgentPresence).filter(*wanted).all()


def snapshot_of(call: Call) -> Snapshot:
    db.session.expire_all()
    return load(call)


def everybody_is_where_they_should_be(switch: Obeying) -> None:
    call = switch.scene.row
    snapshot = snapshot_of(call)
    lines = switch.lines
    live = {leg.key for leg in snapshot.live_legs}
    assert live == set(lines), "the switch has the telephones we believe alive"
    if call.state is CallState.ENDED:
        assert not lines
    citizen, agent = lines.get(switch.scene.citizen), snapshot.talking_leg
    if call.state in (CallState.TALKING, CallState.HELD):
        assert citizen is not None
        others = [line for line in lines.values() if line is not citizen and line.where == "room"]
        if snapshot.on_hold:
            assert citizen.where == "music"
            about_to_come = snapshot.awaited is not None or snapshot.ringing_leg is not None
            assert others or about_to_come, "somebody holds them, or comes"
        else:
            assert citizen.where == "room"
            assert others or snapshot.ringing_leg is not None, "nobody is alone"
            assert switch.tape == ("paused" if call.recording_paused_at else "runs")
        if agent is not None:
            assert lines[agent.key].where == "room"
    elif call.state in (CallState.QUEUED, CallState.RINGING):
        assert citizen is not None
        assert citizen.where == "queue"
    assert call.state is not CallState.SURVEY, "it is answered at once"
    for leg in snapshot.guests:
        if leg.answered_at is None:
            continue
        line = lines[leg.key]
        if leg.role is not LegRole.SUPERVISOR:
            assert line.where == "room", "who was asked in is in"
        elif agent is not None:
            wanted = leg.hears
            if wanted is ListenMode.BARGE:
                assert line.where == "room"
            else:
                assert line.listens == (agent.key, wanted.value)
    for presence in people_in(call):
        assert presence.leg.key in lines, "who is in a call has a telephone in it"


def press(step: str, chance: int, switch: Obeying, crew: list, lead) -> None:
    call, people = switch.scene.row, [*crew, lead]
    leg = snapshot_of(call).talking_leg
    having = next((one for one in people if leg is not None and one.id == leg.agent_id), people[chance % 4])
    person = having if chance < 9 else people[chance % 4]
    other = people[(chance + 1) % 4]
    modes = list(ListenMode)
    deeds = {
        **presses(person, other, lead, call, modes[chance % 3]),
        "outside": lambda: room.consult(person, call, Target(number="+8613900000001")),
        "emergency": lambda: call_emergency(person, call, "110"),
        "come_back": lambda: come_back(person, call, leg.key if leg is not None else ""),
    }
    deeds[step]()


def live_through(steps: list[tuple[str, int, str]], clock) -> Iterator[Obeying]:
    clock.set(datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC))
    crew = [make_agent() for _ in range(3)]
    lead = make_person([Role.SHIFT_LEAD])
    services.sign_on(lead, make_seat().number)
    scene = SwitchCall()
    scene.arrive()
    switch = Obeying(scene, {scene.citizen: Line(scene.citizen, "citizen")})
    switch.settles()
    scene.press()
    switch.settles()
    rings = next(line for line in switch.lines.values() if not line.answered)
    rings.answered = True
    switch.happens("leg.answered", rings.key)
    switch.settles()
    everybody_is_where_they_should_be(switch)
    for step, chance, then in steps:
        clock.advance(seconds=1)
        others = [line for line in switch.lines.values() if line.role != "citizen"]
        ringing = [line for line in others if not line.answered]
        talking = [line for line in others if line.answered]
        if step in DEEDS:
            with suppress(HotlineError):  # refused in a sentence, and nothing has changed
                press(step, chance, switch, crew, lead)
            db.session.rollback()
            switch.gather()
        elif step == "obeys":
            switch.obey(chance)
        elif step == "tells":
            switch.tell()
        elif step == "time":
            clock.advance(seconds=2 * chance)
            run_due_timers()
            switch.gather()
        elif step == "begins_anew":
            switch.begins_anew()
        elif step == "answers" and ringing:
            line = ringing[chance % len(ringing)]
            line.answered = True
            switch.happens("leg.answered", line.key)
        elif step == "refuses" and ringing:
            switch.ends(ringing[chance % len(ringing)], "agent", "rejected")
        elif step == "puts_down" and talking:
            switch.ends(talking[chance % len(talking)], "agent")
        elif step == "falls_silent" and talking:
            switch.ends(talking[chance % len(talking)], "switch", "gone")
        if then == "settles":
            switch.settles()
    switch.settles()
    yield switch
    clock.advance(seconds=1)
    if scene.citizen in switch.lines:
        switch.ends(switch.lines[scene.citizen], "caller")
    switch.settles()
    yield switch


def one_after_the_other(*steps: str) -> list[tuple[str, int, str]]:
    return [(step, 0, "settles") for step in steps]


@given(steps=STEPS)
@example(steps=one_after_the_other("listen", "hold", "queue", "answers"))
@example(steps=one_after_the_other("listen", "transfer", "refuses", "answers"))
@example(steps=one_after_the_other("listen", "come_back", "answers"))
@example(steps=one_after_the_other("consult", "answers", "together", "come_back", "answers", "begins_anew"))
def test_when_all_is_done_and_told_everybody_is_where_they_should_be(app, clock, steps):
    walk = live_through(steps, clock)
    everybody_is_where_they_should_be(next(walk))
    switch = next(walk)
    assert switch.scene.row.state is CallState.ENDED
    everybody_is_where_they_should_be(switch)
    assert people_in(switch.scene.row) == []
