"""A call rings, is answered and ends under hands that are at work: no letter is lost, and nothing is done unasked."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from config.live import tell
from hotline.models import CallDeed
from tests.browser.conftest import PASSWORD
from tests.browser.test_console_behaviour import bar_state, ringing
from tests.browser.test_room import control, sit_down
from tests.browser.test_session import TITLE, drafts_hold
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import SwitchCall, make_agent

pytestmark = pytest.mark.browser


def rings_at(seat: str) -> SwitchCall:
    """A call that rings there; `lifted` answers it at the desk phone, without a press in the page."""
    call = SwitchCall()
    call.arrive(prefer_seat=seat)
    call.tell("leg.ringing", leg=call.seat_leg)
    return call


def lifted(page: Page, call: SwitchCall) -> None:
    call.tell("leg.answered", leg=call.seat_leg)
    expect(control(page, "take-to")).to_be_visible()


def compose(page: Page, letters: str) -> None:
    keyboard = page.context.new_cdp_session(page)
    keyboard.send(
        "Input.imeSetComposition",
        {"text": letters, "selectionStart": len(letters), "selectionEnd": len(letters)},
    )


def test_a_word_that_is_composed_is_ended_before_the_page_of_the_call_comes(open_as, committed: Flask, agent):
    page = open_as(agent, "/workbench")
    sit_down(page, "1001")
    page.locator(TITLE).focus()
    compose(page, "ludeng")
    call = rings_at("1001")
    lifted(page, call)
    page.wait_for_load_state("networkidle")
    expect(page.locator(TITLE)).to_have_value("ludeng")
    page.keyboard.insert_text("路灯不亮")
    expect(page).to_have_url(re.compile(f"call={call.row.call_no}"))
    assert drafts_hold("路灯不亮")


def test_letters_meant_for_what_stood_there_are_no_commands_to_the_page_of_the_call(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    sit_down(page, "1001")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(
        """() => document.addEventListener("htmx:afterSettle", (event) => {
            if (event.detail.target.id !== "main") return;
            document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "h", bubbles: true}));
            window.pressed = true;
        })"""
    )
    call = rings_at("1001")
    lifted(page, call)
    expect(page).to_have_url(re.compile(f"call={call.row.call_no}"))
    page.wait_for_load_state("networkidle")
    assert page.evaluate("window.pressed")
    assert not [url for url in asked if "/knowledge/panel/scripts" in url]


def test_the_page_of_the_call_takes_no_key_from_a_menu_that_is_open_when_it_comes(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    sit_down(page, "1001")
    page.evaluate(
        """() => document.addEventListener("htmx:afterSettle", (event) => {
            if (event.detail.target.id === "main") document.body.dataset.arrived = "";
        })"""
    )
    held = []
    page.route("**/workbench?call=*", lambda route: held.append(route))
    call = rings_at("1001")
    with page.expect_request("**/workbench?call=*"):
        lifted(page, call)
    page.locator("#main h1").focus()
    page.keyboard.press("Shift+F9")
    first = page.locator("#menu-emergency button").first
    expect(first).to_be_focused()
    held[0].continue_()
    expect(page.locator("body[data-arrived]")).to_be_attached()
    expect(first).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#callbar [data-call]")).to_contain_text("119")
    expect(page.locator("#main h1")).to_be_focused()


def test_a_dialog_with_words_in_it_stays_when_a_call_is_answered(open_as, committed: Flask, agent: Person):
    lead = make_person([Role.SHIFT_LEAD, Role.AGENT], name="李组长", password=PASSWORD)
    other = open_as(agent, "/workbench")
    sit_down(other, "1001")
    page = open_as(lead, "/floor")
    sit_down(page, "1009")
    page.locator('[data-floor-seats] tr[data-seat="1001"]').click()
    page.keyboard.press("m")
    page.locator("#floor-words").fill("请先接英语来电")
    call = rings_at("1009")
    lifted(page, call)
    page.wait_for_load_state("networkidle")
    expect(page.locator("#floor-words")).to_have_value("请先接英语来电")
    page.keyboard.press("Enter")
    expect(page.locator("#floor-message")).to_be_hidden()
    page.keyboard.press("F2")
    expect(page).to_have_url(re.compile(f"call={call.row.call_no}"))


def test_whom_one_talk_was_to_be_taken_to_is_not_asked_in_the_next(open_as, committed: Flask, agent: Person):
    make_agent(name="王芳", seat="1002")
    page = open_as(agent, "/workbench")
    sit_down(page, "1001")
    first = rings_at("1001")
    lifted(page, first)
    page.keyboard.press("Shift+F4")
    page.locator("#menu-targets input").press_sequentially("王")
    expect(page.locator("#menu-targets li")).to_have_count(1)
    seat = first.seat_leg
    first.caller_hangs_up()
    first.tell("leg.ended", leg=seat, cause="normal", by="hotline")
    expect(page.locator("[data-presence-word]")).to_have_text(re.compile("话后"))
    page.keyboard.press("F2")
    expect(page.locator("[data-presence-word]")).to_have_text("空闲")
    second = rings_at("1001")
    lifted(page, second)
    page.keyboard.press("Enter")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#menu-targets")).to_be_hidden()
    db.session.rollback()
    assert not db.session.query(CallDeed).count()


def test_f2_leads_from_typing_that_nothing_saves_only_after_a_yes(open_as, committed: Flask, agent: Person):
    page = open_as(agent, "/styleguide")
    sit_down(page, "1001")
    page.evaluate("() => (document.querySelector('#main form.form').method = 'post')")
    page.locator("#title").fill("路灯")
    call = rings_at("1001")
    lifted(page, call)
    page.keyboard.press("F2")
    expect(page.locator("dialog#confirm")).to_be_visible()
    page.locator("[data-confirm-no]").click()
    expect(page.locator("#title")).to_have_value("路灯")
    page.keyboard.press("F2")
    page.locator("[data-confirm-yes]").click()
    expect(page).to_have_url(re.compile(f"call={call.row.call_no}"))


def show(page: Page, person: Person, state: dict) -> None:
    """Let the bar show `state`, as the server would tell it."""
    page.unroute("**/calls/bar")
    page.route("**/calls/bar", lambda route: route.fulfill(json=state))
    with page.expect_response("**/calls/bar"):
        tell(f"person:{person.id}", "presence", {})


GUEST = {"name": "王芳", "role": "colleague", "role_label": "同事", "here": True}


def test_the_second_press_of_a_double_click_is_no_press_of_the_button_that_came_there(open_as, agent: Person):
    page = open_as(agent, "/today")
    pressed: list[str] = []
    talking = bar_state("talking", {**ringing("talking"), "role": "colleague"})

    def answered(route) -> None:
        pressed.append(route.request.url.rpartition("/")[2])
        route.fulfill(json=bar_state("talking", {**ringing("talking"), "direction": "out"}))

    page.route("**/calls/C1/*", answered)
    show(page, agent, bar_state("reserved", ringing("ringing")))
    place = control(page, "answer").bounding_box()
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] / 2
    page.mouse.click(x, y)
    expect(control(page, "hold")).to_be_visible()
    page.mouse.down(click_count=2)
    page.mouse.up(click_count=2)
    show(page, agent, talking)
    expect(control(page, "hangup")).to_be_visible()
    assert pressed == ["answer"]


@pytest.mark.parametrize("width", [1210, 1280, 1920])
def test_the_bar_stays_as_high_and_its_buttons_stay_where_they_are(open_as, agent: Person, width: int):
    page = open_as(agent, "/today", viewport={"width": width, "height": 900})
    call = {**ringing("talking"), "direction": "out", "queue": "综合受理与企业服务专席"}
    height = page.locator("#callbar").bounding_box()["height"]
    found = []
    for change in (
        {},
        {"state": "held"},
        {"state": "held", "guests": [GUEST]},
        {"guests": [GUEST], "help": True},
    ):
        show(page, agent, bar_state("talking", {**call, **change}))
        wanted = "resume" if change.get("state") == "held" else "hold"
        expect(control(page, wanted)).to_be_visible()
        found.append((control(page, wanted).bounding_box()["x"], control(page, "hangup").bounding_box()["x"]))
        assert page.locator("#callbar").bounding_box()["height"] == height
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert len(set(found)) == 1


def test_what_is_found_above_the_hand_does_not_push_it_away(open_as, committed: Flask):
    staff = make_staff()
    make_case(staff=staff, phone="13912340042")
    page = open_as(staff.agent, "/workbench", viewport={"width": 1280, "height": 720})
    page.locator("#case-form [name=phone]").fill("13912340042")
    top = "document.activeElement.getBoundingClientRect().top"
    with page.expect_response("**/cases/near*"):
        page.keyboard.press("Tab")
        before = page.evaluate(top)
    expect(page.locator("#case-form .near .alert")).to_be_attached()
    assert abs(page.evaluate(top) - before) < 2


def test_a_number_that_is_looked_for_stands_in_no_address(open_as, committed: Flask):
    staff = make_staff()
    case, other = make_case(staff=staff, phone="13912340042"), make_case(staff=staff)
    page = open_as(staff.agent, "/cases")
    page.locator("#main [name=text]").fill("13912340042")
    page.locator("#main [name=text]").press("Enter")
    expect(page.get_by_text(other.case_no)).to_have_count(0)
    expect(page.locator("#main").get_by_text(case.case_no).first).to_be_visible()
    expect(page.locator("#main [name=text]")).to_have_value("13912340042")
    assert "/cases?" in page.url
    assert "0042" not in page.url
    page.reload()
    expect(page.locator("#main").get_by_text(case.case_no).first).to_be_visible()
    page.locator(".head [name=q]").fill("13912340042")
    page.locator(".head [name=q]").press("Enter")
    page.wait_for_url("**/search?*")
    assert "0042" not in page.url


def test_a_part_that_loads_slowly_does_not_dim_what_is_typed(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    held = []
    page.route("**/knowledge/panel?*", lambda route: held.append(route))
    page.locator(TITLE).fill("路灯不亮")
    expect(page.locator("body.is-slow")).to_be_attached()
    assert page.evaluate("getComputedStyle(document.getElementById('main')).opacity") == "1"
    held[0].fulfill(body="")
