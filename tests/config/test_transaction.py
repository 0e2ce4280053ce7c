"""One deed is one transaction, and who must be told is told only after it is safe."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from config.errors import Refused
from config.extensions import db
from config.timers import Timer, set_timer
from config.transaction import after_commit, transactional


def timers_kept() -> int:
    return db.session.scalar(select(func.count()).select_from(Timer).where(Timer.kind == "deed"))


@transactional
def inner(clock, told):
    set_timer("deed", "inner", clock.at)
    after_commit(told.append, "inner")


def test_a_nested_deed_joins_the_outer_one_and_is_undone_with_it(clock):
    told = []

    @transactional
    def outer():
        inner(clock, told)
        assert told == [], "nobody is told before the outermost commit"
        raise Refused("no")

    with pytest.raises(Refused):
        outer()
    assert timers_kept() == 0
    assert told == []


def test_after_the_commit_everybody_is_told_once_in_order(clock):
    told = []

    @transactional
    def outer():
        inner(clock, told)
        after_commit(told.append, "outer")

    outer()
    assert timers_kept() == 1
    assert told == ["inner", "outer"]


def test_a_listener_that_fails_does_not_undo_a_done_deed(clock, caplog):
    told = []

    @transactional
    def deed():
        set_timer("deed", 1, clock.at)
        after_commit(lambda: 1 / 0)
        after_commit(told.append, "second")

    deed()
    assert timers_kept() == 1
    assert told == ["second"]
    assert "after_commit_failed" in caplog.text


def test_a_refused_deed_leaves_nothing_for_the_next_one_to_tell(clock):
    told = []

    @transactional
    def refused():
        after_commit(told.append, "never")
        raise Refused("no")

    with pytest.raises(Refused):
        refused()
    inner(clock, told)
    assert told == ["inner"]
