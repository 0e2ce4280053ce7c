"""A session that ends under a person's hands: nothing typed is lost, and they go on where they were."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from accounts.services.sessions import end_all_sessions
from config import clock
from config.extensions import db
from dispatch.models import CaseDraft
from tests.browser.conftest import PASSWORD
from tests.factories.accounts import make_person

pytestmark = pytest.mark.browser

TITLE = "#case-form [name=title]"


def sign_in_again(page: Page, password: str = PASSWORD) -> None:
    field = page.locator("dialog#signed-out [name=password]")
    expect(field).to_be_focused()
    field.fill(password)
    page.keyboard.press("Enter")


def drafts_hold(text: str) -> bool:
    db.session.rollback()
    return any(json.loads(draft.sealed).get("title") == text for draft in db.session.query(CaseDraft))


def test_who_is_signed_out_while_typing_signs_in_over_the_page_and_the_text_is_saved(
    open_as,
    committed: Flask,
    agent: Person,
):
    page = open_as(agent, "/workbench")
    page.evaluate("window.sameWindow = true")
    page.locator(TITLE).press_sequentially("路灯三天不亮")
    end_all_sessions(agent, "for this test")
    sign_in_again(page)
    expect(page.locator("dialog#signed-out")).to_be_hidden()
    expect(page.locator(TITLE)).to_have_value("路灯三天不亮")
    expect(page.locator("[data-saved]").first).to_contain_text("已保存")
    assert drafts_hold("路灯三天不亮")
    assert page.evaluate("window.sameWindow")


def test_the_time_of_saving_is_the_citys_wherever_the_browser_is(open_as, agent: Person):
    page = open_as(agent, "/workbench", timezone_id="America/New_York")
    began = clock.now()
    page.locator(TITLE).press_sequentially("路灯")
    saved = page.locator("[data-saved]").first
    expect(saved).to_contain_text("已保存")
    hours = {f"{clock.local(at):%H}" for at in (began, clock.now())}
    expect(saved).to_have_text(re.compile(rf"已保存 ({'|'.join(hours)}):\d\d:\d\d"))


def test_a_browser_that_lost_its_cookie_is_asked_at_the_next_letters_and_saves_them(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    page.wait_for_load_state(
        "networkidle"
    )  # what the page asks by itself would be refused before anybody types
    page.context.clear_cookies(name="hotline")
    page.locator(TITLE).fill("幸福路路灯不亮")
    expect(page.locator("[data-saved]").first).to_have_attribute("data-state", "failed")
    sign_in_again(page)
    expect(page.locator("[data-saved]").first).to_contain_text("已保存")
    assert drafts_hold("幸福路路灯不亮")


def test_what_is_typed_before_the_scripts_are_there_is_saved_too(open_as, agent: Person):
    page = open_as(agent, "/today")
    page.add_init_script(
        """new MutationObserver((_changes, watch) => {
             const title = document.querySelector("#case-form [name=title]");
             if (title) { watch.disconnect(); title.value = "幸福路路灯不亮"; }
           }).observe(document, { childList: true, subtree: true })"""
    )
    page.goto("/workbench")
    expect(page.locator("[data-saved]").first).to_contain_text("已保存")
    assert drafts_hold("幸福路路灯不亮")


def test_a_wrong_password_is_told_in_the_dialog(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    end_all_sessions(agent, "for this test")
    sign_in_again(page, "not the password")
    expect(
        page.locator("dialog#signed-out .field-error, dialog#signed-out [aria-invalid=true]").first
    ).to_be_visible()
    sign_in_again(page)
    expect(page.locator("dialog#signed-out")).to_be_hidden()


def test_a_link_pressed_after_the_end_is_followed_after_the_new_sign_in(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    # Without its socket the page does not hear of the end before the link is pressed.
    page.evaluate("import('/static/js/socket.js').then(({socket}) => socket.disconnect())")
    # Nor by what it asks by itself now and then: the link and the door are all that answers until it knows.
    asked_by_hand = re.compile(r"/knowledge$|/sign-in$")
    page.route(
        "**/*", lambda route: route.continue_() if asked_by_hand.search(route.request.url) else route.abort()
    )
    end_all_sessions(agent, "for this test")
    page.locator(".nav a[href='/knowledge']").click()
    expect(page.locator("dialog#signed-out [name=password]")).to_be_focused()
    page.unroute("**/*")
    sign_in_again(page)
    expect(page).to_have_url(re.compile("/knowledge"))


def test_a_page_learns_at_once_that_its_session_was_ended_elsewhere(open_as, agent: Person):
    page = open_as(agent, "/workbench")
    end_all_sessions(agent, "for this test")
    expect(page.locator("dialog#signed-out")).to_be_visible()


def test_somebody_else_who_signs_in_gets_their_own_page(open_as, agent: Person):
    other = make_person([Role.DISPATCHER], password=PASSWORD)
    page = open_as(agent, "/workbench")
    end_all_sessions(agent, "for this test")
    dialog = page.locator("dialog#signed-out")
    dialog.locator("[name=login]").fill(other.login)
    dialog.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/desks/dispatch"))


@pytest.fixture
def nearly_idle(open_as, agent: Person):
    """A page whose person has not been there for all but a minute of the time an idle session lasts."""

    def open_page(path: str) -> Page:
        page = open_as(agent, "/workbench" if path == "/workbench" else path)
        page.clock.install()
        page.reload()
        expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
        page.wait_for_load_state("networkidle")  # the page's own requests count as being there
        page.clock.fast_forward("29:00")
        return page

    return open_page


def test_before_an_idle_session_ends_the_page_says_so_and_a_press_prolongs_it(nearly_idle):
    page = nearly_idle("/workbench")
    strip = page.locator(".strip[role=alert]")
    expect(strip).to_contain_text("自动退出")
    strip.get_by_role("button").click()
    expect(strip).to_have_count(0)


def test_a_board_on_the_wall_is_never_signed_out(nearly_idle):
    page = nearly_idle("/board")
    page.clock.fast_forward("05:00")
    expect(page.locator(".strip[role=alert]")).to_have_count(0)
    expect(page.locator("dialog#signed-out")).to_be_hidden()


def test_who_does_not_come_back_is_signed_out(nearly_idle, committed: Flask, agent: Person):
    page = nearly_idle("/workbench")
    page.clock.fast_forward("02:00")
    expect(page.locator("dialog#signed-out")).to_be_visible()
