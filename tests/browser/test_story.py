"""A citizen's call travels the whole way, in the browser, by the hands of the people whose part it is.

Ring → screen pop → registered → dispatched → signed → replied → released by the department → reviewed → called back →
closed, while the board counts it.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from config.embedded.processes import wait_until
from config.embedded.programs import FLASK
from tests.support.live import LiveHotline

pytestmark = pytest.mark.browser

SUBJECT = "幸福路十二号门前路灯不亮"


@pytest.fixture
def telephone_network(hotline: LiveHotline):
    """A network in which nobody calls of their own accord."""
    hotline.start("simulator", (*FLASK, "simulate", "--rate", "0", "--agents", "0", "--seed", "7"))
    wait_until(lambda: "simulator_running" in hotline.log("simulator"), 90, "the telephone network")
    yield
    hotline.kill("simulator")


def figure(board: Page, name: str) -> int:
    """A count on the board, as it stands there."""
    shown = board.locator(f'[data-figure="{name}"] .value').first.inner_text()
    return int(re.sub(r"\D", "", shown) or 0)


def expect_figure(board: Page, name: str, value: int) -> None:
    expect(board.locator(f'[data-figure="{name}"] .value').first).to_have_text(re.compile(rf"^{value:,}$"))


def do(page: Page, action: str) -> None:
    """Press the action's button; its form opens."""
    page.locator(f'[data-action="{action}"]').click()
    expect(page.locator("#action-panel form")).to_be_visible()


def send(page: Page) -> None:
    """Send the action's form by keyboard, and wait until the deed is told."""
    page.keyboard.press("Control+Enter")
    expect(page.locator("#action-panel form")).to_have_count(0)


def open_case(page: Page, case_no: str) -> None:
    page.goto(f"/cases/{case_no}")
    expect(page.locator("h1")).to_contain_text(SUBJECT)


def test_a_call_becomes_a_case_and_the_case_gets_answered(page_as, telephone_network):
    board = page_as("manager", "/board")
    expect(board.locator("[data-board]")).to_be_visible()
    answered, registered, closed = (
        figure(board, f"figures.{code}") for code in ("calls_answered", "cases_registered", "cases_closed")
    )

    # The agent signs on, a citizen calls, the screen pops, one key answers.
    agent = page_as("agent", "/workbench")
    expect(agent.locator("[data-presence-word]")).to_have_text("签出")
    agent.keyboard.press("F8")
    menu = agent.locator("#menu-presence")
    expect(menu).to_be_visible()
    seat = menu.locator("input")
    if seat.count() and not seat.input_value():
        seat.fill("1001")
    menu.locator("button").first.click()
    expect(agent.locator("[data-presence-word]")).to_have_text("空闲")
    agent.locator("[data-ring-me]").click()
    expect(agent.locator("[data-control=answer]")).to_be_visible(timeout=30_000)
    agent.keyboard.press("F2")
    expect(agent.locator("[data-control=hangup]")).to_be_visible()
    agent.wait_for_url(re.compile("/workbench\\?call="))
    expect_figure(board, "figures.calls_answered", answered + 1)

    # They take down what the citizen says; the knowledge base looks along; Ctrl+Enter registers.
    form = agent.locator("form[data-case-form]")
    expect(form).to_be_visible()
    form.locator("input[name=request_type][value=help]").check()
    agent.locator("#category_code-field input[role=combobox]").fill("路灯")
    agent.keyboard.press("Enter")
    form.locator("[name=title]").fill(SUBJECT)
    form.locator("[name=content]").fill("市民来电：路灯三天不亮，晚上老人出门看不清路，请尽快维修。")
    expect(agent.locator("#knowledge-hits")).to_contain_text("路灯")
    form.locator("[name=content]").press("Control+Enter")
    registered_card = agent.locator(".registered")
    expect(registered_card).to_be_visible()
    case_no = registered_card.locator("a.mono").inner_text().strip()
    assert re.fullmatch(r"\d{8}-\d+", case_no)
    agent.keyboard.press("F9")
    expect(agent.locator("[data-presence-word]")).to_have_text("话后整理")
    expect_figure(board, "figures.cases_registered", registered + 1)

    # The dispatcher finds it on the desk and sends it to the bureau.
    dispatcher = page_as("dispatcher", "/desks/dispatch")
    expect(dispatcher.locator("h1")).to_be_visible()
    open_case(dispatcher, case_no)
    do(dispatcher, "dispatch")
    lead = dispatcher.locator("#lead-field input[role=combobox]")
    lead.fill("城市管理局")
    lead.press("Enter")
    send(dispatcher)

    # The department: the officer signs and writes, the approver lets it go.
    officer = page_as("officer", "/inbox")
    expect(officer.locator("#main")).to_contain_text(case_no)
    open_case(officer, case_no)
    do(officer, "sign")
    send(officer)
    open_case(officer, case_no)
    do(officer, "write_reply")
    reply = "经现场核实，路灯电缆老化，已于当日更换并恢复照明。"
    officer.locator("#action-panel [name=public_text]").fill(reply)
    send(officer)
    approver = page_as("approver")
    open_case(approver, case_no)
    do(approver, "release_reply")
    send(approver)

    # The reviewer passes it; the callback agent asks the citizen the two questions.
    reviewer = page_as("reviewer")
    open_case(reviewer, case_no)
    expect(reviewer.locator("#main")).to_contain_text(reply)
    do(reviewer, "pass_reply")
    send(reviewer)
    caller = page_as("callback")
    open_case(caller, case_no)
    do(caller, "close_satisfied")
    caller.locator("#action-panel input[name=solved][value=true]").check()
    caller.locator("#action-panel input[name=rating][value='5']").check()
    send(caller)

    # Closed, told as one story, and counted.
    open_case(caller, case_no)
    expect(caller.locator("#main")).to_contain_text("已办结")
    for step in ("登记", "派单", "签收", "回访"):
        expect(caller.locator("#main")).to_contain_text(step)
    expect_figure(board, "figures.cases_closed", closed + 1)


def test_a_department_works_its_inbox_on_a_telephone(page_as):
    officer = page_as("officer", "/inbox", viewport={"width": 390, "height": 844})
    expect(officer.locator("h1")).to_be_visible()
    wide = officer.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, "nothing is to be pushed sideways on a telephone"
