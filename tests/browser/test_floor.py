"""The floor in Chromium: rows change in place under the hand, help is heard, letters steer, words reach the agent."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from config.extensions import db
from hotline.services import become_idle, become_not_ready
from hotline.services.room import ask_for_help
from hotline.words import NotReadyReason
from tests.browser.conftest import PASSWORD
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent

pytestmark = pytest.mark.browser


def row(page: Page, seat: str):
    return page.locator(f'[data-floor-seats] tr[data-seat="{seat}"]')


@pytest.fixture
def lead(committed: Flask) -> Person:
    return make_person([Role.SHIFT_LEAD], name="周凯", password=PASSWORD)


@pytest.fixture
def agents(committed: Flask) -> list[Person]:
    return [make_agent(name=name, seat=f"10{n:02d}") for n, name in enumerate(("张敏", "王芳", "李强"), 1)]


def test_a_row_changes_in_place_and_a_filter_takes_it_away_only_when_the_hand_is_gone(open_as, lead, agents):
    page = open_as(lead, "/floor?state=idle")
    expect(row(page, "1002")).to_be_visible()
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(row(page, "1002")).to_have_class("current")
    become_not_ready(agents[0], NotReadyReason.MEAL)
    expect(row(page, "1001")).to_contain_text("就餐")
    expect(row(page, "1001")).to_be_visible()  # the focus is on the table: nothing moves
    expect(row(page, "1002")).to_be_focused()
    page.locator("h1").focus()
    page.mouse.move(5, 5)
    expect(row(page, "1001")).to_be_hidden()
    become_idle(agents[0])
    expect(row(page, "1001")).to_be_visible()


def test_letters_steer_the_chosen_seat(open_as, lead, agents):
    page = open_as(lead, "/floor")
    expect(page.locator("[data-floor-actions]")).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator("[data-floor-chosen]")).to_have_text("1001 张敏")
    expect(page.locator("[data-deed=monitor]")).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("n")
    expect(row(page, "1001")).to_contain_text("示忙")
    page.keyboard.press("r")
    expect(row(page, "1001")).to_contain_text("空闲")
    page.keyboard.press("m")
    page.locator("#floor-words").fill("请先接英语来电")
    page.keyboard.press("Enter")
    expect(page.locator("#floor-message")).to_be_hidden()
    db.session.rollback()
    desk = open_as(agents[0], "/workbench")
    message = desk.locator("[data-bar-messages]")
    expect(message).to_contain_text("周凯")
    expect(message).to_contain_text("请先接英语来电")
    message.locator("button").click()
    expect(message.locator("button")).to_have_count(0)


def test_a_request_for_help_appears_on_top_with_its_call(open_as, lead, agents):
    page = open_as(lead, "/floor")
    call = SwitchCall()
    call.arrive(prefer_seat="1003")
    call.tell("leg.answered", leg=call.seat_leg)
    expect(row(page, "1003")).to_contain_text("139****0042")
    ask_for_help(agents[2], call.row)
    help_ = page.locator('[data-floor-part="help"]')
    expect(help_).to_contain_text("李强")
    expect(help_).to_contain_text("139****0042")
    expect(row(page, "1003")).to_have_class("asks")
    ask_for_help(agents[2], call.row)
    expect(help_).not_to_contain_text("李强")


def test_an_emergency_number_is_two_keys_away_and_taken_back_by_one_press(open_as, agents):
    page = open_as(agents[0], "/workbench")
    call = SwitchCall()
    call.arrive(prefer_seat="1001")
    call.tell("leg.answered", leg=call.seat_leg)
    expect(page.locator("#callbar [data-control=emergency]")).to_be_visible()
    page.keyboard.press("Shift+F9")
    expect(page.locator("#menu-emergency button").first).to_be_focused()
    page.keyboard.press("2")
    expect(page.locator("#callbar [data-call]")).to_contain_text("119")
    page.locator("#callbar [data-control=send-away]").click()
    expect(page.locator("#callbar [data-control=emergency]")).to_be_visible()
