"""Database and Redis for whoever needs them on this machine: brought up by the first, shared by the rest.

The first process locks `VAR_DIR/servers.lock`, starts both and writes `VAR_DIR/servers.json`; others join. The
owner stops them only after those who joined have gone.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config.embedded.postgres import Postgres
from config.embedded.redis import Redis
from config.settings import Settings


@dataclass
class Running:
    """Where both are. `postgres` and `redis` are set for the owner only, and None for servers of others."""

    database_url: str
    redis_url: str
    postgres: Postgres | None = None
    redis: Redis | None = None
    owner: bool = False

    def environment(self) -> dict[str, str]:
        """The environment for a process of ours."""
        return {**os.environ, "DATABASE_URL": self.database_url, "REDIS_URL": self.redis_url}


class AlreadyRunning(Exception):
    """Somebody else owns the servers of this VAR_DIR; `pid` is theirs."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"process {pid} is running the servers of this VAR_DIR")
        self.pid = pid


@contextmanager
def running(settings: Settings, *, may_join: bool = True) -> Iterator[Running]:
    """Both servers, for as long as the block. AlreadyRunning if `may_join` is false and somebody was first."""
    if settings.database_url and settings.redis_url:
        yield Running(settings.database_url, settings.redis_url)
        return
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    with (
        (settings.var_dir / "servers.lock").open("a+") as owners,
        (settings.var_dir / "servers.guests").open("a+") as guests,
    ):
        if _locked(owners, fcntl.LOCK_EX | fcntl.LOCK_NB):
            with _owned(settings, guests) as found:
                yield found
        elif not may_join:
            raise AlreadyRunning(int(_card(settings).get("pid", 0)))
        else:
            fcntl.flock(guests, fcntl.LOCK_SH)
            card = _card(settings)
            yield Running(str(card["database_url"]), str(card["redis_url"]))


@contextmanager
def _owned(settings: Settings, guests: IO[str]) -> Iterator[Running]:
    card = settings.var_dir / "servers.json"
    postgres = Postgres(settings.var_dir / "postgres") if not settings.database_url else None
    redis = Redis(settings.var_dir / "redis") if not settings.redis_url else None
    fcntl.flock(guests, fcntl.LOCK_EX)  # guests wait until the card is written
    try:
        if postgres:
            postgres.start()
        if redis:
            redis.start()
        found = Running(
            postgres.url if postgres else settings.database_url,
            redis.url if redis else settings.redis_url,
            postgres,
            redis,
            owner=True,
        )
        card.touch(mode=0o600)
        card.write_text(
            json.dumps({"database_url": found.database_url, "redis_url": found.redis_url, "pid": os.getpid()})
        )
        fcntl.flock(guests, fcntl.LOCK_UN)
        yield found
        fcntl.flock(guests, fcntl.LOCK_EX)  # let commands that joined us finish
    finally:
        card.unlink(missing_ok=True)
        if redis:
            redis.stop()
        if postgres:
            postgres.stop()


def _locked(file: IO[str], how: int) -> bool:
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        return False
    return True


def _card(settings: Settings) -> dict[str, Any]:
    path: Path = settings.var_dir / "servers.json"
    try:
        found: dict[str, Any] = json.loads(path.read_text())
    except FileNotFoundError:
        return {}
    return found
