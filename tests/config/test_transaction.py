"""One deed is one transaction, and who must be told is told only after it is safe."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from config.errors import Refused
from config.extensions import db
from config.timers import Timer, set_timer
from config.transaction import after_commit, told_later, transactional


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


def test_what_is_told_later_is_told_once_when_asked_for(clock):
    told = []
    with told_later() as tell:
        inner(clock, told)
        after_commit(told.append, "at rest")
        assert timers_kept() == 1
    assert told == []
    tell()
    tell()
    assert told == ["inner", "at rest"]
    inner(clock, told)
    assert told == ["inner", "at rest", "inner"], "only the block's own deeds wait"


def test_what_is_told_later_can_do_a_deed_that_tells_at_once(clock):
    told = []
    with told_later() as tell:
        after_commit(inner, clock, told)
    tell()
    assert timers_kept() == 1
    assert told == ["inner"]


def test_what_was_done_before_an_error_is_told_all_the_same(clock):
    told = []

    def one_deed_and_an_error():
        with told_later():
            inner(clock, told)
            raise Refused("no")

    with pytest.raises(Refused):
        one_deed_and_an_error()
    assert told == ["inner"]
