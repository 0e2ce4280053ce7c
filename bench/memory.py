"""Resident memory of web and worker after a warm-up, with the pages they would really have served."""

from __future__ import annotations

import time
from pathlib import Path

import httpx

from bench.support import bench_servers
from tests.support.live import live_hotline


def main() -> None:
    with bench_servers() as (settings, _found), live_hotline(settings, settings.var_dir) as hotline:
        hotline.run("demo", "city")
        hotline.run("demo", "history", "--days", "2", "--cases", "60", "--processes", "1")
        hotline.start_web()
        hotline.start_worker()
        with httpx.Client(base_url=hotline.address, follow_redirects=True) as client:
            for _ in range(50):
                client.get("/sign-in")
                client.get("/readyz")
        time.sleep(3)
        total = 0.0
        for name, process in hotline.processes.items():
            resident = sum(_resident_mb(pid) for pid in _family(process.pid))
            total += resident
            print(f"{name}: {resident:.0f} MB resident in {len(_family(process.pid))} processes")
        print(f"web + worker: {total:.0f} MB (target ≤ 400 MB)")


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            found += _family(int(child))
    return found


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0
