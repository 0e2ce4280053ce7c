"""axe-core finds nothing serious on any page of anybody, in both themes and languages (WCAG 2.2 AA).

The roles' pages are much alike. A page is examined only if it shows something that no page before it showed: an
element of a kind, with classes, attributes and ancestors, that is new. What axe finds depends on those.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from config.settings import ROOT
from console.demonstration.city.people import SHOWN

pytestmark = pytest.mark.browser

AXE = (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
GRAVE = ("serious", "critical")
ONE_OF_EACH = list({somebody.roles: somebody.login for somebody in SHOWN}.values())
"""One login for each set of roles."""


NEW_SHAPES = """(known) => {
    const seen = new Set(known), shapes = new Set();
    const shape = (element) => {
        if (element === document.documentElement) return [...element.attributes].map((a) => a.name + a.value).join();
        const attributes = [...element.attributes].map((a) => /^(role|type|aria-(?!label|describ|controls|owns))/
            .test(a.name) ? a.name + "=" + a.value : a.name).sort();
        const filled = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        return [element.tagName, [...element.classList].sort(), attributes, filled, element.hidden].join("|");
    };
    const walk = (element, above) => {
        let path = 0;
        for (const c of above + ">" + shape(element)) path = (Math.imul(path, 31) + c.codePointAt(0)) | 0;
        shapes.add(path);
        for (const child of element.children) walk(child, String(path));
    };
    walk(document.documentElement, "");
    return [...shapes].filter((path) => !seen.has(path));
}"""
"""The shapes on the page that are not `known`, as numbers."""


def settled(page: Page) -> None:
    """Wait until the parts that load by themselves are there."""
    expect(page.locator(".htmx-request")).to_have_count(0)


@pytest.fixture(scope="session")
def known() -> set[int]:
    """The shapes that axe has seen."""
    return set()


def anything_new(page: Page, known: set[int]) -> bool:
    """Whether the page shows a shape that is not `known`; from now on it is."""
    settled(page)
    new = page.evaluate(NEW_SHAPES, list(known))
    known.update(new)
    return bool(new)


def grave_violations(page: Page) -> list[str]:
    """What axe-core calls serious or critical, one line each."""
    settled(page)
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        TAGS,
    )
    return [
        f"{page.url} {rule['id']}: {node['target']} {node['failureSummary'].splitlines()[-1].strip()}"
        for rule in found["violations"]
        if rule["impact"] in GRAVE
        for node in rule["nodes"][:3]
    ]


def pages_of(page: Page) -> list[str]:
    """The pages in the person's head, and one page behind the first row of each list."""
    links = "[...document.querySelectorAll('#menu-all a')].map((link) => link.getAttribute('href'))"
    return page.evaluate(links)


@pytest.mark.parametrize("login", ONE_OF_EACH)
def test_every_page_of_a_person_is_accessible(page_as: Callable[..., Page], known: set[int], login: str):
    # High enough that no control stands half behind a bar of buttons, where axe would measure the visible half.
    page = page_as(login, viewport={"width": 1440, "height": 2400})
    found: list[str] = []
    opened: set[str] = set()
    for path in ["/today", *pages_of(page)]:
        page.goto(path)
        found += grave_violations(page) if anything_new(page, known) else []
        row = page.locator("#main .grid tr[data-href]").first
        deeper = row.get_attribute("data-href") if row.count() else None
        kind = path if deeper else ""
        if deeper and kind not in opened:
            opened.add(kind)
            page.goto(deeper)
            found += grave_violations(page) if anything_new(page, known) else []
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_part_of_the_kit_is_accessible(page_as: Callable[..., Page], theme: str, language: str):
    page = page_as(SHOWN[0].login)
    try:
        prefer(page, theme=theme, language=language)
        page.goto("/styleguide")
        assert grave_violations(page) == []
    finally:
        prefer(page, language="zh")  # it is kept with the person, whom other tests know as well


def prefer(page: Page, **preferences: str) -> None:
    """Choose so in the head of the page."""
    for name, value in preferences.items():
        page.evaluate(
            """([name, value]) => {
                const body = new URLSearchParams({[name]: value,
                    csrf_token: document.querySelector("meta[name=csrf-token]").content});
                return fetch("/preferences", {method: "POST", body});
            }""",
            [name, value],
        )


def test_the_door_and_the_pages_of_errors_are_accessible(page_as: Callable[..., Page]):
    page = page_as(SHOWN[0].login)
    page.goto("/there-is-no-such-page")
    found = grave_violations(page)
    page.context.clear_cookies()
    for path in ("/sign-in", "/public/knowledge", "/public/knowledge/K000031", "/public/knowledge?q=停水"):
        page.goto(path)
        found += grave_violations(page)
    assert found == []


def test_menus_and_dialogs_are_accessible_while_open(page_as: Callable[..., Page]):
    page = page_as(SHOWN[0].login, "/styleguide")
    page.locator(".who").click()
    found = grave_violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    found += grave_violations(page)
    assert found == []


@pytest.mark.parametrize("width", [390, 720, 1280, 2560])
def test_no_page_scrolls_sideways(page_as: Callable[..., Page], width: int):
    """720 px is 1440 at 200 % zoom."""
    page = page_as(SHOWN[0].login, viewport={"width": width, "height": 900})
    wide = []
    for path in ["/today", "/styleguide", *pages_of(page)]:
        page.goto(path)
        settled(page)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            wide.append(path)
    assert wide == []
