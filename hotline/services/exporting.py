"""Calls as a table to take away: a short one at once, a long one by a worker. Numbers stay masked; each is audited."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Select, func, select
from werkzeug.datastructures import MultiDict

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.crypto import seal
from config.errors import NotFound
from config.extensions import db, job_queue
from config.live import tell
from config.phones import mask_phone
from config.spreadsheet import write_table
from config.storage import StoredFile, open_file, store
from config.transaction import after_commit, transactional
from hotline.models import Call
from hotline.queries.calls import call_log, log_keys

AT_ONCE = 2_000
MOST = 50_000
JOB_SECONDS = 900
NAME = "calls-"


@transactional
def export_calls(person: Person, arguments: MultiDict[str, str], language: str) -> bytes | None:
    """The table of what these filters find; None if it is long and a worker writes it. At most `MOST` rows."""
    ensure(person, "call:export")
    found = _found(person, arguments)
    rows = db.session.scalar(
        select(func.count()).select_from(found.with_only_columns(Call.id).limit(AT_ONCE + 1).subquery())
    )
    told = {key: value for key, value in arguments.items() if value and key not in ("number", "cursor")}
    audit.record("call:export", person, subject=("call", 0), detail={"filters": told})
    if rows is not None and rows > AT_ONCE:
        after_commit(_hand_over, person.id, dict(arguments), language)
        return None
    out = io.BytesIO()
    write_table(out, _head(), _rows(found))
    return out.getvalue()


@transactional
def write_export(person_id: int, arguments: dict[str, str], language: str) -> int:
    """The worker's part: the file is kept under the person's name, and they are told where."""
    person = db.session.get(Person, person_id)
    if person is None:
        return 0
    ensure(person, "call:export")
    with tempfile.TemporaryFile() as out, force_locale(language):
        count = write_table(out, _head(), _rows(_found(person, MultiDict(arguments))))
        out.seek(0)
        kept = store(out, f"{NAME}{clock.local(clock.now()):%Y%m%d-%H%M%S}.xlsx", ("xlsx",), by=person.id)
    tell(f"person:{person.id}", "export:ready", {"href": f"/calls/exports/{kept.id}", "rows": count})
    return count


def open_export(person: Person, number: int) -> tuple[StoredFile, BinaryIO]:
    """One's own export; NotFound for anything else."""
    row, stream = open_file(number)
    if row.stored_by_id != person.id or not row.filename.startswith(NAME):
        stream.close()
        raise NotFound(_("This file is not here."))
    return row, stream


def _found(person: Person, arguments: MultiDict[str, str]) -> Select[Any]:
    from hotline.forms.call_log import CallLogForm

    return call_log(CallLogForm(arguments).filters(), person).order_by(*log_keys())


def _hand_over(person_id: int, arguments: dict[str, str], language: str) -> None:
    """Sealed: a filter may hold a number, and a job's arguments lie in Redis and stand in the worker's log."""
    sealed = seal(json.dumps(arguments)).hex()
    about = {"description": "export of calls", "result_ttl": 0, "job_timeout": JOB_SECONDS}
    job_queue().enqueue("hotline.jobs.export_calls", person_id, sealed, language, **about)


def _head() -> list[str]:
    return [
        _("Call number"), _("Arrived"), _("Direction"), _("Caller's number"), _("Queue"), _("Agent"), _("State"),
        _("Wait"), _("Ring"), _("Talk"), _("On hold"), _("Wrap-up"), _("Emergency"),
    ]  # fmt: skip


def _rows(found: Select[Any]) -> Iterator[list[Any]]:
    rows = db.session.scalars(found.limit(MOST).execution_options(yield_per=500))
    for call in rows:
        yield [
            call.call_no,
            call.arrived_at,
            call.direction.label,
            mask_phone(call.caller_number),
            call.queue.name if call.queue else "",
            call.agent.name if call.agent else "",
            (call.end_reason or call.state).label,
            call.wait_seconds,
            call.ring_seconds,
            call.talk_seconds,
            call.hold_seconds,
            call.wrap_seconds,
            call.emergency,
        ]
        db.session.expunge(call)
