"""A whole exchange for a bench: Asterisk, the hotline's processes, so many seats that answer by themselves."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from flask import Flask

from bench.burden import processor_seconds
from bench.sip import CARRIER, Sip
from bench.support import bench_servers
from config.embedded.programs import command_of
from config.embedded.redis import free_port
from config.embedded.servers import Running
from tests.support.live import LiveHotline, live_hotline
from tests.switch.pbx import Pbx, free_sip_port, wait_for
from tests.switch.tones import write_tone
from wsgi import create_app

FIRST_SEAT = 1001
OURS = ("web", "clock", "worker", "switch")


@dataclass
class Exchange:
    """Everything that runs. `found` has the database and Redis."""

    hotline: LiveHotline
    found: Running
    pbx: Pbx
    sip: Sip
    app: Flask
    seats: tuple[str, ...]

    def start(self, name: str) -> None:
        """One of ours or Redis, as the supervisor does; it runs by and by."""
        if name == "redis":
            assert self.found.redis is not None
            self.found.redis.restart()
        else:
            level = {"LOG_LEVEL": "DEBUG"} if name == "switch" else {}  # it tells when it rings whom
            self.hotline.start(name, command_of(name, self.hotline.settings), **level)

    def is_connected(self) -> bool:
        """Whether an agent speaks for this Asterisk."""
        return any(application["name"] == "hotline" for application in self._ask("applications"))

    def kill(self, name: str) -> None:
        """`kill -9` to the process that was started under this name and to those it made, and to no other."""
        redis = self.found.redis
        process = redis.process if name == "redis" and redis else self.hotline.processes.pop(name)
        assert process is not None
        os.killpg(process.pid, signal.SIGKILL)  # each was begun as a group of its own
        process.wait()

    def spent(self, names: Iterable[str]) -> dict[str, float]:
        """Processor seconds since they were started, of those of `names` that are ours."""
        return {name: processor_seconds(self.hotline.processes[name].pid) for name in names if name in OURS}

    def pids(self) -> dict[str, int]:
        """Whose processor time and memory are asked about."""
        others = {"Asterisk": self.pbx.process, **{f"sipp {n}": p for n, p in self.sip.processes.items()}}
        others |= {
            "PostgreSQL": self.found.postgres.process if self.found.postgres else None,
            "Redis": self.found.redis.process if self.found.redis else None,
        }
        found = {name: self.hotline.processes[name] for name in OURS} | others
        return {name: process.pid for name, process in found.items() if process and process.poll() is None}

    def channels(self) -> dict[str, dict[str, Any]]:
        """What Asterisk has, by channel."""
        return {channel["id"]: channel for channel in self._ask("channels")}

    def rooms(self) -> dict[str, list[str]]:
        """Who is with whom: the channels of each bridge."""
        return {bridge["id"]: bridge["channels"] for bridge in self._ask("bridges")}

    def _ask(self, path: str) -> list[dict[str, Any]]:
        settings = self.hotline.settings
        auth = (settings.asterisk_user, settings.asterisk_password)
        # One that has many at its door closes a connection now and then: it is asked again.
        with httpx.Client(transport=httpx.HTTPTransport(retries=2), auth=auth, timeout=10) as client:
            for _attempt in range(5):
                with suppress(httpx.TransportError):
                    return client.get(f"{settings.asterisk_url}/ari/{path}").json()
            return client.get(f"{settings.asterisk_url}/ari/{path}").json()


@contextmanager
def exchange(
    seats: int, *, wrap_up: int, rings_ms: int, talks_ms: int, music: bool = True, voices: bool = False
) -> Iterator[Exchange]:
    """Up, with every seat registered and its agent signed on and idle; callers go straight to a person. `voices`: those
    of callers are to be heard."""
    sip_port, trunk_port, seats_port = free_sip_port(), free_sip_port(), free_sip_port()
    ari = free_port()
    numbers = tuple(str(FIRST_SEAT + number) for number in range(seats))
    changes = {
        "asterisk_url": f"http://127.0.0.1:{ari}",
        "asterisk_password": "between-us-two",
        "log_format": "json",
    }
    with bench_servers(**changes) as (settings, found), live_hotline(settings, settings.var_dir) as hotline:
        folder = settings.var_dir
        os.chmod(folder, 0o755)
        if music:
            write_tone(folder / "prompts" / "music" / "music.wav", 600, 20)
        hotline.run("switch", "seat", *numbers)
        hotline.run("switch", "trunk", "trunk", CARRIER, "--port", str(trunk_port))
        pbx = Pbx(folder / "pbx", ari)
        hotline.run(
            "switch", "config", str(pbx.etc), "--bind", f"127.0.0.1:{sip_port}", "--rtp", "21000", "31999"
        )
        _expect_no_voices(pbx, but_of_callers=voices)
        app = create_app(hotline.settings)
        sip = Sip(folder / "sipp", sip_port, trunk_port, seats_port)
        made = Exchange(hotline, found, pbx, sip, app, numbers)
        try:
            pbx.start()
            for name in OURS:
                made.start(name)
            wait_for(hotline.is_ready, 180, lambda: hotline.log("web"))
            wait_for(lambda: "reconciled" in hotline.log("switch"), 60, lambda: hotline.log("switch"))
            _people(made, wrap_up, rings_ms, talks_ms)
            yield made
        finally:
            sip.stop()
            pbx.stop()
            with app.app_context():
                from config.extensions import db

                db.engine.dispose()


def _expect_no_voices(pbx: Pbx, *, but_of_callers: bool) -> None:
    """sipp's telephones are silent; the switch must not take their lines for dead."""
    path = pbx.etc / "pjsip.conf"
    # The seats' line comes first.
    text = path.read_text().replace("rtp_timeout = 60", "rtp_timeout = 0", 1 if but_of_callers else -1)
    if not but_of_callers:  # nor take a trunk that is slow to answer for one whose silent callers are gone
        text = text.replace("qualify_frequency = 10", "qualify_frequency = 0")
    path.write_text(text)


def _people(made: Exchange, wrap_up: int, rings_ms: int, talks_ms: int) -> None:
    from accounts.roles import Role
    from accounts.services.people import create_person
    from config.extensions import db
    from hotline import services
    from hotline.models import Seat
    from hotline.services.queues import default_queue
    from hotline.services.switches import go_straight
    from hotline.words import OtherWay

    with made.app.app_context():
        go_straight(None, True)
        queue = default_queue()
        queue.wrap_up_seconds, queue.survey, queue.when_nobody = wrap_up, False, OtherWay.WAIT
        queue.announce_every = queue.callback_after = 0
        db.session.commit()
        secrets = {seat.number: seat.secret or "" for seat in db.session.query(Seat)}
        made.sip.seats_answer(secrets, rings_ms=rings_ms, talks_ms=talks_ms)

        def all_online() -> bool:
            db.session.rollback()
            return db.session.query(Seat).filter(Seat.online).count() == len(secrets)

        wait_for(all_online, 60, f"{len(secrets)} seats online ({made.sip.errors('seats')})")
        for number in made.seats:
            person = create_person(f"bench-{number}", f"坐席 {number}", roles=(Role.AGENT,))
            services.sign_on(person, number)
        db.session.commit()
