"""What is forgotten of a carrier's calls, and what is not."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config.extensions import db
from hotline.models import Call
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg, TwimlOrder
from hotline.telephony.twiml.tidying import tidy

Post = Callable[..., TestResponse]


def rows() -> list[int]:
    return [
        db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in (TwimlCall, TwimlLeg, TwimlOrder)
    ]


def a_call(post: Post, sid: str) -> None:
    post("voice", CallSid=sid, From="+8613912340042", To="+8612345000000", CallStatus="ringing")


def it_ends(post: Post, sid: str) -> None:
    post(f"legs/{sid}/status", CallSid=sid, CallStatus="completed", SequenceNumber="9")


def test_a_call_that_is_long_over_is_forgotten_and_the_hotlines_own_stays(post: Post, clock):
    a_call(post, "CA1")
    it_ends(post, "CA1")
    assert tidy() == 0
    clock.advance(days=8)
    assert tidy() == 1
    assert rows() == [0, 0, 0]
    assert db.session.scalar(select(func.count()).select_from(Call)) == 1


def test_a_call_that_nobody_told_the_end_of_stays(post: Post, clock):
    a_call(post, "CA1")
    a_call(post, "CA2")
    it_ends(post, "CA2")
    clock.advance(days=8)
    assert tidy() == 1
    assert db.session.scalars(select(TwimlCall.key)).all() == ["CA1"]
