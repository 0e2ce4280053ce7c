"""Whatever people press and telephones do in a call with guests: the database never refuses it, and in the end
nobody is left behind."""

from __future__ import annotations

import datetime
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from accounts.audit import AuditEntry
from accounts.roles import Role
from config.errors import HotlineError
from config.extensions import db
from config.timers import run_due_timers
from hotline import services
from hotline.models import AgentPresence, Call, CallCommand, CallLeg, QueueEntry
from hotline.services import room
from hotline.services.targets import Target
from hotline.words import IN_CALL_STATES, CallState, ListenMode
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, make_agent, make_seat
from tests.hotline.services.scenes import presses

STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["consult", "transfer", "queue", "outside", "together", "hand_over", "send_away", "listen", "take_over",
             "hold", "resume", "hang_up", "help", "pause", "rate", "heard", "rings", "answered", "fails", "ended",
             "time", "late"]
        ),
        st.integers(0, 7),
    ),
    max_size=25,
)  # fmt: skip


def people_in(call: Call) -> list[AgentPresence]:
    db.session.expire_all()
    return db.session.query(AgentPresence).filter(AgentPresence.call_id == call.id).all()


def heard_agents(call: Call) -> set[int | None]:
    """At whose telephones the switch let somebody listen."""
    orders = db.session.query(CallCommand).filter_by(call_id=call.id, type="listen")
    targets = {order.args["target"] for order in orders}
    legs = db.session.query(CallLeg).filter(CallLeg.call_id == call.id, CallLeg.key.in_(targets))
    return {leg.agent_id for leg in legs}


def listened_to(lead) -> set[int]:
    """The agents whom the audit trail names."""
    rows = db.session.query(AuditEntry).filter_by(person_id=lead.id).filter(AuditEntry.verb.like("call:%"))
    return {row.detail["agent_id"] for row in rows if "agent_id" in row.detail}


def press(step: str, chance: int, scene: SwitchCall, crew: list, lead, clock) -> None:
    call = scene.row
    person = crew[chance % len(crew)]
    other = crew[(chance // 2 + 1) % len(crew)]
    modes = list(ListenMode)
    deeds = {
        **presses(person, other, lead, call, modes[chance % 3]),
        "outside": lambda: room.transfer(person, call, Target(number="110")),
        "help": lambda: room.ask_for_help(person, call),
        "rate": lambda: scene.tell("digits", leg=scene.citizen, value=str(chance), prompt="survey"),
        "heard": lambda: scene.tell("prompt.done", leg=scene.citizen, prompt="survey_thanks"),
        "time": lambda: (clock.advance(seconds=chance), run_due_timers()),
        "late": lambda: (clock.advance(seconds=60), run_due_timers()),
    }
    if step in deeds:
        deeds[step]()
        return
    live = db.session.query(CallLeg).filter_by(call_id=call.id, ended_at=None).order_by(CallLeg.id).all()
    if live:
        leg = live[chance % len(live)]
        if step == "answered":
            scene.tell("leg.answered", leg=leg.key)
        elif step == "rings":
            scene.tell("leg.ringing", leg=leg.key)
        elif step == "fails":
            scene.tell("leg.ended", leg=leg.key, cause="congestion", by="switch")
        else:
            scene.tell(
                "leg.ended", leg=leg.key, cause="normal", by="caller" if leg.key == scene.citizen else "agent"
            )


@given(steps=STEPS)
def test_nobody_is_left_in_a_call_that_is_over(app, clock, steps):
    clock.set(datetime.datetime(2026, 11, 23, 2, 0, tzinfo=datetime.UTC))
    crew = [make_agent() for _ in range(3)]
    branch = make_department()
    for agent in crew[:2]:
        agent.department = branch
    lead = make_person([Role.SHIFT_LEAD], branch)
    services.sign_on(lead, make_seat().number)
    scene = SwitchCall()
    scene.arrive()
    scene.press()
    scene.tell("leg.answered", leg=scene.seat_leg)
    for step, chance in steps:
        clock.advance(seconds=1)
        with suppress(HotlineError):  # refused in a sentence, and nothing has changed
            press(step, chance, scene, [*crew, lead], lead, clock)
    clock.advance(seconds=1)
    scene.caller_hangs_up()
    for leg in db.session.query(CallLeg).filter_by(call_id=scene.row.id, ended_at=None).all():
        scene.tell("leg.ended", leg=leg.key, cause="normal", by="hotline")
    assert scene.row.state is CallState.ENDED
    assert [p for p in people_in(scene.row) if p.state in IN_CALL_STATES] == []
    assert db.session.query(QueueEntry).filter_by(call_id=scene.row.id, left_at=None).count() == 0
    theirs = {agent.id for agent in (*crew[:2], lead)}
    assert heard_agents(scene.row) <= listened_to(lead) <= theirs
    for person in [*crew, lead]:
        services.become_idle(person)
        services.sign_off(person)
