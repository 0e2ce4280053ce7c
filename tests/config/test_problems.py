"""What is told when something goes wrong that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy import event, text
from sqlalchemy.engine import Engine

from accounts.roles import Role
from config.extensions import db
from tests.factories.accounts import make_person


@pytest.fixture
def slow_log(app: Flask) -> Iterator[None]:
    """The database takes five seconds for the call log, and may take a tenth of one."""
    db.session.execute(text("SET LOCAL statement_timeout = 100"))

    def slow(_link: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return ("SELECT pg_sleep(5)", ()) if "\nFROM call " in statement else (statement, parameters)

    event.listen(Engine, "before_cursor_execute", slow, retval=True)
    yield
    event.remove(Engine, "before_cursor_execute", slow)


def test_a_search_that_takes_too_long_is_ended_and_says_what_to_do(
    slow_log: None, sign_in: Callable[..., Any]
):
    answer = sign_in(make_person([Role.SHIFT_LEAD])).get("/calls")
    assert answer.status_code == 503
    assert "请缩小范围" in answer.text


def test_a_machine_is_told_so_by_name(slow_log: None, sign_in: Callable[..., Any]):
    asked = {"Accept": "application/problem+json"}
    answer = sign_in(make_person([Role.SHIFT_LEAD])).get("/calls", headers=asked)
    assert (answer.status_code, answer.json["title"]) == (503, "too slow")


@pytest.mark.parametrize(
    ("status", "words"), [(503, "系统繁忙或正在维护"), (502, "系统出错"), (415, "无法理解这个请求")]
)
def test_what_no_sentence_was_written_for_is_told_in_the_readers_language(
    app: Flask, sign_in: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, status: int, words: str
):
    def refuse() -> Any:
        abort(status)

    monkeypatch.setitem(app.view_functions, "console.today", refuse)
    answer = sign_in(make_person([Role.AGENT])).get("/today")
    assert answer.status_code == status
    assert words in answer.text


@pytest.fixture
def database_stops(committed: Flask) -> Iterator[Callable[[], None]]:
    """`database_stops()`: from then on each question finds its connection ended, as by a server that stops."""

    def ended(_link: Any, _cursor: Any, _statement: str, _parameters: Any, *_rest: Any) -> tuple[str, Any]:
        return "SELECT pg_terminate_backend(pg_backend_pid())", ()

    begun = []

    def begin() -> None:
        event.listen(Engine, "before_cursor_execute", ended, retval=True)
        begun.append(True)

    yield begin
    if begun:
        event.remove(Engine, "before_cursor_execute", ended)


def test_who_asks_while_the_database_is_away_is_told_to_ask_again_and_not_that_we_erred(
    database_stops: Callable[[], None], sign_in: Callable[..., Any], caplog: pytest.LogCaptureFixture
):
    lead = sign_in(make_person([Role.SHIFT_LEAD]))
    database_stops()
    for path in ("/calls", "/floor"):
        answer = lead.get(path)
        assert answer.status_code == 503
        assert "数据库暂时没有响应" in answer.text
    machine = lead.get("/calls", headers={"Accept": "application/problem+json"})
    assert (machine.status_code, machine.json["title"]) == (503, "database away")
    told = [record for record in caplog.records if "database_away" in str(record.msg)]
    assert len(told) == 3
    assert not any(record.exc_info for record in told)
