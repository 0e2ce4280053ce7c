"""A button pressed twice does its deed once, and nobody is told that somebody else was first."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import func, select

from config.extensions import db
from dispatch.models import Case, CaseEvent
from tests.factories.dispatch import Staff, make_case, make_staff

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(committed: Flask) -> Staff:
    return make_staff()


def twice_by_mouse(page: Page, button: Locator) -> None:
    button.dblclick(delay=0)


def twice_by_key(page: Page, button: Locator) -> None:
    button.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


PRESSES = [twice_by_mouse, twice_by_key]


def deeds(case: Case) -> Counter[str]:
    db.session.rollback()
    return Counter(db.session.scalars(select(CaseEvent.action).where(CaseEvent.case_id == case.id)))


@pytest.mark.parametrize("press", PRESSES)
def test_a_case_is_registered_once(open_as, staff: Staff, press):
    page = open_as(staff.agent, "/cases/new")
    page.locator("#category_code-field input[role=combobox]").fill("路灯")
    page.keyboard.press("Enter")
    page.locator("[name=title]").fill("路灯不亮")
    page.locator("[name=content]").fill("三天没亮")
    press(page, page.locator("button[name=deed][value=register]"))
    expect(page.locator("h1")).to_contain_text("路灯不亮")
    expect(page.locator(".toast.late, .toast.waiting")).to_have_count(0)
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def fill(page: Page, action: str) -> None:
    panel = page.locator("#action-panel")
    match action:
        case "dispatch":
            panel.locator("#lead-field input[role=combobox]").fill("城市管理局")
            panel.locator("#lead-field input[role=combobox]").press("Enter")
        case "write_reply":
            panel.locator("[name=public_text]").fill("已修复。")
        case "close_satisfied":
            panel.locator("input[name=solved][value=true]").check()
            panel.locator("input[name=rating][value='5']").check()


WAY = [
    ("dispatcher", "dispatch"),
    ("officer", "sign"),
    ("officer", "write_reply"),
    ("approver", "release_reply"),
    ("reviewer", "pass_reply"),
    ("caller", "close_satisfied"),
]


@pytest.mark.parametrize("press", PRESSES)
def test_every_step_to_the_closed_case_is_done_once(open_as, staff: Staff, press):
    case = make_case(staff=staff)
    for part, action in WAY:
        page = open_as(getattr(staff, part), f"/cases/{case.case_no}?do={action}")
        fill(page, action)
        press(page, page.locator("#action-panel form button[type=submit]"))
        expect(page.locator("#action-panel form")).to_have_count(0)
        expect(page.locator(".toast.late, .toast.waiting")).to_have_count(0)
        assert deeds(case)[action] == 1, action
        page.context.close()
    assert set(deeds(case).values()) == {1}
