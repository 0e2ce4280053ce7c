"""A case is taken down by keyboard alone, and nothing typed is lost or sent by a key that meant something else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from config.extensions import db
from dispatch.models import Case
from tests.browser.test_console_behaviour import bar_state, ringing
from tests.browser.test_hands import lifted, rings_at, show
from tests.browser.test_room import control, sit_down
from tests.factories.dispatch import make_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def page(open_as, committed) -> Page:
    """An agent's workbench in a talk."""
    page = open_as(make_staff().agent, "/workbench", viewport={"width": 1280, "height": 800})
    sit_down(page, "1001")
    lifted(page, rings_at("1001"))
    expect(page.locator("[data-call-no] #case-form [name=title]")).to_be_visible()
    page.wait_for_load_state("networkidle")
    return page


def focused(page: Page) -> str:
    """The name of the field that has the focus; of one that filters a list, the list's."""
    return page.evaluate(
        """() => {
            const { activeElement: one } = document;
            return one.name || one.closest(".field")?.querySelector("select")?.name || one.tagName;
        }"""
    )


def test_a_case_is_registered_by_keys_alone_and_enter_never_registers_it(page: Page):
    page.keyboard.press("F2")
    assert focused(page) == "title"
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    assert focused(page) == "title"
    page.keyboard.type("幸福路路灯不亮")
    page.keyboard.press("Enter")
    assert focused(page) == "category_code"
    page.keyboard.type("路灯")
    page.keyboard.press("Tab")
    assert focused(page) == "district_code"
    for name in ("street_code", "community_code", "address", "content"):
        page.keyboard.press("Enter")
        assert focused(page) == name
    page.keyboard.type("三天不亮")
    page.keyboard.press("Enter")  # a second line, as in any text of several
    page.keyboard.type("请尽快维修")
    assert db.session.query(Case).count() == 0
    page.keyboard.press("Control+Enter")
    expect(page.locator(".registered")).to_be_visible()
    expect(page.locator("#caller .count").first).to_have_text("1")
    db.session.rollback()
    case = db.session.query(Case).one()
    assert (case.title, case.request_type.value, case.content.splitlines()) == (
        "幸福路路灯不亮",
        "help",
        ["三天不亮", "请尽快维修"],
    )
    assert case.category_code


def test_f2_leads_from_a_button_of_the_form_to_its_title_and_leaves_who_types(page: Page):
    page.locator("[data-save-draft]").focus()
    page.keyboard.press("F2")
    assert focused(page) == "title"
    page.locator("#case-form [name=content]").focus()
    page.keyboard.press("F2")
    assert focused(page) == "content"


def test_the_list_of_errors_follows_the_form(page: Page):
    page.locator("#case-form [name=title]").press("Control+Enter")
    names = page.locator(".error-summary a")
    expect(names).to_have_text(
        ["标题：该字段是必填字段。", "分类：该字段是必填字段。", "何事：该字段是必填字段。"]
    )


def test_a_menu_of_the_bar_stays_in_the_window_of_a_telephone(open_as, agent):
    page = open_as(agent, "/today", viewport={"width": 390, "height": 844})
    show(page, agent, bar_state("talking", {**ringing("talking"), "direction": "out"}))
    control(page, "take-to").click()
    menu = page.locator("#menu-targets")
    expect(menu).to_be_visible()
    expect(menu.locator("input")).to_be_focused()
    page.wait_for_function(
        """() => {
            const { left, right } = document.getElementById("menu-targets").getBoundingClientRect();
            return left >= 0 && right <= innerWidth;
        }"""
    )
