"""What simulated agents do when nobody tells them to."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from config import clock
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence
from hotline.telephony.simulator.people import BACK_AFTER_A_MISSED_CALL, AgentsOnShift
from hotline.words import AgentState, NotReadyReason


def the_agent() -> AgentPresence:
    db.session.rollback()
    return db.session.query(AgentPresence).one()


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (NotReadyReason.NO_ANSWER, AgentState.IDLE),
        (NotReadyReason.NO_TELEPHONE, AgentState.IDLE),
        (NotReadyReason.FORCED, AgentState.NOT_READY),
    ],
)
def test_who_missed_a_call_or_was_set_aside_comes_back_and_whom_a_lead_sent_away_does_not(
    committed: Flask, reason: NotReadyReason, state: AgentState
):
    shift = AgentsOnShift(committed, 1)
    shift.sign_on()
    services.become_not_ready(the_agent().agent, reason)
    the_agent().since = clock.now() - timedelta(seconds=BACK_AFTER_A_MISSED_CALL + 1)
    db.session.commit()
    shift.look_after()
    assert the_agent().state is state
