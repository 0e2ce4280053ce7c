"""`make run`: the whole hotline on one machine, from one process that starts, watches and stops the others.

Ctrl-C or SIGTERM stops them in order. If this process is killed, the kernel tells its children to leave; the
next start takes up where they were. A child that dies is started again, ever more slowly.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes
from config.embedded.logs import Keeper
from config.embedded.programs import PREPARE, PROGRAMS, Program
from config.embedded.servers import AlreadyRunning, Running, running
from config.settings import ROOT, Settings, get_settings

LONGEST_PAUSE = 30.0
SETTLED_AFTER = 60.0


@dataclass
class Watched:
    """A program and its process; `pause` is how long to wait before starting it again."""

    program: Program
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = 0.5
    start_again_at: float | None = field(default=None)


class Stop(Exception):
    """Somebody asked us to stop."""


class CannotStart(Exception):
    """Why, in a sentence for the person at the terminal."""


def main() -> int:
    settings = get_settings()
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, _stop)
    try:
        say("starting PostgreSQL and Redis" if not settings.database_url else "using your servers")
        with running(settings, may_join=False) as found:
            _look_for_port(settings)
            _serve(settings, found)
    except AlreadyRunning as error:
        say(f"already running (process {error.pid}): {settings.public_base_url}")
        return 1
    except CannotStart as error:
        say(str(error))
        return 1
    except Stop:
        return 0
    except subprocess.CalledProcessError as error:
        say(f"failed: {' '.join(error.cmd[-3:])}; see {settings.var_dir / 'log'}")
        return 1
    return 0


def say(text: str) -> None:
    """A line for the person at the terminal."""
    print(f"[hotline] {text}", flush=True)


def _look_for_port(settings: Settings) -> None:
    """Is the place free where we shall listen? Found out before anything is prepared."""
    with socket.socket() as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            place.bind((settings.host, settings.port))
        except OSError as error:
            raise CannotStart(
                f"cannot listen on {settings.host}:{settings.port} ({error.strerror}); "
                f"stop what listens there, or choose another port: PORT={settings.port + 1} make run"
            ) from error


def _stop(_signum: int, _frame: object) -> None:
    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, signal.SIG_IGN)  # a second Ctrl-C must not tear the orderly stop
    raise Stop


def _serve(settings: Settings, found: Running) -> None:
    logs = settings.var_dir / "log"
    logs.mkdir(parents=True, exist_ok=True)
    environment = {**found.environment(), "PYTHONUNBUFFERED": "1"}
    children = [Watched(program) for program in PROGRAMS if program.wanted(settings)]
    try:
        for program in PREPARE:
            if program.wanted(settings):
                say(f"preparing: {program.name}")
                _run(program, settings, environment, logs)
        for child in children:
            _start(child, settings, environment, logs)
        _wait_until_ready(settings, children)
        say(f"ready: {settings.public_base_url}   (logs in {logs}; Ctrl-C stops everything)")
        keeper = Keeper(logs, settings.var_dir / "postgres", settings.var_dir / "redis")
        while True:
            keeper.look()
            _look_after(children, settings, environment, logs)
            _look_after_servers(found)
            time.sleep(0.5)
    except Stop:
        say("stopping")
    finally:
        for child in reversed(children):
            if child.process is not None:
                processes.stop(child.process, patience=child.program.patience)


def _run(program: Program, settings: Settings, environment: dict[str, str], logs: Path) -> None:
    child = processes.start(
        program.command(settings), log=logs / f"{program.name}.log", environment=environment
    )
    try:
        if code := child.wait():
            print((logs / f"{program.name}.log").read_text(errors="replace")[-3000:], file=sys.stderr)
            raise subprocess.CalledProcessError(code, program.command(settings))
    finally:
        processes.stop(child)


def _start(child: Watched, settings: Settings, environment: dict[str, str], logs: Path) -> None:
    child.process = processes.start(
        child.program.command(settings), log=logs / f"{child.program.name}.log", environment=environment
    )
    child.started_at, child.start_again_at = time.monotonic(), None


def _look_after(children: list[Watched], settings: Settings, environment: dict[str, str], logs: Path) -> None:
    for child in children:
        now = time.monotonic()
        if child.start_again_at is not None:
            if now >= child.start_again_at:
                _start(child, settings, environment, logs)
            continue
        code = child.process.poll() if child.process else None
        if code is None:
            continue
        if child.program.once and code == 0:
            if child.process is not None:
                say(f"{child.program.name}: done")
            child.process = None
            continue
        if now - child.started_at > SETTLED_AFTER:
            child.pause = 0.5
        say(f"{child.program.name} ended ({code}); starting it again in {child.pause:.1f} s")
        child.start_again_at = now + child.pause
        child.pause = min(child.pause * 2, LONGEST_PAUSE)


def _look_after_servers(found: Running) -> None:
    if found.postgres and found.postgres.process and found.postgres.process.poll() is not None:
        say("PostgreSQL ended; starting it again")
        found.postgres.start()
    if found.redis and found.redis.process and found.redis.process.poll() is not None:
        say("Redis ended; starting it again")
        found.redis.restart()


def _wait_until_ready(settings: Settings, children: list[Watched]) -> None:
    address = f"http://{settings.host}:{settings.port}/readyz"
    web = next(child for child in children if child.program.name == "web")

    def ready() -> bool:
        if web.process is not None and web.process.poll() is not None:
            log = settings.var_dir / "log" / "web.log"
            raise CannotStart(f"the web server ended at once:\n{log.read_text(errors='replace')[-3000:]}")
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    try:
        processes.wait_until(ready, 90, "the hotline (see /readyz)")
    except TimeoutError as error:
        raise CannotStart(
            f"not ready after 90 s; {address} says why, and {settings.var_dir / 'log'}"
        ) from error


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
