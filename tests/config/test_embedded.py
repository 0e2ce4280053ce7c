"""The embedded servers keep their data through a kill, and leave no process behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import psycopg
import pytest

from config.embedded import processes
from config.embedded.postgres import USER, Postgres
from config.embedded.servers import AlreadyRunning, running
from config.settings import ROOT, Settings

pytestmark = pytest.mark.kill


def pids_under(folder: Path) -> list[int]:
    """Living processes that name `folder` in their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                state = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                continue
            if str(folder) in command and state != "Z":
                found.append(int(entry.name))
    return found


def test_committed_rows_survive_the_servers_death(tmp_path):
    server = Postgres(tmp_path / "postgres")
    server.start()
    with psycopg.connect(host=str(server.sockets()), user=USER, dbname="hotline") as link:
        link.execute("CREATE TABLE kept AS SELECT 42 AS n")
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
    try:
        with psycopg.connect(host=str(server.sockets()), user=USER, dbname="hotline") as link:
            assert link.execute("SELECT n FROM kept").fetchone() == (42,)
    finally:
        server.stop()


def test_a_killed_owner_takes_its_servers_with_it_and_the_next_start_works(tmp_path):
    script = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from config.settings import Settings
        from config.embedded.servers import running
        with running(Settings(var_dir=Path({str(tmp_path)!r}))) as found:
            print("up", flush=True)
            time.sleep(600)
    """)
    owner = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert owner.stdout.readline() == "up\n"
    assert pids_under(tmp_path)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    processes.wait_until(lambda: not pids_under(tmp_path), 30, "the end of the orphans")
    with (
        running(Settings(var_dir=tmp_path)) as found,
        psycopg.connect(found.database_url.replace("+psycopg", "")) as link,
    ):
        assert link.execute("SELECT 1").fetchone() == (1,)
    assert not pids_under(tmp_path)


def test_a_second_owner_joins_or_is_told_who_was_first(tmp_path):
    settings = Settings(var_dir=tmp_path)
    with running(settings) as first:
        with running(settings) as second:
            assert second.database_url == first.database_url
            assert not second.owner
        with pytest.raises(AlreadyRunning) as told, running(settings, may_join=False):
            pass
        assert told.value.pid == os.getpid()
