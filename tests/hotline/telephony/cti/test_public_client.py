"""A client that anybody can install (py-zammad-cti), against a hotline on a real port."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from zammad_cti import CTIClient

from config.extensions import db
from hotline.models import Call
from hotline.telephony.cti.lines import make_line
from hotline.words import CallState, EndReason
from tests.factories.hotline import make_agent
from tests.support.served import served


@pytest.fixture
def theirs(committed: Flask) -> Iterator[CTIClient]:
    with served(committed) as address:
        client = CTIClient(url=f"{address}/telephony/cti/{make_line('Water works')}")
        yield client
        client._session.close()


def test_its_calls_are_understood(theirs: CTIClient):
    agent = make_agent(seat="1001")
    call = {"_from": "+8613912340042", "to": "+861088880000", "direction": "in", "call_id": "a/b c"}
    assert theirs.new_call(**call, user=["Alice", "Bob"], queue="water") == {}
    assert theirs.answer(**call, answering_number="1001") == {}
    assert theirs.hangup(**call, cause="normalClearing", answering_number="1001") == {}
    db.session.rollback()
    row = db.session.query(Call).one()
    assert (row.state, row.end_reason, row.agent_id) == (CallState.ENDED, EndReason.CALLER_HUNG_UP, agent.id)


def test_its_call_of_nobody_known_by_nobody_is_understood(theirs: CTIClient):
    call = {"_from": "anonymous", "to": "12345", "direction": "in", "call_id": "1"}
    assert theirs.new_call(**call) == {}
    assert theirs.hangup(**call, cause="cancel") == {}
    db.session.rollback()
    assert db.session.query(Call).one().end_reason is EndReason.ABANDONED_IN_RING
