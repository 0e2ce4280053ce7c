"""What it costs to start: each program alone, then all at once, as after a crash of the whole machine.

`TIMES=3 python -m bench starts`. Told are processor seconds of each program with its children, and seconds until it
serves: the web answers `/readyz`, the clock has run a timer that was due, the worker a job, the switch agent holds its
place. On a busy machine compare the processor seconds.
"""

from __future__ import annotations

import os
import signal
import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
from redis import Redis

from bench.burden import processor_seconds
from bench.support import bench_servers
from config.embedded.programs import command_of
from hotline.telephony.link.alone import SWITCH
from tests.support.live import LiveHotline, live_hotline

TIMES = int(os.environ.get("TIMES", "3"))
NAMES = ("web", "switch", "clock", "worker")
LONGEST = 120.0
DUE = "DELETE FROM timer WHERE kind = 'bench.due'"
SET = f"{DUE}; INSERT INTO timer (kind, key, due_at, payload, failures) VALUES ('bench.due', '1', now(), '{{}}', 0)"


def main() -> None:
    with bench_servers() as (settings, found), live_hotline(settings, settings.var_dir) as hotline:
        link = psycopg.connect(settings.database_url.replace("+psycopg", ""), autocommit=True)
        redis = Redis.from_url(found.redis_url)
        serves = {
            "web": hotline.is_ready,
            "switch": lambda: _is_held(link),
            "clock": lambda: not link.execute("SELECT 1 FROM timer WHERE kind = 'bench.due'").fetchone(),
            "worker": lambda: bool(redis.scard("rq:workers")),
        }
        for names in (*((name,) for name in NAMES), NAMES):
            wall, burden = defaultdict(list), defaultdict(list)
            for _ in range(TIMES):
                link.execute(SET)
                redis.flushdb()
                _once(hotline, names, serves, wall, burden)
            for name in names:
                print(
                    f"{' + '.join(names) if len(names) == 1 else 'of all: ' + name}: serves after "
                    f"{statistics.median(wall[name]):.2f} s, {statistics.median(burden[name]):.2f} processor seconds",
                    flush=True,
                )


def _once(
    hotline: LiveHotline,
    names: tuple[str, ...],
    serves: dict[str, Callable[[], bool]],
    wall: dict[str, list[float]],
    burden: dict[str, list[float]],
) -> None:
    began = time.monotonic()
    for name in names:
        hotline.start(name, command_of(name, hotline.settings))
    with ThreadPoolExecutor(
        len(names)
    ) as watchers:  # the web, asked too early, makes wait until it can answer
        found = watchers.map(lambda name: _serves_after(serves[name], began), names)
        for name, seconds in zip(names, found, strict=True):
            wall[name].append(seconds)
            burden[name].append(processor_seconds(hotline.processes[name].pid))
    for name in names:
        process = hotline.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _serves_after(serves: Callable[[], bool], began: float) -> float:
    while not serves():
        assert time.monotonic() - began < LONGEST, "it does not serve"
        time.sleep(0.02)
    return time.monotonic() - began


def _is_held(link: psycopg.Connection) -> bool:
    wanted = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND granted"
    return link.execute(wanted, [SWITCH]).fetchone() is not None


if __name__ == "__main__":
    main()
