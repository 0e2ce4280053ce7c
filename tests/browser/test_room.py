"""A call with guests, in two people's browsers; the telephones are played by events."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from config import clock
from config.extensions import db
from config.timers import Timer, set_timer
from config.transaction import transaction
from hotline.models import CallLeg
from hotline.services import recording_pause, room
from hotline.services.targets import Target
from hotline.words import ListenMode
from tests.browser.conftest import PASSWORD
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall, make_queue, make_seat

pytestmark = pytest.mark.browser


def sit_down(page: Page, seat: str) -> None:
    make_seat(seat)
    expect(page.locator("#menu-presence [name=seat]")).to_be_attached()  # the bar knows its state
    page.keyboard.press("F8")
    page.locator("#menu-presence [name=seat]").fill(seat)
    page.keyboard.press("Enter")
    expect(page.locator("[data-presence-word]")).to_have_text("空闲")


def control(page: Page, name: str):
    return page.locator(f"#callbar [data-control={name}]")


def newest_leg() -> str:
    db.session.rollback()
    return db.session.query(CallLeg).order_by(CallLeg.id.desc()).first().key


@pytest.fixture
def talk(open_as, committed: Flask, agent: Person):
    """An agent's page in a talk, the call, and its seat's leg."""
    page = open_as(agent, "/workbench")
    sit_down(page, "1001")
    call = SwitchCall()
    call.arrive()
    call.press()
    leg = call.seat_leg
    expect(control(page, "answer")).to_be_visible()
    call.tell("leg.answered", leg=leg)
    expect(control(page, "take-to")).to_be_visible()
    return page, call, leg


def test_a_colleague_is_asked_by_keyboard_joins_and_keeps_the_citizen(open_as, talk):
    page, call, leg = talk
    colleague = make_person([Role.AGENT], name="王芳", password=PASSWORD)
    other = open_as(colleague, "/workbench")
    sit_down(other, "1002")
    page.keyboard.press("Shift+F4")
    field = page.locator("#menu-targets input")
    expect(field).to_be_focused()
    field.press_sequentially("王")
    expect(page.locator("#menu-targets li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#callbar .call")).to_contain_text("王芳")
    expect(page.locator("#callbar .call")).to_contain_text("振铃中")
    expect(other.locator("#callbar .call")).to_contain_text("张敏咨询")
    guest = newest_leg()
    place = control(page, "together").bounding_box()
    expect(control(page, "together")).to_have_attribute("aria-disabled", "true")
    call.tell("leg.held", leg=call.citizen)
    call.tell("leg.answered", leg=guest)
    expect(page.locator("#callbar .call")).to_contain_text("已接通")
    control(page, "together").click()
    call.tell("leg.resumed", leg=call.citizen)
    expect(control(page, "together")).to_have_attribute("title", "三方通话中")
    assert control(page, "together").bounding_box() == place, "an impatient second press hands nobody over"
    control(page, "hand-over").click()
    call.tell("leg.ended", leg=leg, cause="normal", by="hotline")
    expect(page.locator("[data-presence-word]")).to_have_text(re.compile("话后"))
    expect(control(other, "take-to")).to_be_visible()


def test_help_reaches_the_shift_lead_who_listens_and_comes_in(open_as, talk):
    page, call, _leg = talk
    lead = make_person([Role.SHIFT_LEAD], name="李组长", password=PASSWORD)
    floor = open_as(lead, "/floor")
    sit_down(floor, "1009")
    page.keyboard.press("Shift+F2")
    expect(control(page, "help")).to_have_attribute("aria-pressed", "true")
    expect(floor.locator(".toast")).to_contain_text("张敏求助")
    help_ = floor.locator('[data-floor-part="help"]')
    expect(help_).to_contain_text("张敏")
    help_.locator("[data-listen][data-mode=monitor]").click()
    expect(floor.locator("[data-presence-word]")).not_to_have_text("空闲")
    call.tell("leg.answered", leg=newest_leg())
    expect(control(floor, "listen-monitor")).to_have_attribute("aria-pressed", "true")
    control(floor, "listen-barge").click()
    expect(control(floor, "take-over")).to_be_visible()
    expect(page.locator("#callbar .call")).to_contain_text("李组长")


def test_what_is_no_name_and_no_number_is_told_and_the_menu_stays(talk):
    page, _call, _leg = talk
    page.keyboard.press("Shift+F4")
    page.locator("#menu-targets input").fill("<b>不存在的人</b>")
    expect(page.locator("#menu-targets")).to_contain_text("没有该姓名的在岗人员")
    page.keyboard.press("Escape")
    expect(page.locator("#menu-targets")).to_be_hidden()


def time_ran(call: SwitchCall) -> None:
    """What the clock process does when the next moment of this pause has come."""
    db.session.rollback()
    row = db.session.query(Timer).filter_by(kind=recording_pause.TIMER, key=str(call.row.id)).one()
    key, payload = row.key, row.payload
    db.session.rollback()
    with transaction():
        recording_pause.warn_or_resume(key, payload)


def where(page: Page) -> dict[str, float]:
    """Where each button of the bar stands."""
    script = "all => Object.fromEntries(all.map(one => [one.dataset.control, one.getBoundingClientRect().x]))"
    return page.locator("#callbar [data-control]").evaluate_all(script)


def test_a_paused_recording_shows_how_long_still_and_says_when_it_goes_on_by_itself(talk):
    page, call, _leg = talk
    control(page, "pause-recording").click()
    button = control(page, "pause-recording")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button.locator("[data-until]")).to_have_text(re.compile(r"^0[12]:\d\d$"))
    time_ran(call)
    expect(page.locator(".toast")).to_contain_text("15秒后自动恢复录音")
    time_ran(call)
    expect(page.locator(".toast").last).to_contain_text("已恢复录音")
    expect(button).to_have_attribute("aria-pressed", "false")
    expect(button.locator("[data-until]")).to_have_count(0)


def test_who_is_warned_keeps_the_recording_paused_by_one_key_and_no_button_moves(talk):
    page, call, _leg = talk
    page.keyboard.press("Shift+F7")
    keep = control(page, "keep-paused")
    expect(keep).to_be_visible()
    first = call.row.recording_paused_until
    before = where(page)
    call.row.recording_paused_until = clock.now() + timedelta(seconds=10)
    db.session.commit()
    set_timer(
        recording_pause.TIMER,
        call.row.id,
        clock.now(),
        until=call.row.recording_paused_until.isoformat(),
        warns=True,
    )
    db.session.commit()
    time_ran(call)
    expect(page.locator(".toast")).to_contain_text("Shift F7")
    expect(control(page, "pause-recording").locator(".is-soon")).to_have_count(1)
    assert where(page) == before
    page.keyboard.press("Shift+F7")
    expect(control(page, "pause-recording").locator(".is-soon")).to_have_count(0)
    assert where(page) == before
    db.session.rollback()
    assert call.row.recording_paused_at is not None
    assert call.row.recording_paused_until > first


def test_a_lead_whose_listening_ends_and_an_agent_whose_telephone_cannot_be_rung_are_told(open_as, talk):
    _page, call, leg = talk
    here = make_department("东区")
    lead = make_person([Role.SHIFT_LEAD], here, name="李组长", password=PASSWORD)
    call.row.agent.department = here
    db.session.commit()
    floor = open_as(lead, "/workbench")
    sit_down(floor, "1009")
    room.listen(lead, call.row, ListenMode.MONITOR)
    call.tell("leg.answered", leg=newest_leg())
    expect(control(floor, "listen-monitor")).to_be_visible()
    other = open_as(make_person([Role.AGENT], name="王芳", password=PASSWORD), "/workbench")
    sit_down(other, "1002")
    room.transfer(call.row.agent, call.row, Target(queue=make_queue("law", "法律")))
    expect(floor.locator(".toast")).to_contain_text("监听已结束")
    call.tell("leg.ended", leg=leg, cause="normal", by="hotline")
    second = SwitchCall("+8613900000002")
    second.arrive(prefer_seat="1002")
    second.tell("leg.ended", leg=second.seat_leg, cause="congestion", by="switch")
    expect(other.locator(".toast")).to_contain_text("无法振铃")
