"""A running hotline with a small demonstration city, and Chromium to look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from accounts.models import Person
from accounts.roles import Role
from tests.conftest import make_settings
from tests.factories.accounts import make_person
from tests.support.live import LiveHotline, live_hotline
from tests.support.people import signed_in_client
from tests.support.served import served
from tests.support.servers import Servers

# How long a condition is waited for, not how long anything may take: the machine is shared.
expect.set_options(timeout=30_000)

DEMO_PASSWORD = PASSWORD = "Hotline-12345"

CHROMIUM_FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def hotline(
    test_servers: Servers,
    database: Callable[[], str],
    worker_number: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[LiveHotline]:
    """Web, clock and worker over a small city (3 days, 40 cases); no simulator."""
    settings = make_settings(
        test_servers, database(), 14 - worker_number, web_threads=200, log_level="INFO", lockout_attempts=50
    )
    with live_hotline(settings, tmp_path_factory.mktemp("live")) as running:
        running.run("calendar", "seed", "2025", "2026")
        running.run("demo", "city")
        running.run("demo", "history", "--days", "3", "--cases", "40", "--processes", "1")
        running.start_web()
        running.start_clock()
        running.start_worker()
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    assert path, "Chromium is missing: make browser"
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*CHROMIUM_FLAGS, *sandbox])
        yield browser
        browser.close()


@pytest.fixture
def page_as(hotline: LiveHotline, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`page_as("zhangmin")` → a page of a browser session signed in as that demonstration person."""
    contexts: list[BrowserContext] = []

    def open_page(login: str, path: str = "/", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=hotline.address,
            locale="zh-CN",
            viewport=options.pop("viewport", {"width": 1440, "height": 900}),
            **options,
        )
        context.set_default_timeout(45_000)
        contexts.append(context)
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", DEMO_PASSWORD)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        if path != "/":
            page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def open_as(committed: Flask, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`open_as(person, path)` → a page of a browser session signed in as them; a script's error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []
    with served(committed) as address:

        def open_page(person: Person, path: str = "/today", **options: Any) -> Page:
            context = chromium.new_context(base_url=address, locale="zh-CN", **options)
            context.set_default_timeout(45_000)
            contexts.append(context)
            cookie = signed_in_client(committed, person).get_cookie("hotline")
            context.add_cookies([{"name": "hotline", "value": cookie.value, "url": address}])
            page = context.new_page()
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.goto(path)
            expect(page.locator("#link-state")).to_have_attribute("data-state", "on")
            return page

        yield open_page
        for context in contexts:
            context.close()
    assert errors == []


@pytest.fixture
def agent(committed: Flask) -> Person:
    return make_person([Role.AGENT], name="张敏", password=PASSWORD)
