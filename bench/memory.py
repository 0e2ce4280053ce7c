"""Memory of web and worker after people of each kind have worked with their pages."""

from __future__ import annotations

import re
import time

import httpx

from bench.burden import family, own_mb
from bench.support import bench_servers
from console.demonstration.city.people import PASSWORD
from tests.support.live import live_hotline

ROUNDS = 20
PAGES = {
    "agent": ("/workbench", "/cases", "/cases?text=路灯", "/knowledge?q=养狗办证多少钱", "/calls"),
    "dispatcher": ("/desks/dispatch", "/board", "/kpis"),
    "officer": ("/inbox", "/inbox?view=handle"),
    "supervisor": ("/desks/supervision?view=overdue", "/board"),
}


def main() -> None:
    with bench_servers() as (settings, _found), live_hotline(settings, settings.var_dir) as hotline:
        hotline.run("demo", "city")
        hotline.run("demo", "history", "--days", "2", "--cases", "60", "--processes", "1")
        hotline.start_web()
        hotline.start_worker()
        with httpx.Client(base_url=hotline.address, follow_redirects=True, timeout=30) as client:
            for login, pages in PAGES.items():
                _sign_in(client, login)
                for _ in range(ROUNDS):
                    for page in pages:
                        client.get(page).raise_for_status()
        time.sleep(3)
        total = 0.0
        for name, process in hotline.processes.items():
            pids = family(process.pid)
            own = sum(own_mb(pid) for pid in pids)
            total += own
            print(
                f"{name}: {own:.0f} MB in {len(pids)} processes ({' + '.join(f'{own_mb(p):.0f}' for p in pids)})"
            )
        print(f"web + worker: {total:.0f} MB (target ≤ 400 MB)")


def _sign_in(client: httpx.Client, login: str) -> None:
    client.cookies.clear()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/sign-in").text)
    assert token is not None
    data = {"csrf_token": token[1], "login": login, "password": PASSWORD}
    answer = client.post("/sign-in", data=data)
    assert answer.url.path != "/sign-in", f"{login} could not sign in"
