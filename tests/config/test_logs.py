"""The supervisor's logs do not fill the disk, and whoever writes into one goes on."""

from __future__ import annotations

import sys
from pathlib import Path

from config.embedded import processes
from config.embedded.logs import keep_small
from config.embedded.processes import wait_until


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text().strip("\n") for path in folder.iterdir()}


def test_a_program_that_holds_its_log_open_writes_on_at_the_beginning_of_an_empty_one(tmp_path):
    log, go_on = tmp_path / "web.log", tmp_path.parent / f"{tmp_path.name}.go"
    code = (
        "import pathlib, sys, time\nprint('before' * 100, flush=True)\n"
        f"while not pathlib.Path({str(go_on)!r}).exists(): time.sleep(0.01)\nprint('after', flush=True)"
    )
    child = processes.start([sys.executable, "-c", code], log=log)
    try:
        wait_until(lambda: log.stat().st_size > 600, 30, "the first line")
        keep_small([log], largest=100)
        go_on.touch()
        assert child.wait(30) == 0
    finally:
        processes.stop(child)
    assert contents(tmp_path) == {"web.log": "after", "web.log.1": "before" * 100}


def test_so_many_are_kept_and_the_oldest_goes(tmp_path):
    log = tmp_path / "clock.log"
    for number in range(5):
        log.write_text(f"{number}" * 200)
        keep_small([log], largest=100, kept=3)
    found = {name: text[:1] for name, text in contents(tmp_path).items()}
    assert found == {"clock.log": "", "clock.log.1": "4", "clock.log.2": "3", "clock.log.3": "2"}


def test_a_small_one_is_left_alone(tmp_path):
    log = tmp_path / "worker.log"
    log.write_text("a line")
    keep_small([log], largest=100)
    assert contents(tmp_path) == {"worker.log": "a line"}


def test_one_that_is_not_there_hinders_nobody(tmp_path):
    other = tmp_path / "other.log"
    other.write_text("x" * 200)
    keep_small([tmp_path / "gone.log", other], largest=100)
    assert contents(tmp_path)["other.log.1"] == "x" * 200
