"""Two machines stay in step while their processes are killed in the middle of following."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from config.settings import ROOT, Settings
from knowledge_base.models import KnowledgeItem
from knowledge_base.models.revision import current_stamp
from knowledge_base.search.meaning import FILES
from knowledge_base.services import retire_item
from tests.factories.knowledge_base import make_approver, make_editor, make_item

QUERY = "路灯报修"
PATIENCE = 180.0  # for a process that starts, on a machine however busy
_number = itertools.count(1)


class Machine:
    """A folder of its own and one process that follows; what it prints goes to a file."""

    def __init__(self, folder: Path, settings: Settings, engine: str, meaning: bool = False) -> None:
        self.folder, self.engine = folder, engine
        folder.mkdir()
        values = {name.upper(): str(v) for name, v in settings.model_dump().items() if v not in ("", None)}
        self.environment = {**os.environ, **values, "VAR_DIR": str(folder), "PYTHONPATH": str(ROOT)}
        self.environment |= {"SEARCH_ENGINE": engine, "SEARCH_BY_MEANING": str(int(meaning))}
        self.output = folder / "found"
        self.start()

    def start(self) -> None:
        self.output.write_text("")
        with self.output.open("w") as out, (self.folder / "log").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-W", "ignore", "-m", "tests.knowledge_base.search.follower_process", QUERY],
                stdout=out,
                stderr=log,
                env=self.environment,
                cwd=ROOT,
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def finds(self, wanted: int, within: float) -> bool:
        """Whether the process comes to find as many."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            lines = self.output.read_text().split("\n")[:-1]  # the last may be half a line
            if lines and int(lines[-1]) == wanted:
                return True
            if self.process.poll() is not None:
                raise RuntimeError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.02)
        return False

    def has_vectors(self, within: float) -> bool:
        """Whether the process comes to have vectors of everything that it finds by its words."""
        until = time.monotonic() + within
        while time.monotonic() < until and self.environment["SEARCH_BY_MEANING"] == "1":
            for generation in self.generations():
                with contextlib.suppress(OSError, ValueError):  # it is removed while we read
                    told = json.loads((generation / "stamp.json").read_text())
                    if told["meant"] == told["number"] == current_stamp().number:
                        return (generation / FILES[0]).exists()
            time.sleep(0.05)
        return False

    def generations(self) -> list[Path]:
        return list((self.folder / "search" / self.engine).glob("gen-*"))


def a_new_item(**people) -> KnowledgeItem:
    """Found by QUERY; its title is its own, as the same words are shown once."""
    return make_item(f"{QUERY}之{next(_number)}", **people)


@pytest.mark.kill
@pytest.mark.parametrize(("engine", "meaning"), [("whoosh", True), ("whoosh", False), ("tantivy", False)])
def test_two_machines_stay_in_step_through_kills_while_much_is_published(
    committed, tmp_path, engine, meaning
):
    chance = random.Random(12345)
    settings: Settings = committed.config["SETTINGS"]
    machines = [Machine(tmp_path / name, settings, engine, meaning) for name in ("a", "b")]
    editor, approver = make_editor(), make_approver()
    published = 0
    try:
        assert all(machine.finds(0, within=PATIENCE) for machine in machines)
        for _round in range(3):
            victim = chance.choice(machines)
            for _n in range(6):
                item = a_new_item(editor=editor, approver=approver)
                published += 1
                if chance.random() < 0.3:
                    retire_item(approver, item, "过时")
                    published -= 1
                time.sleep(chance.random() * 0.05)
            victim.kill()
            a_new_item(editor=editor, approver=approver)
            published += 1
            victim.start()
            assert all(machine.finds(published, within=PATIENCE) for machine in machines)
        for machine in machines:
            assert len(machine.generations()) <= 2
            assert machine.has_vectors(within=PATIENCE) == meaning
    finally:
        for machine in machines:
            machine.kill()


@pytest.mark.kill
@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_publication_is_found_on_another_machine_within_two_seconds(committed, tmp_path, engine):
    machine = Machine(tmp_path / "a", committed.config["SETTINGS"], engine)
    try:
        assert machine.finds(0, within=PATIENCE)
        a_new_item()
        assert machine.finds(1, within=2)
    finally:
        machine.kill()
