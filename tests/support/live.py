"""The hotline running for real, in processes of its own, on a fresh copy of the database."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from config.embedded import processes
from config.embedded.programs import FLASK, command_of
from config.embedded.redis import free_port
from config.settings import ROOT, Settings


@dataclass
class LiveHotline:
    """Where it answers, and its processes by name; a test may kill and start them."""

    settings: Settings
    folder: Path
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def address(self) -> str:
        return f"http://{self.settings.host}:{self.settings.port}"

    def environment(self) -> dict[str, str]:
        ours = {
            name.upper(): str(value)
            for name, value in self.settings.model_dump().items()
            if value not in ("", None)
        }
        # As in service, a program that starts again finds its modules compiled.
        others = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return {**others, **ours, "PYTHONUNBUFFERED": "1"}

    def start(self, name: str, command: tuple[str, ...], **environment: str) -> None:
        self.processes[name] = processes.start(
            command, log=self.folder / f"{name}.log", environment={**self.environment(), **environment}
        )

    def start_web(self) -> None:
        """Start the web server and wait until it is ready."""
        self.start("web", command_of("web", self.settings))
        processes.wait_until(self.is_ready, 180, f"the web server ({self.log('web')})")

    def start_clock(self) -> None:
        self.start("clock", command_of("clock", self.settings))

    def start_worker(self) -> None:
        self.start("worker", command_of("worker", self.settings))

    def run(self, *arguments: str) -> str:
        """`flask ARGUMENTS` to its end; its output."""
        done = subprocess.run(
            [*FLASK, *arguments], env=self.environment(), capture_output=True, text=True, cwd=ROOT
        )
        if done.returncode:
            raise RuntimeError(
                f"flask {' '.join(arguments)}: {done.returncode}\n{done.stdout}\n{done.stderr}"
            )
        return done.stdout

    def is_ready(self) -> bool:
        web = self.processes.get("web")
        if web is not None and web.poll() is not None:
            raise RuntimeError(f"the web server ended: {self.log('web')[-3000:]}")
        try:
            return httpx.get(f"{self.address}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def kill(self, name: str) -> None:
        """`kill -9` the process and its whole group."""
        process = self.processes.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in reversed(self.processes.values()):
            processes.stop(process)
        self.processes.clear()


@contextlib.contextmanager
def live_hotline(settings: Settings, folder: Path) -> Iterator[LiveHotline]:
    """A hotline with nothing started yet; whatever is started is stopped at the end."""
    hotline = LiveHotline(settings.model_copy(update={"port": free_port()}), folder)
    hotline.settings.public_base_url = hotline.address
    try:
        yield hotline
    finally:
        hotline.stop()
