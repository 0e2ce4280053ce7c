"""What the console's scripts promise, in Chromium: focus, keys, drafts, refusals, a lost connection, the call bar."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from config.live import tell
from tests.factories.accounts import make_person

pytestmark = pytest.mark.browser


def eventually(page: Page, truth: str) -> bool:
    """Whether the expression comes true within five seconds. (The page's policy forbids Playwright's own way.)"""
    for _ in range(50):
        if page.evaluate(truth):
            return True
        page.wait_for_timeout(100)
    return False


def test_a_page_change_keeps_the_socket_and_moves_the_focus_to_the_heading(open_as, agent):
    page = open_as(agent, "/workbench")
    page.evaluate("window.sameWindow = true")
    page.locator("[data-search]").fill("路灯")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/search"))
    expect(page.locator("h1")).to_be_focused()
    expect(page).to_have_title(re.compile("搜索：路灯"))
    assert page.evaluate("window.sameWindow")
    page.go_back()
    expect(page).to_have_url(re.compile("/workbench"))
    expect(page.locator(".workbench")).to_be_visible()
    assert page.evaluate("window.sameWindow")


def test_the_page_in_the_head_is_marked_after_a_change(open_as, agent):
    page = open_as(agent, "/today")
    page.locator(".nav a[href='/workbench']").click()
    expect(page.locator(".nav a[href='/workbench']")).to_have_attribute("aria-current", "page")


def test_a_page_that_is_not_there_is_told_inside_the_frame(open_as, agent):
    page = open_as(agent, "/today")
    page.evaluate("window.sameWindow = true")
    page.evaluate("import('/static/js/parts.js').then((parts) => parts.visit('/nothing-here'))")
    expect(page.locator("#main h1")).to_have_text("没有这个页面。")
    assert page.evaluate("window.sameWindow")


def test_what_a_proxy_says_while_we_are_away_is_not_put_into_the_page_nor_said_twice(open_as, agent):
    page = open_as(agent)
    gateway = {"status": 502, "content_type": "text/html", "body": "<h1>boom</h1>"}
    page.route("**/styleguide", lambda route: route.fulfill(**gateway))
    for _ in range(2):
        page.evaluate("import('/static/js/parts.js').then((parts) => parts.visit('/styleguide'))")
        expect(page.locator(".toast.late")).to_have_count(1)
    expect(page.locator("#main h1")).to_have_text("今天")


def test_the_keys_of_the_page_are_shown_and_the_focus_comes_back(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.locator(".tabs a").first.focus()
    page.keyboard.press("?")
    sheet = page.locator("dialog#keys")
    expect(sheet).to_be_visible()
    expect(sheet).to_contain_text("派单")
    expect(sheet).to_contain_text("F2")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(page.locator(".tabs a").first).to_be_focused()


def test_the_sheet_names_no_key_that_does_nothing_on_the_page(open_as, committed):
    page = open_as(make_person([Role.KB_EDITOR]), "/today")
    page.keyboard.press("?")
    sheet = page.locator("dialog#keys")
    expect(sheet).to_contain_text("显示快捷键")
    for what in ("挂断", "向班长求助", "打开当前行", "勾选当前行", "下一行"):
        expect(sheet).not_to_contain_text(what)


def test_letters_are_text_while_somebody_types(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.locator("#title").fill("")
    page.locator("#title").press_sequentially("d?/jk")
    expect(page.locator("#title")).to_have_value("d?/jk")
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_letters_of_an_input_method_are_no_commands(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.evaluate(
        """() => document.body.dispatchEvent(
            new KeyboardEvent("keydown", {key: "?", bubbles: true, isComposing: true}))"""
    )
    expect(page.locator("dialog#keys")).to_be_hidden()


def test_single_letters_can_be_switched_off(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.keyboard.press("?")
    page.locator("[data-letter-keys]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).not_to_be_focused()


def test_the_slash_leads_to_the_search_field(open_as, agent):
    page = open_as(agent)
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()


def test_rows_are_walked_by_keyboard(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".grid tr.current")).to_have_attribute("data-key", "waiting")
    page.keyboard.press("k")
    expect(page.locator(".grid tr.current")).to_have_attribute("data-key", "quiet")
    expect(page.locator(".grid tr.current")).to_be_focused()


def test_a_long_list_is_filtered_by_typing_and_chosen_by_enter(open_as, agent):
    page = open_as(agent, "/styleguide")
    field = page.get_by_role("combobox", name="地点")
    field.fill("超")
    field.press("Enter")
    assert page.locator("select#place").input_value() == "late"
    field.fill("nothing like it")
    expect(page.locator(".combobox .nothing")).to_be_visible()
    field.press("Escape")
    assert page.locator("select#place").input_value() == "late"


def test_several_are_chosen_and_taken_back(open_as, agent):
    page = open_as(agent, "/styleguide")
    field = page.get_by_role("combobox", name="协办")
    for text in ("草稿", "完成"):
        field.fill(text)
        field.press("Enter")
    chosen = "() => [...document.querySelector('select#helpers').selectedOptions].map((one) => one.value)"
    assert page.evaluate(chosen) == ["quiet", "good"]
    page.get_by_role("button", name="移除 草稿").click()
    assert page.evaluate(chosen) == ["good"]


def test_a_question_is_asked_before_the_deed(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.evaluate(
        """() => document.querySelector("[data-confirm]").addEventListener("click", () => (window.done = true))"""
    )
    page.locator("[data-confirm]").click()
    expect(page.locator("dialog#confirm")).to_be_visible()
    page.locator("[data-confirm-no]").click()
    assert not page.evaluate("Boolean(window.done)")
    page.locator("[data-confirm]").click()
    page.locator("[data-confirm-yes]").click()
    assert eventually(page, "Boolean(window.done)")


def test_the_theme_changes_at_once_and_stays(open_as, agent):
    page = open_as(agent)
    page.locator(".who").click()
    page.locator("[data-theme-choice][value=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_what_was_typed_without_a_connection_comes_back(open_as, agent):
    page = open_as(agent, "/workbench")
    title = page.locator(".workbench [name=title]")
    expect(title).to_be_visible()
    page.context.set_offline(True)
    title.fill("幸福路路灯不亮")
    expect(page.locator("[data-saved]")).to_have_attribute("data-state", "failed")
    page.context.set_offline(False)
    page.goto("/workbench")
    expect(page.locator(".workbench [name=title]")).to_have_value("幸福路路灯不亮")
    assert eventually(page, "!Object.keys(localStorage).some((key) => key.startsWith('draft:'))")


def test_a_refused_deed_leaves_the_form_and_says_why(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.route("**/refuse", lambda route: route.fulfill(
        status=409, content_type="text/html", body='<p data-error="王芳已经派单。"></p>'))  # fmt: skip
    page.evaluate(
        """() => { const form = document.querySelector("#main form.form");
                   form.noValidate = true; form.setAttribute("hx-post", "/refuse"); window.htmx.process(form); }"""
    )
    page.locator("#title").fill("路灯")
    page.locator("#main form.form button[type=submit]").first.click()
    expect(page.locator(".toast")).to_contain_text("王芳已经派单。")
    expect(page.locator("#title")).to_have_value("路灯")


def test_a_lost_connection_shows_its_age_and_recovers_by_itself(open_as, agent):
    page = open_as(agent)
    page.context.set_offline(True)
    page.evaluate("import('/static/js/socket.js').then(({socket}) => socket.io.engine.close())")
    expect(page.locator("#offline")).to_be_visible()
    expect(page.locator("#offline")).to_contain_text("秒")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden(timeout=15_000)
    expect(page.locator("#link-state")).to_have_attribute("data-state", "on")


def test_a_strip_takes_its_room_from_the_panels_and_the_form_keeps_its_buttons(open_as, agent):
    page = open_as(agent, "/workbench", viewport={"width": 1280, "height": 720})
    register = page.locator("#case-form button[value=register]")
    expect(register).to_be_in_viewport(ratio=1)
    page.context.set_offline(True)
    page.evaluate("import('/static/js/socket.js').then(({socket}) => socket.io.engine.close())")
    expect(page.locator("#offline")).to_be_visible()
    expect(register).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")


def bar_state(state: str = "idle", call: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "presence": {
            "state": state,
            "label": state,
            "hue": "good",
            "since": None,
            "reason": None,
            "wrap_until": None,
        },
        "reasons": [{"value": "meal", "label": "就餐"}],
        "call": call,
        "queue": {"waiting": 0},
        "may": [],
    }


def ringing(state: str) -> dict[str, Any]:
    return {"call_no": "C1", "call_id": 1, "state": state, "direction": "in", "number_masked": "139****0042",
            "queue": "综合", "waited": 3, "answered_at": None}  # fmt: skip


def test_a_call_rings_on_every_page_and_one_key_answers_it(open_as, agent):
    page = open_as(agent, "/styleguide")
    now = {"state": bar_state()}
    page.route("**/calls/bar", lambda route: route.fulfill(json=now["state"]))
    pressed: list[str] = []

    def answered(route) -> None:
        pressed.append(route.request.url.rpartition("/")[2])
        now["state"] = bar_state("talking", ringing("talking"))
        route.fulfill(json=now["state"])

    page.route("**/calls/C1/*", answered)
    now["state"] = bar_state("reserved", ringing("ringing"))
    tell(f"person:{agent.id}", "call:ringing", ringing("ringing"))
    expect(page.locator("#callbar")).to_contain_text("139****0042")
    expect(page.locator("#alarm")).to_contain_text("139****0042")
    assert "☎" in page.title()
    page.locator("#title").focus()
    page.keyboard.press("F2")
    expect(page.locator("[data-control=hangup]")).to_be_visible()
    assert pressed == ["answer"]
    assert "☎" not in page.title()


def test_an_answer_that_a_newer_one_overtook_changes_nothing_on_the_bar(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.wait_for_load_state("networkidle")
    asked: list[Any] = []
    page.route("**/calls/bar", lambda route: asked.append(route))
    for number in (1, 2):
        tell(f"person:{agent.id}", "presence", {})
        for _ in range(50):
            if len(asked) >= number:
                break
            page.wait_for_timeout(100)
    older, newer = asked
    newer.fulfill(json=bar_state("talking", ringing("talking")))
    expect(page.locator("[data-control=hangup]")).to_be_visible()
    with page.expect_response("**/calls/bar"):
        older.fulfill(json=bar_state())
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-control=hangup]")).to_be_visible()


def test_typing_that_nothing_saves_is_not_swept_away_by_a_call(open_as, agent):
    page = open_as(agent, "/styleguide")
    page.route("**/calls/bar", lambda route: route.fulfill(json=bar_state("reserved", ringing("ringing"))))
    page.route(
        "**/calls/C1/answer", lambda route: route.fulfill(json=bar_state("talking", ringing("talking")))
    )
    page.evaluate("() => (document.querySelector('#main form.form').method = 'post')")
    page.locator("#title").press_sequentially("路灯")
    tell(f"person:{agent.id}", "call:ringing", ringing("ringing"))
    expect(page.locator("[data-control=answer]")).to_be_visible()
    page.keyboard.press("F2")
    expect(page.locator("[data-control=register]")).to_be_visible()
    expect(page.locator("#title")).to_have_value("路灯")


def test_presence_is_chosen_by_keyboard(open_as, agent):
    page = open_as(agent, "/today")
    asked: list[Any] = []
    page.route("**/calls/bar", lambda route: route.fulfill(json=bar_state()))

    def chosen(route) -> None:
        asked.append(route.request.post_data_json)
        route.fulfill(json=bar_state("not_ready"))

    page.route("**/calls/presence", chosen)
    tell(f"person:{agent.id}", "presence", {})
    expect(page.locator("[data-presence-word]")).to_have_text("idle")
    page.keyboard.press("F8")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("[data-presence-word]")).to_have_text("not_ready")
    assert asked == [{"state": "not_ready", "reason": "meal"}]


def test_new_rows_are_counted_and_nothing_moves(open_as, committed):
    person = make_person([Role.DISPATCHER])
    page = open_as(person, "/desks/dispatch")
    place = page.locator("[data-live='desk:dispatch']").first
    expect(place).to_be_attached()
    tell("desk:dispatch", "worklist", {"desk": "dispatch", "delta": 1})
    tell("desk:dispatch", "worklist", {"desk": "dispatch", "delta": 1})
    expect(place.locator(".live-note")).to_contain_text("2")


def test_everything_is_reached_by_the_tab_key_and_the_focus_is_seen(open_as, agent):
    page = open_as(agent, "/today")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    for _ in range(4):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_pages_that_have_no_room_in_the_head_are_in_the_menu_of_all_pages(open_as, agent):
    page = open_as(agent, viewport={"width": 1920, "height": 900})
    expect(page.locator(".nav-all")).to_be_hidden()
    page.set_viewport_size({"width": 1210, "height": 900})
    page.evaluate("""() => {
        for (const badge of document.querySelectorAll(".nav .count")) {
            badge.hidden = false;
            badge.textContent = "999+";
        }
    }""")
    expect(page.locator(".nav-all")).to_be_visible()
    assert page.evaluate("[...document.querySelectorAll('.nav a')].some((link) => link.inert)")
    page.locator(".nav-all").click()
    expect(page.locator("#menu-all a").last).to_be_visible()
