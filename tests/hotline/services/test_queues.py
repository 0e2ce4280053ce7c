"""Whatever an administrator changes, callers find a queue at which somebody works."""

from __future__ import annotations

import pytest

from config.errors import Invalid
from config.extensions import db
from hotline.models import CallQueue
from hotline.services.queues import default_queue, save_queue
from tests.factories.hotline import make_queue


def test_the_default_queue_cannot_be_put_out_of_use(app):
    main = make_queue("main", is_default=True)
    with pytest.raises(Invalid) as refused:
        save_queue(None, "main", active=False)
    assert list(refused.value.fields) == ["active"]
    db.session.rollback()
    assert default_queue().id == main.id


def test_a_queue_out_of_use_does_not_become_the_default(app):
    make_queue("main", is_default=True)
    make_queue("law", active=False)
    with pytest.raises(Invalid):
        save_queue(None, "law", is_default=True)
    db.session.rollback()
    assert default_queue().code == "main"


def test_another_default_lets_the_first_go(app):
    make_queue("main", is_default=True)
    make_queue("new", is_default=True)
    save_queue(None, "main", active=False)
    assert default_queue().code == "new"
    assert db.session.query(CallQueue).filter_by(is_default=True).count() == 1
