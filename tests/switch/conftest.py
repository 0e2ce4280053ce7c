"""The whole way: telephones — Asterisk — switch agent — web — database, and agents who press the console's buttons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from flask import Flask
from sqlalchemy import select

from accounts.models import Person
from accounts.roles import Role
from config.embedded.redis import free_port
from config.extensions import db
from hotline import services
from hotline.ivr.builtin import DEFAULT
from hotline.models import AgentPresence, Call, Seat
from hotline.services import flows
from hotline.services.queues import default_queue
from hotline.services.sounds import keep_sound
from hotline.words import IN_CALL_STATES, OtherWay
from tests.conftest import build_app, make_settings
from tests.factories.accounts import make_person
from tests.factories.hotline import without_survey
from tests.support.live import LiveHotline, live_hotline
from tests.support.servers import Servers
from tests.switch.pbx import UNPACKED, Pbx, free_sip_port, wait_for
from tests.switch.telephone import TONES, Telephone
from tests.switch.tones import write_tone
from tests.switch.wire import Wire

SEATS = ("1001", "1002", "1003")
IN_BROWSER = "1010"
CARRIER = "127.0.0.2"
CITIZEN = FALLBACK = "13800138000"  # one telephone plays the whole city


@dataclass
class Exchange:
    """Everything that runs, and how to look at it."""

    hotline: LiveHotline
    pbx: Pbx
    app: Flask
    sip_port: int
    trunk_port: int
    browsers_wire: Wire
    telephones: list[Telephone] = field(default_factory=list)

    @property
    def registrar(self) -> str:
        return f"127.0.0.1:{self.sip_port}"

    def start_agent(self, name: str = "switch") -> None:
        from config.embedded.programs import FLASK

        self.hotline.start(name, (*FLASK, "switch", "run"))

    def make_whole(self) -> None:
        """What a failed test has left dead must not fail the next."""
        running = self.hotline.processes.get("switch")
        if running is None or running.poll() is not None:
            self.start_agent()

    def trunk_is_up(self) -> bool:
        """The carrier's end answers the switch, which asks every half a minute: before, it dials nobody."""
        auth = (self.hotline.settings.asterisk_user, self.hotline.settings.asterisk_password)
        found = httpx.get(f"http://127.0.0.1:{self.pbx.ari_port}/ari/endpoints/PJSIP/trunk", auth=auth)
        return found.json()["state"] == "online"

    def newest_call(self) -> Call | None:
        db.session.rollback()
        return db.session.scalars(select(Call).order_by(Call.id.desc()).limit(1)).one_or_none()

    def call_is(self, truth: Callable[[Call], bool], seconds: float = 15) -> Call:
        """The newest call, once that is true of it."""

        def so() -> Call | None:
            call = self.newest_call()
            return call if call is not None and truth(call) else None

        wait_for(so, seconds, lambda: f"{self.newest_call() and vars(self.newest_call())}: it")
        call = self.newest_call()
        assert call is not None
        return call


@pytest.fixture(scope="session")
def exchange(
    test_servers: Servers,
    database: Callable[[], str],
    worker_number: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Exchange]:
    assert (UNPACKED / "usr/sbin/asterisk").exists(), "Asterisk is missing: make test-switch installs it"
    folder = tmp_path_factory.mktemp("switch")
    sip, trunk, ari = free_sip_port(), free_sip_port(), free_port()
    wire = Wire(ari)
    prompts = folder / "prompts"
    write_tone(prompts / "welcome.wav", TONES["prompt"], 2)
    write_tone(prompts / "music" / "music.wav", TONES["music"], 20)
    settings = make_settings(
        test_servers,
        database(),
        13 - worker_number,
        web_threads=32,
        log_level="INFO",
        asterisk_url=f"http://127.0.0.1:{ari}",
        softphone_url=f"ws://127.0.0.1:{wire.port}/ws",
        asterisk_password="between-us-two",
        prompts_dir=prompts,
        switch_patience=3.0,
    )
    pbx = Pbx(folder / "pbx", ari)
    with live_hotline(settings, folder) as hotline:
        hotline.run("switch", "seat", *SEATS)
        hotline.run("switch", "seat", IN_BROWSER, "--browser")
        hotline.run("switch", "trunk", "trunk", CARRIER, "--port", str(trunk))
        hotline.run(
            "switch", "config", str(pbx.etc), "--bind", f"127.0.0.1:{sip}",
            "--rtp", str(20_000 + 1000 * worker_number), str(20_900 + 1000 * worker_number),
            "--fallback", FALLBACK,
        )  # fmt: skip
        app = build_app(hotline.settings)
        made = Exchange(hotline, pbx, app, sip, trunk, wire)
        try:
            pbx.start()
            hotline.start_web()
            hotline.start_clock()
            made.start_agent()
            with app.app_context():
                without_survey()
                default_queue().when_nobody = OtherWay.WAIT  # who is signed on is each test's own affair
                db.session.commit()
                wait_for(
                    lambda: "switch_connected" in hotline.log("switch"), 60, lambda: hotline.log("switch")
                )
                _welcome_with_a_tone(prompts / "welcome.wav")
                yield made
                db.session.remove()
                db.engine.dispose()
        finally:
            for telephone in made.telephones:
                telephone.stop()
            pbx.stop()
            wire.stop()


def _welcome_with_a_tone(path: Path) -> None:
    """The flow of the house, its welcome a recording that telephones here can tell from others."""
    lead = make_person([Role.SHIFT_LEAD])
    db.session.commit()
    with path.open("rb") as sound:
        key = keep_sound(lead, "welcome", path.name, sound).key
    welcome = DEFAULT.nodes["welcome"]
    prompt = welcome.prompt.model_copy(update={"sound": key})
    nodes = {**DEFAULT.nodes, "welcome": welcome.model_copy(update={"prompt": prompt})}
    for queue in ("enterprise", "departmental", "dialect"):
        nodes[queue] = nodes[queue].model_copy(update={"queue": ""})
    flow = flows.flow_by_code("default")
    document = DEFAULT.model_copy(update={"nodes": nodes})
    draft = flows.save_draft(lead, flow, document, flows.open_draft(lead, flow).revision)
    flows.publish(lead, flow, draft.revision)


@pytest.fixture(scope="session")
def seats(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Telephone]:
    """Three registered telephones by number."""
    folder = tmp_path_factory.mktemp("seats")
    secrets = {seat.number: seat.secret for seat in db.session.scalars(select(Seat))}
    made = {
        number: Telephone(
            folder / number, number, exchange.registrar, tone=number, password=secrets[number],
            port=free_sip_port(),
        )
        for number in SEATS
    }  # fmt: skip
    for telephone in made.values():
        exchange.telephones.append(telephone)
        telephone.start()
    return made


@pytest.fixture(scope="session")
def citizen(exchange: Exchange, tmp_path_factory: pytest.TempPathFactory) -> Telephone:
    """A telephone in the city: the carrier hands its calls to us."""
    folder = Path(tmp_path_factory.mktemp("citizen")) / "telephone"
    made = Telephone(
        folder, CITIZEN, exchange.registrar, tone="citizen", address=CARRIER, port=exchange.trunk_port
    )
    exchange.telephones.append(made)
    return made.start()


@pytest.fixture(scope="session")
def agents(exchange: Exchange) -> dict[str, Person]:
    """Who sits at each seat; nobody is signed on yet."""
    made = {number: make_person([Role.AGENT]) for number in SEATS}
    db.session.commit()
    return made


@pytest.fixture
def on_duty(
    exchange: Exchange, agents: dict[str, Person], seats: dict[str, Telephone]
) -> Iterator[Callable[[str], Person]]:
    """`on_duty("1001")` → its agent, signed on and idle; all are signed off afterwards."""
    signed_on: list[Person] = []

    def sign_on(number: str) -> Person:
        wait_for(lambda: _online(number), 40, f"seat {number} online")
        services.sign_on(agents[number], number)
        db.session.commit()
        signed_on.append(agents[number])
        return agents[number]

    yield sign_on
    exchange.make_whole()
    for telephone in exchange.telephones:
        telephone.put_down()
    exchange_is_quiet(exchange)
    for person in signed_on:
        wait_for(lambda agent=person: is_free(agent), 30, f"{person.name} out of the call")
        services.sign_off(person)
        db.session.commit()


def exchange_is_quiet(exchange: Exchange) -> None:
    """Until no call is under way any more."""

    def quiet() -> bool:
        db.session.rollback()
        return db.session.scalars(select(Call.id).where(Call.ended_at.is_(None))).first() is None

    wait_for(quiet, 20, lambda: f"quiet ({exchange.hotline.log('switch')[-3000:]})")


def is_free(person: Person) -> bool:
    """The call is over when the citizen is gone; the seat's telephone may be a moment later."""
    db.session.rollback()
    found = select(AgentPresence).where(AgentPresence.agent_id == person.id)
    return db.session.scalars(found).one().state not in IN_CALL_STATES


def _online(number: str) -> bool:
    db.session.rollback()
    return db.session.scalars(select(Seat).where(Seat.number == number)).one().online
