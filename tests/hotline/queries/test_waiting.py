"""Whose turn is before whose: told to the caller as it is done by the routing."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

from config import clock
from config.extensions import db
from hotline import queries
from hotline.models import QueueEntry
from hotline.queries.waiting import ahead
from tests.factories.hotline import make_call, make_queue


def test_the_number_of_those_before_me_is_my_place_in_the_line(app):
    queue = make_queue("housing")
    now = clock.now()
    for returned, priority, waited in product((False, True), (0, 5), (10, 40, 90)):
        since = now - timedelta(seconds=waited)
        entry = QueueEntry(
            call_id=make_call().id,
            queue_id=queue.id,
            returned=returned,
            priority=priority,
            joined_at=since,
            waiting_since=since,
        )
        db.session.add(entry)
    db.session.commit()
    line = db.session.execute(queries.waiting_in(queue)).all()
    assert len(line) == 12
    assert [ahead(entry, queue, call.id) for entry, call in line] == list(range(12))


def test_who_is_offered_to_an_agent_is_before_nobody_any_more(app):
    queue = make_queue("housing")
    now = clock.now()
    for waited, offered in ((90, True), (40, False)):
        since = now - timedelta(seconds=waited)
        where = {"queue_id": queue.id, "joined_at": since, "waiting_since": since, "offered": offered}
        db.session.add(QueueEntry(call_id=make_call().id, **where))
    db.session.commit()
    _first, (entry, call) = db.session.execute(queries.waiting_in(queue)).all()
    assert ahead(entry, queue, call.id) == 0
