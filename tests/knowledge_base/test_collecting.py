"""Folders brought in from the command line: each file has its word, and the whole can be taken back."""

from __future__ import annotations

import io
import os
import resource
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from rq import Worker
from sqlalchemy import select

from accounts.models import AuditEntry
from config.extensions import db, job_queue, redis_client
from knowledge_base.collecting import files_below, start_import
from knowledge_base.models import KnowledgeImport, KnowledgeVersion
from knowledge_base.words import ImportProblem, ImportState, ItemState
from tests.factories.accounts import make_department
from tests.factories.knowledge_base import make_editor
from tests.knowledge_base.importing.files import LAW, archive, locked, printed, word_document, workbook
from tests.support.disk import room_for

GOOD = {
    "条例.txt": LAW.encode("gb18030"),
    "停水/通知.docx": word_document(["停水通知", "明日零时起停水，请储水备用。"]),
    "窗口.xlsx": workbook({"窗口": [["单位", "电话"], ["民政局", "88001234"]]}),
    "须知.html": "<title>办证须知</title><p>办证须携带身份证，三日内领取。</p>".encode(),
    "包.zip": archive({"里面.txt": "路灯须知\n路灯不亮请拨打热线。".encode()}),
}
BAD = {
    "扫描.pdf": (printed([[], []]), ImportProblem.SCANNED),
    "锁.pdf": (locked(printed([["养犬登记的办法在这里写着。"]])), ImportProblem.ENCRYPTED),
    "坏.pdf": (printed([["正文"]])[:60], ImportProblem.BROKEN),
    "坏.docx": (word_document(["一段"])[:-900], ImportProblem.BROKEN),
    "空.txt": (b"", ImportProblem.EMPTY),
    "程序.exe": (b"MZ" + b"\x00" * 99, ImportProblem.KIND),
    "没有结尾": (b"text", ImportProblem.KIND),
}
ENTERED = ["云汀市养犬管理条例", "停水通知", "办证须知", "窗口", "路灯须知"]


def bomb() -> bytes:
    """Eight megabytes of nothing in eight kilobytes, beside a harmless file."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("炸弹.txt", b"0" * (8 << 20))
    return kept.getvalue()


@pytest.fixture
def folder(tmp_path) -> Path:
    top = tmp_path / "政策"
    files = GOOD | {name: data for name, (data, _problem) in BAD.items()} | {"炸弹.zip": bomb()}
    for name, data in files.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_bytes(data)
    return top


@pytest.fixture
def kb(app) -> Callable[..., Result]:
    make_department("热线中心")
    return lambda *arguments: app.test_cli_runner().invoke(args=["kb", *map(str, arguments)])


def titles(state: ItemState) -> list[str]:
    db.session.expire_all()
    return sorted(db.session.scalars(select(KnowledgeVersion.title).where(KnowledgeVersion.state == state)))


def newest() -> KnowledgeImport:
    db.session.expire_all()
    return db.session.scalars(select(KnowledgeImport).order_by(KnowledgeImport.id.desc())).first()


def test_a_mixed_folder_is_published_but_for_what_cannot_be_read_and_taken_back(kb, folder):
    done = kb("import", folder, "--publish")
    assert done.exit_code == 0, done.output
    for name, (_data, problem) in BAD.items():
        assert f"政策/{name}: {problem.label}" in done.output
    assert f"炸弹.zip › 炸弹.txt: {ImportProblem.BOMB.label}" in done.output
    assert not any(f"政策/{name}:" in done.output for name in GOOD)
    assert titles(ItemState.PUBLISHED) == ENTERED
    number = newest().import_no
    assert number in done.output

    undone = kb("undo-import", number)
    assert undone.exit_code == 0, undone.output
    assert newest().state is ImportState.UNDONE
    assert titles(ItemState.PUBLISHED) == []
    again = kb("undo-import", number.lower())
    assert again.exit_code == 1
    assert "Traceback" not in again.output


def test_a_folder_may_hold_more_files_than_a_process_may_have_open(kb, tmp_path):
    for n in range(60):
        (tmp_path / f"{n}.exe").write_bytes(b"MZ")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 40, before[1]))
    try:
        done = kb("import", tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert done.output.count(ImportProblem.KIND.label) == 60


def test_a_file_that_cannot_be_opened_is_named_and_nothing_is_left_behind(kb, folder):
    (folder / "z.txt").symlink_to(folder / "条例.txt")
    gone = list(files_below([folder]))
    (folder / "z.txt").unlink()
    with pytest.raises(FileNotFoundError, match=r"z\.txt"):
        start_import(gone, "", "", False, None, "")
    assert newest() is None


def test_a_full_disk_is_no_fault_of_the_files(kb, folder):
    with room_for(20):
        done = kb("import", folder / "条例.txt")
    assert done.exit_code == 1
    assert "条例.txt" in done.output
    assert newest() is None


def test_without_publish_people_decide(kb, folder):
    done = kb("import", folder)
    assert done.exit_code == 0
    assert titles(ItemState.PUBLISHED) == titles(ItemState.DRAFT) == []
    assert newest().state is ImportState.READY


def test_an_import_of_which_nothing_can_be_read_fails(kb, folder):
    done = kb("import", folder / "坏.pdf", folder / "空.txt", "--publish")
    assert done.exit_code == 1
    assert ImportProblem.BROKEN.label in done.output
    assert ImportProblem.EMPTY.label in done.output


def test_the_trail_says_who_answers_and_under_which_name_they_sat_at_the_machine(kb, folder, monkeypatch):
    monkeypatch.setenv("LOGNAME", "zhou")
    editor = make_editor()
    assert kb("import", folder / "条例.txt", "--by", editor.login).exit_code == 0
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.subject_type == "knowledge_import"))
    assert (entry.person_id, entry.detail["by"], newest().caller) == (editor.id, "zhou", "zhou")


@pytest.mark.parametrize(
    "more",
    [("--publish", "--by", "nobody"), ("--department", "no-such-code"), ("--kind", "novel")],
)
def test_what_cannot_be_begun_says_so_and_leaves_nothing(kb, folder, more):
    done = kb("import", folder / "条例.txt", *more)
    assert done.exit_code != 0
    assert "Error" in done.output
    assert newest() is None


def test_who_may_not_publish_does_not_do_so_from_the_command_line(kb, folder):
    done = kb("import", folder / "条例.txt", "--publish", "--by", make_editor().login)
    assert done.exit_code == 1
    assert newest() is None


def test_an_empty_folder_is_no_import(kb, tmp_path):
    done = kb("import", tmp_path)
    assert done.exit_code == 1
    assert "Traceback" not in done.output


@pytest.mark.parametrize("number", ["x", "I", "I999999", "I" + "9" * 30, "²", "-1"])
def test_what_is_no_import_is_not_undone(kb, number):
    done = kb("undo-import", "--", number)
    assert done.exit_code == 1
    assert "Error" in done.output
    assert "Traceback" not in done.output


def test_a_worker_that_runs_is_given_the_files_at_once(app, tmp_path):
    """Without being told it would hear of them from the clock, a minute later."""
    (tmp_path / "须知.txt").write_text("须知\n本事项在三个工作日内办理。", "utf-8")
    job_queue().empty()
    files = list(files_below([tmp_path / "须知.txt"]))
    start_import(files, "", "", False, None, "")
    assert job_queue().jobs == [], "this process does the work"
    worker = Worker([job_queue()], connection=redis_client())
    worker.register_birth()
    try:
        number = start_import(files, "", "", False, None, "")
        assert [(job.func_name, job.args) for job in job_queue().jobs] == [
            ("knowledge_base.jobs.read_import", [number])
        ]
    finally:
        worker.register_death()
        job_queue().empty()
