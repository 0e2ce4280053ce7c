"""`make run` as people meet it: it comes up, stops with Ctrl-C, survives kills, and leaves nobody behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from config.embedded import processes
from config.embedded.redis import free_port
from config.settings import ROOT
from tests.config.test_embedded import pids_under

pytestmark = pytest.mark.kill

PATIENCE = 180.0  # for a program that starts, on a machine however busy


class Run:
    """One `make run` over a VAR_DIR, with its output."""

    def __init__(self, var: Path, port: int) -> None:
        self.var, self.port = var, port
        self.output = var.parent / "terminal"
        environment = {
            **{
                name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")
            },
            "VAR_DIR": str(var),
            "PORT": str(port),
            "DEMO": "0",
            "PYTHONUNBUFFERED": "1",
        }
        with self.output.open("ab") as terminal:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "config.embedded.supervisor"],
                cwd=ROOT,
                env=environment,
                stdout=terminal,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self, words: str) -> bool:
        return words in self.output.read_text(errors="replace")

    def ready(self) -> bool:
        assert self.process.poll() is None, self.output.read_text(errors="replace")
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}/readyz", timeout=2).status_code == 200
        except httpx.HTTPError:
            return False

    def children(self) -> dict[str, int]:
        """Process ids by the last words of their command."""
        found = {}
        for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split():
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
            found["web" if "gunicorn" in command else command[-2] if command else ""] = int(pid)
        return found


@pytest.fixture
def run(tmp_path) -> Iterator[Callable[[], Run]]:
    started: list[Run] = []

    def start() -> Run:
        started.append(Run(tmp_path / "var", free_port()))
        return started[-1]

    yield start
    for one in started:
        if one.process.poll() is None:
            os.killpg(one.process.pid, signal.SIGKILL)
            one.process.wait()
    processes.wait_until(lambda: not living(tmp_path), 30, "the end of every process")


def living(folder: Path) -> list[int]:
    """Processes that have the folder in their command or in their VAR_DIR."""
    found = set(pids_under(folder))
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if f"VAR_DIR={folder}".encode() in (entry / "environ").read_bytes():
                    found.add(int(entry.name))
            except OSError:
                continue
    return sorted(found)


@contextmanager
def up(start: Callable[[], Run]) -> Iterator[Run]:
    one = start()
    processes.wait_until(one.ready, PATIENCE, "the hotline")
    processes.wait_until(lambda: one.said("ready: http://127.0.0.1"), PATIENCE, "the ready line")
    yield one


def test_it_comes_up_serves_a_page_and_leaves_nobody_behind_after_ctrl_c(run, tmp_path):
    with up(run) as one:
        assert httpx.get(f"http://127.0.0.1:{one.port}/sign-in").status_code == 200
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(40) == 0
        assert living(tmp_path) == []


def test_a_killed_program_is_started_again_and_a_killed_run_leaves_its_data_to_the_next(run, tmp_path):
    with up(run) as one:
        web = one.children()["web"]
        os.killpg(web, signal.SIGKILL)
        processes.wait_until(lambda: one.said("web ended"), PATIENCE, "word of the web's end")
        processes.wait_until(
            lambda: one.ready() and one.children().get("web") != web, PATIENCE, "the web again"
        )
        kept = (one.var / "secrets" / "secret_key").read_text()
        os.kill(one.process.pid, signal.SIGKILL)
        one.process.wait()
        processes.wait_until(lambda: not living(tmp_path), 30, "the end of the orphans")
    with up(run) as again:
        assert (again.var / "secrets" / "secret_key").read_text() == kept
        again.process.send_signal(signal.SIGTERM)
        assert again.process.wait(40) == 0


def test_a_port_that_is_taken_is_told_in_a_sentence_and_nothing_is_left_behind(tmp_path: Path):
    with socket.socket() as somebody:
        somebody.bind(("127.0.0.1", 0))
        somebody.listen()
        run = Run(tmp_path / "var", somebody.getsockname()[1])
        assert run.process.wait(60) == 1
    assert run.said("cannot listen on 127.0.0.1:")
    assert not run.said("Traceback")
    assert not run.said("preparing")
    assert pids_under(run.var) == []
