"""The telephone in the browser: a real Chromium at a real switch, and who hears whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect
from sqlalchemy import select

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline import services
from hotline.models import AgentPresence, Call, CallLeg, CallQuality, Seat
from hotline.words import AgentState, CallState, EndReason, NotReadyReason, Purpose
from tests.factories.accounts import make_person
from tests.switch.browser import PATIENCE_MS, BrowserTelephone, chromium_with_a_voice, open_workbench
from tests.switch.conftest import IN_BROWSER, Exchange, _online, exchange_is_quiet, is_free
from tests.switch.pbx import free_sip_port, wait_for
from tests.switch.telephone import Telephone, who_hears_whom

pytestmark = pytest.mark.switch


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with chromium_with_a_voice(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def agent(exchange: Exchange) -> Iterator[Person]:
    person = make_person([Role.AGENT], name="张敏")
    db.session.commit()
    yield person
    for telephone in exchange.telephones:
        telephone.put_down()
    exchange_is_quiet(exchange)
    wait_for(lambda: is_free(person), 30, "the agent out of the call")
    services.sign_off(person)
    db.session.commit()


@pytest.fixture
def contexts() -> Iterator[list[BrowserContext]]:
    made: list[BrowserContext] = []
    yield made
    for context in made:
        context.close()


@pytest.fixture
def sit_down(
    exchange: Exchange, chromium: Browser, agent: Person, contexts: list[BrowserContext]
) -> Callable[..., BrowserTelephone]:
    """`sit_down()` → the workbench of the agent, signed on at the browser's seat and ready."""

    def open_page(**options: bool) -> BrowserTelephone:
        context = open_workbench(exchange, chromium, agent, **options)
        contexts.append(context)
        page = context.new_page()
        page.goto("/workbench")
        telephone = BrowserTelephone(page)
        telephone.sign_on()
        return telephone

    return open_page


def presence_of(person: Person) -> AgentPresence:
    db.session.rollback()
    return db.session.scalars(select(AgentPresence).where(AgentPresence.agent_id == person.id)).one()


def talk(exchange: Exchange, citizen: Telephone, seat: BrowserTelephone) -> Call:
    """The citizen calls, and the agent picks up with the key of the call bar."""
    seat.is_ready()
    citizen.dial("12345")
    expect(seat.control("answer")).to_be_visible(timeout=PATIENCE_MS)
    seat.page.keyboard.press("F2")
    call = exchange.call_is(lambda call: call.state is CallState.TALKING, 60)
    who_hears_whom({citizen: {"1010"}, seat: {"citizen"}}, 60)
    return call


def test_a_citizen_is_answered_in_the_browser_held_muted_and_measured(
    exchange: Exchange, citizen: Telephone, sit_down: Callable[..., BrowserTelephone]
):
    seat = sit_down()
    call = talk(exchange, citizen, seat)
    seat.page.keyboard.press("Shift+F8")
    expect(seat.control("mute")).to_have_attribute("aria-pressed", "true")
    who_hears_whom({citizen: set(), seat: {"citizen"}})
    seat.control("mute").click()
    who_hears_whom({citizen: {"1010"}, seat: {"citizen"}})
    seat.page.keyboard.press("F4")
    who_hears_whom({citizen: {"music"}, seat: set()})
    seat.page.keyboard.press("F4")
    who_hears_whom({citizen: {"1010"}, seat: {"citizen"}})
    expect(seat.state).to_contain_text("通话质量", timeout=PATIENCE_MS)
    citizen.hang_up()
    call = exchange.call_is(lambda call: call.ended_at is not None)
    assert call.end_reason is EndReason.CALLER_HUNG_UP
    seat.is_ready()

    def measured() -> CallQuality | None:
        db.session.rollback()
        wanted = select(CallQuality).join(CallLeg).where(CallLeg.call_id == call.id, CallQuality.ended)
        return db.session.scalars(wanted).one_or_none()

    figures = wait_for(measured, 15, "the figures of the call")
    assert figures.received > 100
    assert figures.sent > 100
    assert 3 < figures.score < 4.5
    assert figures.codec
    seat.page.goto(f"/calls/{call.call_no}")
    expect(seat.page.locator("[data-quality]")).to_contain_text("张敏")


def test_a_page_loaded_anew_in_the_middle_of_a_call_keeps_it(
    exchange: Exchange, citizen: Telephone, agent: Person, sit_down: Callable[..., BrowserTelephone]
):
    seat = sit_down()
    call = talk(exchange, citizen, seat)
    seat.page.reload()
    who_hears_whom({citizen: {"1010"}, seat: {"citizen"}}, 60)
    again = exchange.call_is(lambda call: call.state is CallState.TALKING)
    assert again.call_no == call.call_no
    legs = db.session.scalars(select(CallLeg).where(CallLeg.agent_id == agent.id).order_by(CallLeg.id)).all()
    assert [leg.purpose for leg in legs] == [None, Purpose.RETURN]
    seat.page.keyboard.press("F9")
    ended = exchange.call_is(lambda call: call.ended_at is not None)
    assert ended.end_reason is EndReason.AGENT_HUNG_UP


def test_a_talk_goes_on_while_the_line_to_the_switch_is_cut_and_comes_back(
    exchange: Exchange, citizen: Telephone, sit_down: Callable[..., BrowserTelephone]
):
    seat = sit_down()
    talk(exchange, citizen, seat)
    exchange.browsers_wire.cut()
    try:
        wait_for(lambda: not _seat_is_online(), 20, "the seat offline")
        who_hears_whom({citizen: {"1010"}, seat: {"citizen"}})
    finally:
        exchange.browsers_wire.mend()
    wait_for(_seat_is_online, 30, "the seat online again")
    who_hears_whom({citizen: {"1010"}, seat: {"citizen"}})
    seat.page.keyboard.press("F9")
    exchange.call_is(lambda call: call.ended_at is not None)
    wait_for(lambda: not citizen.open_calls(), 5, "the citizen's telephone down")
    seat.is_ready()
    expect(seat.control("mute")).to_have_count(0, timeout=PATIENCE_MS)


def _seat_is_online() -> bool:
    db.session.rollback()
    return db.session.scalars(select(Seat).where(Seat.number == IN_BROWSER)).one().online


def test_who_vanishes_in_the_middle_of_a_call_leaves_the_citizen_to_the_queue(
    exchange: Exchange,
    citizen: Telephone,
    agent: Person,
    seats: dict[str, Telephone],
    on_duty: Callable[[str], Person],
    sit_down: Callable[..., BrowserTelephone],
):
    seat = sit_down()
    call = talk(exchange, citizen, seat)
    seat.page.close()
    again = exchange.call_is(lambda call: call.state is CallState.QUEUED, 60)
    assert again.call_no == call.call_no
    on_duty("1001")
    seats["1001"].pick_up()
    who_hears_whom({citizen: {"1001"}, seats["1001"]: {"citizen"}})


def test_one_window_is_the_telephone_and_another_can_take_it(
    exchange: Exchange, citizen: Telephone, sit_down: Callable[..., BrowserTelephone]
):
    first = sit_down()
    first.is_ready()
    page = first.page.context.new_page()
    page.goto("/workbench")
    second = BrowserTelephone(page)
    expect(second.state).to_have_text("在另一窗口", timeout=PATIENCE_MS)
    second.control("softphone").click()
    page.get_by_role("button", name="在此使用").click()
    second.is_ready()
    expect(first.state).to_have_text("在另一窗口", timeout=PATIENCE_MS)
    talk(exchange, citizen, second)


def test_another_browser_is_told_and_both_know_who_has_the_telephone(
    exchange: Exchange,
    chromium: Browser,
    citizen: Telephone,
    agent: Person,
    contexts: list[BrowserContext],
    sit_down: Callable[..., BrowserTelephone],
):
    first = sit_down()
    talk(exchange, citizen, first)
    contexts.append(open_workbench(exchange, chromium, agent))
    page = contexts[-1].new_page()
    page.goto("/workbench")
    second = BrowserTelephone(page)
    expect(second.state).to_have_text("在另一窗口", timeout=PATIENCE_MS)
    who_hears_whom({citizen: {"1010"}, first: {"citizen"}})
    second.control("softphone").click()
    page.get_by_role("button", name="在此使用").click()
    expect(first.page.locator(".toast")).to_contain_text("已转到另一个窗口", timeout=PATIENCE_MS)
    who_hears_whom({citizen: {"1010"}, second: {"citizen"}}, 60)


def test_a_strange_telephone_that_registers_as_the_seat_is_told_counted_and_thrown_out(
    exchange: Exchange,
    citizen: Telephone,
    agent: Person,
    sit_down: Callable[..., BrowserTelephone],
    tmp_path: Path,
):
    seat = sit_down()
    seat.is_ready()
    row = db.session.scalars(select(Seat).where(Seat.number == IN_BROWSER)).one()
    wait_for(
        lambda: _seat(IN_BROWSER).contact.startswith(presence_of(agent).browser or "?"),
        20,
        "the browser known",
    )
    counted = row.taken_times
    stranger = Telephone(
        tmp_path / "stranger",
        IN_BROWSER,
        exchange.registrar,
        tone="other",
        password=row.secret,
        port=free_sip_port(),
    )
    try:
        stranger.start()
        expect(seat.state).to_have_text("电话被占用", timeout=PATIENCE_MS)
        wait_for(
            lambda: presence_of(agent).reason is NotReadyReason.NO_TELEPHONE, 10, "no calls for the stranger"
        )
        assert _seat(IN_BROWSER).taken_times == counted + 1
    finally:
        stranger.stop()
    seat.control("softphone").click()
    seat.page.get_by_role("button", name="重试").click()
    seat.is_ready()
    wait_for(
        lambda: _seat(IN_BROWSER).contact.startswith(presence_of(agent).browser or "?"), 20, "taken back"
    )
    seat.page.keyboard.press("F8")
    seat.page.get_by_role("button", name="空闲", exact=True).first.click()
    talk(exchange, citizen, seat)


def _seat(number: str) -> Seat:
    db.session.rollback()
    return db.session.scalars(select(Seat).where(Seat.number == number)).one()


def test_without_leave_to_use_the_microphone_nobody_is_idle_and_the_page_says_why(
    exchange: Exchange, agent: Person, sit_down: Callable[..., BrowserTelephone]
):
    seat = sit_down(microphone=False)
    expect(seat.state).to_have_text("麦克风被禁止", timeout=PATIENCE_MS)
    wait_for(lambda: presence_of(agent).reason is NotReadyReason.NO_TELEPHONE, 10, "the agent not ready")
    seat.page.keyboard.press("F8")
    seat.page.get_by_role("button", name="空闲", exact=True).first.click()
    expect(seat.page.locator(".toast")).to_contain_text("浏览器电话还不能使用")
    assert presence_of(agent).state is AgentState.NOT_READY
    seat.page.context.grant_permissions(["microphone"])
    seat.control("softphone").click()
    expect(seat.page.locator("#menu-softphone")).to_contain_text("允许使用麦克风")
    seat.page.get_by_role("button", name="重试").click()
    seat.is_ready()
    wait_for(lambda: _online(IN_BROWSER), 20, "told by the switch as well")
    seat.page.keyboard.press("F8")
    seat.page.get_by_role("button", name="空闲", exact=True).first.click()
    expect(seat.page.locator("[data-presence-word]")).to_have_text("空闲")
