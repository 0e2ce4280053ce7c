"""A call that another switch leads comes up at its agent and at nobody else, in Chromium."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from accounts.models import Person
from accounts.roles import Role
from hotline import services
from hotline.telephony.cti.lines import make_line
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case
from tests.factories.hotline import make_seat

pytestmark = pytest.mark.browser

CITIZEN = "+8613912340042"
OpenAs = Callable[..., Page]


def look(page: Page, name: str) -> None:
    """Keep a picture, where somebody wants to see them."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png")


def tell(page: Page, token: str, **facts: object) -> None:
    address = "{0.scheme}://{0.netloc}".format(urlsplit(page.url))
    told = {"callId": "1", "from": CITIZEN, "to": "+861088880000", "direction": "in", **facts}
    assert httpx.post(f"{address}/telephony/cti/{token}", json=told, timeout=20).status_code == 200


def test_the_callers_open_cases_come_up_at_the_one_agent_who_is_meant(
    committed: Flask, open_as: OpenAs, agent: Person
):
    services.sign_on(agent, make_seat("1001").number)
    other = make_person([Role.AGENT], name="王芳")
    services.sign_on(other, make_seat("1002").number)
    case, token = make_case(phone=CITIZEN), make_line("Water works")
    mine, theirs = open_as(agent), open_as(other)
    tell(mine, token, event="newCall", user=["1001"])
    mine.wait_for_url(lambda url: "/workbench?call=" in url)
    panel = mine.locator("[data-case]")
    expect(panel).to_contain_text(case.title)
    expect(panel.locator("textarea")).to_have_count(0)
    look(mine, "known caller")
    panel.get_by_role("button", name="仍然新登记一件").click()
    expect(panel.locator("textarea").first).to_be_visible()
    look(mine, "new case all the same")
    assert "/workbench" not in theirs.url


def test_the_administrator_sees_who_tells_us_of_calls(committed: Flask, open_as: OpenAs, agent: Person):
    make_line("Water works")
    services.sign_on(agent, make_seat("1001").number)
    token = make_line("Power company")
    page = open_as(make_person([Role.SYSTEM_ADMIN]), "/administration/cti")
    tell(page, token, event="newCall")
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(2)
    look(page, "lines")
    page.set_viewport_size({"width": 390, "height": 800})
    look(page, "lines on a phone")
