"""One real PostgreSQL and one real Redis for a run of the tests, shared by its parallel workers."""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from config.embedded.postgres import USER, Postgres
from config.embedded.redis import Redis


@dataclass(frozen=True)
class Servers:
    """Where a worker's own database and Redis are."""

    socket_folder: str
    redis_url: str
    folder: Path

    def url_of(self, database: str) -> str:
        return f"postgresql+psycopg://{USER}@/{database}?host={self.socket_folder}"

    def admin(self) -> psycopg.Connection:
        return psycopg.connect(host=self.socket_folder, user=USER, dbname="postgres", autocommit=True)


@contextmanager
def servers() -> Iterator[Servers]:
    """Start both servers in a temporary folder, and stop them at the end."""
    with tempfile.TemporaryDirectory(prefix="hotline-tests-") as folder:
        os.chmod(folder, 0o755)
        postgres = Postgres(Path(folder) / "postgres", durable=False, memory_mb=128)
        redis = Redis(Path(folder) / "redis", durable=False)
        postgres.start()
        redis.start()
        try:
            yield Servers(str(postgres.sockets()), redis.url, Path(folder))
        finally:
            redis.stop()
            postgres.stop()


def publish(found: Servers) -> dict[str, str]:
    """What the parallel workers need to know, for `workerinput`."""
    return {"socket_folder": found.socket_folder, "redis_url": found.redis_url, "folder": str(found.folder)}


def received(told: dict[str, str]) -> Servers:
    return Servers(told["socket_folder"], told["redis_url"], Path(told["folder"]))


@contextmanager
def only_one(folder: Path, name: str) -> Iterator[dict[str, object]]:
    """A lock across workers, with a little memory: whoever is first does the work, the rest read of it."""
    path = folder / f"{name}.json"
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        memory = json.loads(path.read_text()) if path.exists() else {}
        yield memory
        path.write_text(json.dumps(memory))
