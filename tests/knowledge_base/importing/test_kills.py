"""The worker of an import is killed again and again, at any moment: every file is dealt with once."""

from __future__ import annotations

import io
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from select import select as select_ready

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy import text as sql

from accounts.roles import Role
from config.embedded.programs import FLASK
from config.extensions import db
from config.settings import ROOT
from knowledge_base import jobs
from knowledge_base.models import (
    ImportRow,
    KnowledgeAttachment,
    KnowledgeEvent,
    KnowledgeImport,
    KnowledgeItem,
)
from knowledge_base.services.importing import Given, ask_to_undo, begin_import
from knowledge_base.services.importing.batches import is_in_hand
from knowledge_base.words import AT_WORK, ImportOrigin, ImportState, RowState
from tests.factories.accounts import make_department, make_person
from tests.knowledge_base.importing.files import archive, word_document
from tests.support.live import LiveHotline, live_hotline

pytestmark = pytest.mark.kill

TEXTS, PACKED = 110, 10  # more than a few handfuls: each is a transaction
KILLS = 3  # while the files are read, as many while they are entered, as many while they are taken back
PATIENCE = 180.0  # for a condition, on a machine however busy

HOLDABLE = """
    CREATE FUNCTION wait_while_held() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        PERFORM pg_advisory_xact_lock_shared(hashtext(NEW.name || NEW.state));
        RETURN NEW;
    END $$;
    CREATE TRIGGER wait_while_held BEFORE UPDATE ON knowledge_import_row FOR EACH ROW
    WHEN (NEW.state <> OLD.state) EXECUTE FUNCTION wait_while_held();
"""
HELD_UP = """
    SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
                   WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted)
"""


class Hold:
    """The file `name` does not get into `state`: however late a test looks on a busy machine, it is not through yet."""

    def __init__(self, link: Connection, name: str, state: RowState) -> None:
        self._link, self._key = link, func.hashtext(name + state.value)
        self.take()

    def take(self) -> None:
        self._link.execute(select(func.pg_advisory_lock(self._key)))

    def give(self) -> None:
        self._link.execute(select(func.pg_advisory_unlock(self._key)))

    def is_felt(self) -> bool:
        """Whether a process has come so far, and waits."""
        return bool(self._link.scalar(sql(HELD_UP)))


@pytest.fixture
def hold(committed) -> Iterator[Callable[[str, RowState], Hold]]:
    """`hold(name, state)` → a Hold, taken. All end with the test."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(sql(HOLDABLE))
        yield lambda name, state: Hold(link, name, state)
        link.execute(select(func.pg_advisory_unlock_all()))
        db.session.rollback()  # what the test looked at last is not locked any more
        link.execute(sql("DROP FUNCTION wait_while_held() CASCADE"))


class Workers:
    """One worker at a time; a killed one is followed by the next."""

    def __init__(self, hotline: LiveHotline) -> None:
        self._hotline, self._chance = hotline, Random(12345)
        hotline.start("worker", (sys.executable, "-m", "tests.knowledge_base.importing.worker_process"))

    def kill(self) -> None:
        """At a moment within the time that a few handfuls take."""
        time.sleep(self._chance.uniform(0, 0.06))
        os.kill(self.now(), signal.SIGKILL)

    def now(self) -> int:
        wait_for(lambda: "\n" in self._hotline.log("worker"))
        return int(self._hotline.log("worker").split()[-1])


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it never became so"
        time.sleep(0.005)


@pytest.fixture
def workers(committed, tmp_path) -> Iterator[Workers]:
    with live_hotline(committed.config["SETTINGS"], tmp_path) as hotline:
        yield Workers(hotline)


def text(n: int) -> bytes:
    return f"第{n}号须知\n第{n}号事项由第{n}街道在{n}个工作日内办理。".encode()


def given(files: dict[str, bytes]) -> list[Given]:
    return [Given(name, io.BytesIO(data)) for name, data in files.items()]


def batch_now(batch_id: int) -> KnowledgeImport:
    db.session.rollback()
    return db.session.get_one(KnowledgeImport, batch_id, populate_existing=True)


def rows_of(batch_id: int) -> list[ImportRow]:
    db.session.rollback()
    return list(db.session.scalars(select(ImportRow).where(ImportRow.import_id == batch_id)))


def kill_and_resume(workers: Workers, batch_id: int, state: ImportState, hold: Hold) -> None:
    """Cut short in `state` so many times, each time after some progress; then through it."""
    for _ in range(KILLS):
        done = batch_now(batch_id).done
        wait_for(lambda done=done: batch_now(batch_id).done != done or hold.is_felt())
        workers.kill()
        assert batch_now(batch_id).state is state
        hold.give()  # what the killed one waited for, lest it stand in the way of the next
        hold.take()
        a_minute_later(batch_id)
    hold.give()
    wait_for(lambda: batch_now(batch_id).state is not state)


def a_minute_later(batch_id: int) -> None:
    """What the clock process does when nothing moved for a while and nobody has the batch in hand."""
    wait_for(lambda: not is_in_hand(batch_id))
    batch_now(batch_id).touched_at = datetime.now(UTC) - timedelta(minutes=1)
    db.session.commit()
    jobs.resume_imports()


def test_a_worker_killed_at_any_moment_leaves_no_file_out_and_takes_none_twice(workers, hold):
    person = make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    files = {f"{n}.txt": text(n) for n in range(TEXTS)}
    files["包.zip"] = archive({f"{n}.txt": text(n) for n in range(TEXTS, TEXTS + PACKED)} | {"空.txt": b""})
    files["空.txt"] = b""
    batch = begin_import(person, given(files), make_department(), origin=ImportOrigin.PAGE, publish=True)
    number, expected = batch.id, TEXTS + PACKED
    last, first = f"{TEXTS - 1}.txt", "0.txt"  # what was entered first is taken back last
    holds = [hold(last, RowState.READY), hold(last, RowState.ENTERED), hold(first, RowState.UNDONE)]
    jobs.queue(number, "read_import")
    db.session.commit()

    kill_and_resume(workers, number, ImportState.READING, holds[0])
    kill_and_resume(workers, number, ImportState.ENTERING, holds[1])
    wait_for(lambda: batch_now(number).state not in AT_WORK)
    rows = rows_of(number)
    assert Counter(row.state for row in rows) == {RowState.ENTERED: expected, RowState.UNREADABLE: 2}
    assert len({row.name for row in rows}) == len(rows)
    assert len({row.item_id for row in rows if row.item_id}) == expected
    assert counted(KnowledgeItem) == counted(KnowledgeAttachment) == expected
    assert deeds() == {"draft": expected, "submit": expected, "approve": expected}
    assert (batch_now(number).state, batch_now(number).done) == (ImportState.DONE, expected)

    ask_to_undo(person, number)
    kill_and_resume(workers, number, ImportState.UNDOING, holds[2])
    assert Counter(row.state for row in rows_of(number))[RowState.UNDONE] == expected
    assert deeds()["retire"] == expected


def counted(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def deeds() -> Counter[str]:
    return Counter(db.session.scalars(select(KnowledgeEvent.action)))


def test_the_process_that_reads_files_ends_with_the_worker_that_died(workers, hold):
    files = {
        f"{n}.docx": word_document([f"第{n}号须知", f"第{n}号事项在{n}个工作日内办理。"]) for n in range(9)
    }
    batch = begin_import(
        make_person(roles=(Role.KB_EDITOR,)), given(files), make_department(), origin=ImportOrigin.PAGE
    )
    held = hold("8.docx", RowState.READY)
    jobs.queue(batch.id, "read_import")
    worker = workers.now()
    wait_for(held.is_felt)
    readers = children_of(worker)
    assert readers
    os.kill(worker, signal.SIGKILL)
    wait_for(lambda: not any(is_alive(reader) for reader in readers))


def children_of(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def is_alive(process: str) -> bool:
    """A dead one that nobody has buried yet has no command any more."""
    try:
        return bool(Path(f"/proc/{process}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


def test_ctrl_c_on_the_command_line_leaves_an_import_that_goes_on(committed, tmp_path, hold):
    folder = tmp_path / "政策"
    folder.mkdir()
    for n in range(TEXTS):
        (folder / f"{n}.txt").write_bytes(text(n))
    make_department()
    held = hold("99.txt", RowState.READY)  # the last in the folder's order
    with live_hotline(committed.config["SETTINGS"], tmp_path) as hotline:
        command = Terminal(hotline, "kb", "import", str(folder), "--publish")
        command.read_until(re.compile(rf"{ImportState.READING.label} [1-9]"))
        command.process.send_signal(signal.SIGINT)
        assert command.process.wait(PATIENCE) == 1
        said = command.read_until(re.compile("resume-import (I[0-9]+)"))
        [batch] = db.session.scalars(select(KnowledgeImport))
        assert (said[1], batch.state in AT_WORK) == (batch.import_no, True)
        held.give()
        hotline.run("kb", "resume-import", batch.import_no)
    assert batch_now(batch.id).state is ImportState.DONE
    assert deeds() == {"draft": TEXTS, "submit": TEXTS, "approve": TEXTS}


class Terminal:
    """A command of ours as somebody runs it at a terminal."""

    def __init__(self, hotline: LiveHotline, *arguments: str) -> None:
        self._screen, theirs = pty.openpty()
        self._shown = ""
        self.process = subprocess.Popen(
            [*FLASK, *arguments], env=hotline.environment(), cwd=ROOT, stdout=theirs, stderr=theirs
        )
        os.close(theirs)

    def read_until(self, wanted: re.Pattern[str]) -> re.Match[str]:
        """What it shows, until that is in it."""
        end = time.monotonic() + PATIENCE
        while not (found := wanted.search(self._shown)):
            assert time.monotonic() < end, self._shown
            if select_ready([self._screen], [], [], 0.1)[0]:
                self._shown += os.read(self._screen, 4096).decode(errors="replace")
        return found
