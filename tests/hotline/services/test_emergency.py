"""One key calls an emergency service into the talk at once; one key takes a mistake back."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import Conflict, Invalid, Refused
from config.extensions import db
from hotline.models import CallCommand, CallDeed, CallLeg
from hotline.services import hold_call
from hotline.services.emergency import call_emergency
from hotline.services.room import hand_over, send_away
from hotline.words import CallState, Deed, LegRole
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent


@pytest.fixture
def talk(clock):
    """An agent in a talk: the agent, the scene."""
    agent = make_agent(seat="1001")
    scene = SwitchCall()
    scene.arrive(prefer_seat="1001")
    scene.tell("leg.answered", leg=scene.seat_leg)
    return agent, scene


def guest_of(scene) -> CallLeg:
    return db.session.query(CallLeg).filter_by(call_id=scene.row.id, role=LegRole.OUTSIDE).one()


def ordered(scene, kind: str) -> int:
    return db.session.query(CallCommand).filter_by(call_id=scene.row.id, type=kind).count()


def test_the_service_is_rung_while_citizen_and_agent_go_on_talking(talk):
    agent, scene = talk
    call_emergency(agent, scene.row, "119")
    guest = guest_of(scene)
    assert guest.number == "119"
    assert ordered(scene, "hold") == 0
    assert scene.row.state is CallState.TALKING
    assert scene.row.emergency == "119"
    deed = db.session.query(CallDeed).one()
    assert (deed.deed, deed.detail) == (Deed.EMERGENCY, {"number": "119"})
    assert db.session.query(AuditEntry).filter_by(verb="call:emergency").count() == 1
    (added,) = [c for c in scene.tell("leg.answered", leg=guest.key) if c.type == "add"]
    assert added.leg == guest.key


def test_the_citizen_stays_with_the_service_when_the_agent_hands_over(talk):
    agent, scene = talk
    call_emergency(agent, scene.row, "120")
    scene.tell("leg.answered", leg=guest_of(scene).key)
    hand_over(agent, scene.row)
    agents_leg = db.session.query(CallLeg).filter_by(call_id=scene.row.id, agent_id=agent.id).one()
    scene.tell("leg.ended", leg=agents_leg.key, cause="normal", by="hotline")
    assert scene.row.ended_at is None
    assert scene.row.emergency == "120"


def test_a_mistake_is_taken_back_while_it_rings(talk):
    agent, scene = talk
    call_emergency(agent, scene.row, "110")
    send_away(agent, scene.row)
    assert scene.row.emergency == ""
    assert scene.row.state is CallState.TALKING


def test_a_citizen_on_hold_is_taken_off_it(talk):
    agent, scene = talk
    hold_call(agent, scene.row)
    scene.tell("leg.held", leg=scene.citizen)
    call_emergency(agent, scene.row, "122")
    assert ordered(scene, "resume") == 1


@pytest.mark.parametrize("number", ["", "12345", "911", "119 ", "１１９"])
def test_no_other_number_is_an_emergency(talk, number):
    agent, scene = talk
    with pytest.raises(Invalid):
        call_emergency(agent, scene.row, number)
    assert scene.row.emergency == ""


def test_only_the_agent_of_the_talk_and_only_once(talk):
    agent, scene = talk
    with pytest.raises(Refused):
        call_emergency(make_person([Role.AGENT]), scene.row, "119")
    call_emergency(agent, scene.row, "119")
    with pytest.raises(Conflict):
        call_emergency(agent, scene.row, "110")


def test_the_form_of_the_case_offers_to_record_it(talk, sign_in):
    agent, scene = talk
    call_emergency(agent, scene.row, "119")
    form = sign_in(agent).get(f"/cases/new?call={scene.row.call_no}", headers={"HX-Request": "true"}).text
    assert 'class="button small danger" name="deed" value="119"' in form
