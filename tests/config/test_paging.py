"""Pages by key show every row once, in order, in both directions, and bear any cursor."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config.extensions import db
from config.paging import page
from config.timers import Timer

START = datetime(2026, 1, 1, tzinfo=UTC)


def make_rows(minutes: list[int]) -> None:
    db.session.add_all(
        Timer(kind="row", key=str(n), due_at=START + timedelta(minutes=m), payload={})
        for n, m in enumerate(minutes)
    )
    db.session.flush()


def ask(cursor: str | None, limit: int):
    return page(select(Timer), [Timer.due_at.desc(), Timer.id.asc()], cursor, limit)


@given(minutes=st.lists(st.integers(0, 5), max_size=12), limit=st.integers(1, 5))
def test_going_forward_shows_every_row_once_and_going_back_shows_the_same_pages(app, minutes, limit):
    with app.app_context():
        make_rows(minutes)
        wanted = list(db.session.scalars(select(Timer).order_by(Timer.due_at.desc(), Timer.id)))
        pages = [ask(None, limit)]
        while pages[-1].next_cursor:
            pages.append(ask(pages[-1].next_cursor, limit))
        assert [row for p in pages for row in p] == wanted
        for before, after in itertools.pairwise(pages):
            assert list(ask(after.previous_cursor, limit)) == list(before)
        assert pages[0].previous_cursor is None
        db.session.rollback()


@pytest.mark.parametrize(
    "rubbish",
    [
        "",
        "x",
        "🙂",
        "WzAsMSwyLDNd",
        "W10",
        "bnVsbA",
        "A" * 3000,
        "WzAsIjIwMjYiLCJ4Il0",
        "WzIsMSwxXQ",
        "W1tb" * 450,
        "WzAsIlx1ZDgwMCIsMV0",
    ],
)
def test_a_cursor_that_cannot_be_read_is_the_first_page(app, rubbish):
    make_rows([1, 2, 3])
    assert [row.key for row in ask(rubbish, 2)] == ["2", "1"]
