"""A line to the telephone network goes and comes back: the floor sees it, the board counts it."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config import clock as city_clock
from config.extensions import db
from config.ids import new_id
from hotline.models import Call, CallEvent, Trunk
from hotline.services import receive_event
from hotline.telephony.asterisk.configuration import save_trunk
from hotline.telephony.contract import EventMessage
from reports import board
from tests.factories.accounts import make_person


@pytest.fixture(autouse=True)
def _a_trunk(app, clock):
    save_trunk("trunk", "192.0.2.1", secret=None, port=5060, username="", registers=False, active=True)


def told(kind: str, name: str = "trunk", event: str = "") -> None:
    facts = {
        "id": event or new_id(),
        "at": city_clock.now(),
        "provider": "asterisk",
        "type": kind,
        "trunk": name,
    }
    receive_event(EventMessage.model_validate(facts))


def trunk() -> Trunk:
    db.session.expire_all()
    return db.session.query(Trunk).one()


def test_a_line_that_goes_is_on_the_floor_and_the_board_until_it_is_back(clock, sign_in):
    lead = sign_in(make_person([Role.SHIFT_LEAD]))
    assert "data-trunk" not in lead.get("/floor").text
    told("trunk.offline")
    assert 'data-trunk="trunk"' in lead.get("/floor").text
    assert 'data-trunk="trunk"' in lead.get("/floor/news").json["help"]
    assert board.snapshot()["trunks"] == {"all": 1, "down": 1}
    clock.advance(minutes=3)
    told("trunk.online")
    assert "data-trunk" not in lead.get("/floor").text
    assert board.snapshot()["trunks"] == {"all": 1, "down": 0}
    assert (trunk().fell_times, trunk().changed_at) == (1, clock.at)


def test_a_probe_reads_which_line_is_down_and_the_web_stays_in_service(client):
    told("trunk.offline")
    answer = client.get("/readyz").json["checks"]["lines"]
    assert (answer["ok"], answer["remark"]) == (True, "down: trunk")
    told("trunk.online")
    assert client.get("/readyz").json["checks"]["lines"]["remark"] == ""


def test_told_again_it_went_once(clock):
    for _ in range(3):
        told("trunk.offline")
    assert trunk().fell_times == 1
    told("trunk.online")
    told("trunk.offline", event="the-second-fall")
    told("trunk.offline", event="the-second-fall")
    assert trunk().fell_times == 2


def test_a_line_we_do_not_know_changes_nothing_and_is_no_call(clock):
    told("trunk.offline", "strange")
    assert trunk().online
    assert db.session.query(CallEvent).filter_by(type="trunk.offline").count() == 1
    assert db.session.query(Call).count() == 0


def test_a_line_out_of_use_worries_nobody(clock):
    told("trunk.offline")
    save_trunk("trunk", "192.0.2.1", secret=None, port=5060, username="", registers=False, active=False)
    assert board.snapshot()["trunks"] == {"all": 0, "down": 0}
