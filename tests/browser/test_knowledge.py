"""Knowledge while a citizen is on the line: quoting, sending a link, favourites and scripts by one letter each."""

from __future__ import annotations

import re
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from accounts.roles import Role
from config.extensions import db
from config.phones import mask_phone
from config.sms import SmsMessage
from dispatch.services.reference import seed_reference
from dispatch.workflow import CaseState
from knowledge_base.models import KnowledgeUse
from knowledge_base.services import keep_favourite, retire_item, write_script
from tests.browser.test_hands import compose
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import make_agent, make_call
from tests.factories.knowledge_base import make_approver, make_editor, make_item

pytestmark = pytest.mark.browser


def test_answers_links_favourites_and_scripts_by_one_letter(open_as, committed):
    seed_reference()
    agent = make_agent()
    call = make_call(agent, number="+8613912340042", state="talking")
    keep_favourite(agent, make_item("供暖补贴", "每平方米三元。", public=True))
    make_item("停水怎么办", "停水了打 96390。", public=True)
    write_script(make_editor(), "问候", "您好，请讲。")
    db.session.commit()
    page = open_as(agent, f"/workbench?call={call.call_no}")
    answer = page.locator("form[data-case-form] [name=answer]")
    expect(answer).to_be_attached()
    page.locator("[data-knowledge-query]").fill("停水")
    expect(page.locator("#knowledge-hits")).to_contain_text("96390")
    page.locator("#bench-knowledge").click()

    page.keyboard.press("i")
    expect(answer).to_have_value(re.compile("^停水了打 96390。\n（.+）$"))
    page.keyboard.press("Escape")

    page.keyboard.press("s")
    dialog = page.locator("dialog#send-link")
    expect(dialog).to_contain_text("139****0042")
    dialog.locator("[name=consent]").check()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("已发往")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.keyboard.press("f")
    expect(page.locator("#knowledge-hits")).to_contain_text("供暖补贴")
    page.keyboard.press("h")
    expect(page.locator("#knowledge-hits")).to_contain_text("您好，请讲。")
    page.keyboard.press("i")
    assert answer.input_value().endswith("\n\n您好，请讲。")

    db.session.rollback()
    assert db.session.query(SmsMessage).one().number == "+8613912340042"
    subjects = {use.subject.split(":")[0] for use in db.session.query(KnowledgeUse)}
    assert subjects == {"intake"}


def test_on_a_cases_page_an_answer_goes_into_the_reply_and_a_link_to_the_citizen(open_as, committed):
    """S is Sign on such a page: it is the panel's once somebody is in the panel."""
    seed_reference()
    staff = make_staff()
    case = make_case(CaseState.DISPATCHED, staff)
    officer = make_person(roles=(Role.CASE_OFFICER, Role.AGENT), department=staff.bureau)
    make_item("路灯不亮怎么办", "路灯不亮，三日内修复。", public=True)
    db.session.commit()
    page = open_as(officer, f"/cases/{case.case_no}")
    page.keyboard.press("k")
    page.keyboard.type("路灯")
    expect(page.locator("#knowledge-hits")).to_contain_text("三日内修复")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    dialog = page.locator("dialog#send-link")
    expect(dialog).to_contain_text(mask_phone(case.contact_phone))
    dialog.locator("[name=consent]").check()
    page.keyboard.press("Enter")
    expect(dialog).to_contain_text("已发往")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.locator("h1").focus()
    page.keyboard.press("s")
    page.locator("#action-form [data-main]").click()
    expect(page.locator(".case-head")).to_contain_text("办理中")
    expect(page.locator(".htmx-added")).to_have_count(
        0
    )  # no hand is as quick as this one: the page is not wired yet

    page.keyboard.press("k")
    page.keyboard.type("路灯")
    expect(page.locator("#knowledge-hits")).to_contain_text("三日内修复")
    page.keyboard.press("Escape")
    with page.expect_response(lambda answered: answered.request.method == "POST" and "/used" in answered.url):
        page.keyboard.press("i")
    expect(page.locator("#action-form [name=public_text]")).to_have_value(
        re.compile("^路灯不亮，三日内修复。\n（.+）$")
    )

    db.session.rollback()
    uses = {(use.kind.value, use.subject) for use in db.session.query(KnowledgeUse)}
    assert uses == {(kind, f"case:{case.case_no}") for kind in ("sent", "inserted")}


def test_a_question_is_asked_when_the_input_method_has_made_a_word_of_it(open_as, committed):
    seed_reference()
    agent = make_agent()
    call = make_call(agent, number="+8613912340042", state="talking")
    make_item("停水怎么办", "停水了打 96390。")
    make_item("路灯不亮怎么办", "路灯不亮，三日内修复。")
    db.session.commit()
    page = open_as(agent, f"/workbench?call={call.call_no}")
    asked: list[str] = []
    page.on("request", lambda one: asked.append(unquote(one.url)) if "/knowledge/panel?" in one.url else None)
    field, hits = page.locator("[data-knowledge-query]"), page.locator("#knowledge-hits")
    expect(page.locator("form[data-case-form] [name=answer]")).to_be_attached()
    field.focus()
    before = field.bounding_box(), hits.bounding_box()
    for letters in ("t", "ti", "tin", "ting", "ting's", "ting'shui"):
        compose(page, letters)
    page.keyboard.insert_text("停水")
    expect(hits).to_contain_text("96390")
    assert [one.split("q=")[1] for one in asked] == ["停水"]
    assert (field.bounding_box(), hits.bounding_box()) == before, "nothing moves under the eyes of who types"

    page.locator("form[data-case-form] [name=title]").focus()
    compose(page, "ludeng")
    page.keyboard.insert_text("路灯不亮")
    expect(hits).to_contain_text("三日内修复")
    assert [one.split("q=")[1] for one in asked] == ["停水", "路灯不亮"]
    expect(field).to_have_value("路灯不亮")


def test_whoever_quotes_what_was_withdrawn_while_they_read_it_is_told(open_as, committed):
    seed_reference()
    agent = make_agent()
    call = make_call(agent, number="+8613912340042", state="talking")
    item = make_item("停水怎么办", "停水了打 96390。")
    db.session.commit()
    page = open_as(agent, f"/workbench?call={call.call_no}")
    expect(page.locator("form[data-case-form] [name=answer]")).to_be_attached()
    page.locator("[data-knowledge-query]").fill("停水")
    expect(page.locator("#knowledge-hits")).to_contain_text("96390")
    retire_item(make_approver(), item, "换了号码")
    db.session.commit()
    page.locator("#bench-knowledge").click()
    page.keyboard.press("i")
    expect(page.locator("#toasts .late")).to_contain_text("请重新检索后再答复")
