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
from sqlalchemy import func, select

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
PATIENCE = 60.0


class Workers:
    """One worker at a time; a killed one is followed by the next."""

    def __init__(self, hotline: LiveHotline) -> None:
        self._hotline, self._chance = hotline, Random(12345)
        hotline.start("worker", (sys.executable, "-m", "tests.knowledge_base.importing.worker_process"))

    def kill(self) -> None:
        """Within the time that a few files take."""
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


def kill_and_resume(workers: Workers, batch_id: int, state: ImportState) -> int:
    """Until the batch has left `state`; how often it was cut short in it."""
    cut_short, began = 0, time.monotonic()
    while (batch := batch_now(batch_id)).state is state:
        assert time.monotonic() < began + PATIENCE, "it never went on"
        if cut_short < KILLS:
            wait_until_moved(batch_id, state, batch.done)
            workers.kill()
            cut_short += batch_now(batch_id).state is state
        else:
            wait_until_moved(batch_id, state, batch.done)
        a_minute_later(batch_id)
    return cut_short


def wait_until_moved(batch_id: int, state: ImportState, done: int) -> None:
    wait_for(lambda: (now := batch_now(batch_id)).state is not state or now.done != done)


def a_minute_later(batch_id: int) -> None:
    """What the clock process does when nothing moved for a while and nobody has the batch in hand."""
    wait_for(lambda: batch_now(batch_id).state not in AT_WORK or not is_in_hand(batch_id))
    if batch_now(batch_id).state in AT_WORK:
        batch_now(batch_id).touched_at = datetime.now(UTC) - timedelta(minutes=1)
        db.session.commit()
        jobs.resume_imports()


def test_a_worker_killed_at_any_moment_leaves_no_file_out_and_takes_none_twice(workers):
    person = make_person(roles=(Role.KB_EDITOR, Role.KB_APPROVER))
    files = {f"{n}.txt": text(n) for n in range(TEXTS)}
    files["包.zip"] = archive({f"{n}.txt": text(n) for n in range(TEXTS, TEXTS + PACKED)} | {"空.txt": b""})
    files["空.txt"] = b""
    batch = begin_import(person, given(files), make_department(), origin=ImportOrigin.PAGE, publish=True)
    number, expected = batch.id, TEXTS + PACKED
    jobs.queue(number, "read_import")
    db.session.commit()

    reading = kill_and_resume(workers, number, ImportState.READING)
    entering = kill_and_resume(workers, number, ImportState.ENTERING)
    rows = rows_of(number)
    assert Counter(row.state for row in rows) == {RowState.ENTERED: expected, RowState.UNREADABLE: 2}
    assert len({row.name for row in rows}) == len(rows)
    assert len({row.item_id for row in rows if row.item_id}) == expected
    assert counted(KnowledgeItem) == counted(KnowledgeAttachment) == expected
    assert deeds() == {"draft": expected, "submit": expected, "approve": expected}
    assert (batch_now(number).state, batch_now(number).done) == (ImportState.DONE, expected)

    ask_to_undo(person, number)
    undoing = kill_and_resume(workers, number, ImportState.UNDOING)
    assert Counter(row.state for row in rows_of(number))[RowState.UNDONE] == expected
    assert deeds()["retire"] == expected
    assert min(reading, entering, undoing) > 0, "a phase was through before it was ever cut short"
    assert reading + entering + undoing > KILLS


def counted(table: type) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def deeds() -> Counter[str]:
    return Counter(db.session.scalars(select(KnowledgeEvent.action)))


def test_the_process_that_reads_files_ends_with_the_worker_that_died(workers):
    files = {
        f"{n}.docx": word_document([f"第{n}号须知", f"第{n}号事项在{n}个工作日内办理。"]) for n in range(9)
    }
    batch = begin_import(
        make_person(roles=(Role.KB_EDITOR,)), given(files), make_department(), origin=ImportOrigin.PAGE
    )
    jobs.queue(batch.id, "read_import")
    worker = workers.now()
    wait_for(lambda: batch_now(batch.id).done > 0)
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


def test_ctrl_c_on_the_command_line_leaves_an_import_that_goes_on(committed, tmp_path):
    folder = tmp_path / "政策"
    folder.mkdir()
    for n in range(TEXTS):
        (folder / f"{n}.txt").write_bytes(text(n))
    make_department()
    with live_hotline(committed.config["SETTINGS"], tmp_path) as hotline:
        command = Terminal(hotline, "kb", "import", str(folder), "--publish")
        command.read_until(re.compile(rf"{ImportState.READING.label} [1-9]"))
        command.process.send_signal(signal.SIGINT)
        assert command.process.wait(PATIENCE) == 1
        said = command.read_until(re.compile("resume-import (I[0-9]+)"))
        [batch] = db.session.scalars(select(KnowledgeImport))
        assert (said[1], batch.state in AT_WORK) == (batch.import_no, True)
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
