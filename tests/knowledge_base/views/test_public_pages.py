"""Public pages: what everybody reads, and nothing besides."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select

from accounts.roles import Role
from config import clock as clocks
from config.errors import Invalid
from config.extensions import db, limiter
from knowledge_base.models import SearchLog
from knowledge_base.search import current_follower
from knowledge_base.services import (
    approve_item,
    attach_file,
    draft_item,
    edit_item,
    follow_item,
    retire_item,
    revise_item,
    submit_item,
)
from knowledge_base.words import Audience, ItemKind, ItemState, SearchOrigin
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text

INDEX = "/public/knowledge"


@pytest.fixture(autouse=True)
def _look_at_once(app, clock):
    current_follower().look_now()


def in_days(days):
    return clocks.today() + timedelta(days=days)


def public_item(title="停水怎么办", body="停水了打 96390。", **more):
    return make_item(title, body, public=True, **more)


def page_of(item):
    return f"{INDEX}/{item.item_no}"


def publish_again(item, title, **more):
    editor, approver = make_editor(), make_approver()
    revise_item(editor, item)
    edit_item(editor, item, some_text(title, "改过的内容。", **{"public": True, **more}))
    submit_item(editor, item)
    approve_item(approver, item)


def test_everybody_reads_what_is_public_and_valid(client):
    item = public_item(source="供水条例", document_no="云政〔2025〕3号")
    answer = client.get(page_of(item))
    for said in (
        "停水怎么办",
        "停水了打 96390。",
        "云政〔2025〕3号",
        item.department.name,
        'rel="canonical"',
    ):
        assert said in answer.text
    assert "停水怎么办" in client.get(INDEX).text


def test_nobodys_name_no_cookie_and_no_script_is_on_it(client):
    editor, approver = make_editor(name="采编甲"), make_approver(name="审核乙")
    item = public_item(editor=editor, approver=approver)
    for address in (page_of(item), INDEX, f"{INDEX}/feed.atom", f"{INDEX}?q=停水"):
        answer = client.get(address)
        assert "采编甲" not in answer.text
        assert "审核乙" not in answer.text
        assert "<script" not in answer.text
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.parametrize("state", [ItemState.DRAFT, ItemState.IN_REVIEW, ItemState.RETIRED])
def test_what_is_not_published_is_not_there(client, state):
    item = public_item(state=state)
    answer = client.get(page_of(item))
    assert answer.status_code == (410 if state is ItemState.RETIRED else 404)
    assert "96390" not in answer.text
    assert "停水怎么办" not in client.get(INDEX).text


def test_what_was_never_marked_public_is_not_there_nor_said_to_exist(client):
    item = make_item("内部口径", "不外传")
    assert client.get(page_of(item)).status_code == 404
    assert "内部口径" not in client.get(page_of(item)).text
    assert "内部口径" not in client.get(INDEX).text
    assert page_of(item) not in client.get(f"{INDEX}?q=内部口径").text


def test_what_is_not_yet_or_no_longer_valid_is_not_there(client, clock):
    later = public_item("明天的规定", effective_on=in_days(1))
    ending = public_item("今天到期", expires_on=in_days(0))
    assert client.get(page_of(later)).status_code == 404
    assert client.get(page_of(ending)).status_code == 200
    clock.advance(days=1)
    assert client.get(page_of(later)).status_code == 200
    gone = client.get(page_of(ending))
    assert gone.status_code == 410
    assert str(in_days(-1)) in gone.text


def test_what_was_taken_back_before_its_day_never_stood_there(client, clock):
    item = public_item("下月涨价的误稿", effective_on=in_days(1))
    retire_item(make_approver(), item, "误发")
    clock.advance(days=2)
    for address in (page_of(item), f"{page_of(item)}/1"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "误稿" not in answer.text


def test_a_text_that_had_ended_before_it_was_entered_never_stood_there(client):
    item = public_item("前年的补贴", effective_on=in_days(-700), expires_on=in_days(-400))
    assert client.get(page_of(item)).status_code == 404


def test_what_was_taken_back_on_its_first_day_is_gone(client, clock):
    item = public_item("明天的规定", effective_on=in_days(1))
    clock.advance(days=1)
    retire_item(make_approver(), item, "误发")
    assert client.get(page_of(item)).status_code == 410


def test_the_address_stays_when_the_title_changes_and_old_versions_lead_on(client):
    item = public_item("旧标题", "旧内容")
    assert client.get(f"{page_of(item)}/1").status_code == 200
    publish_again(item, "新标题")
    assert "新标题" in client.get(page_of(item)).text
    old = client.get(f"{page_of(item)}/1")
    assert old.status_code == 410
    assert f'href="{page_of(item)}"' in old.text
    assert "旧内容" not in old.text
    assert client.get(f"{page_of(item)}/2").status_code == 200
    assert client.get(f"{page_of(item)}/9").status_code == 404


def test_a_version_that_is_not_public_takes_the_page_away(client):
    item = public_item("旧标题")
    publish_again(item, "收回的标题", public=False)
    gone = client.get(page_of(item))
    assert gone.status_code == 410
    assert "收回的标题" not in gone.text


def test_to_mark_it_public_wants_four_eyes(client, sign_in):
    """The mark stands on the version: it is written by one and approved by another, as every word is."""
    item, editor = make_item("公租房指南"), make_editor()
    revise_item(editor, item)
    edit_item(editor, item, some_text("公租房指南", public=True))
    assert client.get(page_of(item)).status_code == 404
    submit_item(editor, item)
    approver = make_approver()
    assert "公开页面" in sign_in(approver).get(f"/knowledge/{item.id}?version=2").text
    assert client.get(page_of(item)).status_code == 404
    approve_item(approver, item)
    assert client.get(page_of(item)).status_code == 200


@pytest.mark.parametrize("facts", [{"audience": Audience.STAFF}, {"kind": ItemKind.SCRIPT}])
def test_staff_text_is_never_public(facts):
    with pytest.raises(Invalid) as wrong:
        draft_item(make_editor(), some_text("内部口径", public=True, **facts), make_department())
    assert "public" in wrong.value.fields


def test_the_next_text_of_a_public_item_is_public_too(client, clock):
    item = public_item("供水条例", effective_on=in_days(-10))
    editor = make_editor()
    follow_item(editor, item, some_text("供水条例（修订）", effective_on=in_days(1)))
    submit_item(editor, item)
    approve_item(make_approver(), item)
    clock.advance(days=2)
    assert "供水条例（修订）" in client.get(page_of(item)).text


def test_files_of_the_text_go_with_it(client):
    editor = make_editor()
    item = draft_item(editor, some_text("带附件", public=True), make_department())
    attachment = attach_file(editor, item, io.BytesIO("申请表".encode()), "申请表.txt")
    address = f"{page_of(item)}/files/{attachment.id}"
    assert client.get(address).status_code == 404
    submit_item(editor, item)
    approver = make_approver()
    approve_item(approver, item)
    with client.get(address) as answer:
        assert answer.data == "申请表".encode()
    assert client.get(f"{page_of(public_item())}/files/{attachment.id}").status_code == 404
    retire_item(approver, item, "作废")
    assert client.get(address).status_code == 404


def test_the_index_is_narrowed_searched_and_paged(client):
    office = make_department("水务局")
    public_item("停水公告", kind=ItemKind.NOTICE, department=office)
    public_item("供暖补贴", "每平方米三元", kind=ItemKind.QA)
    assert "供暖补贴" not in client.get(f"{INDEX}?kind=notice").text
    assert "供暖补贴" not in client.get(f"{INDEX}?department={office.code}").text
    found = client.get(f"{INDEX}?q=每平方米多少钱").text
    assert "供暖补贴" in found
    assert "noindex" in found
    for n in range(40):
        public_item(f"第{n:02d}篇")
    first = client.get(INDEX).text
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    assert "停水公告" not in first
    assert "停水公告" in client.get(f"{INDEX}?cursor={cursor}").text


@pytest.mark.parametrize(
    "rubbish",
    ["kind=script", "kind=%00", "department=%00", "q=%00", "cursor=zz", "lang=xx", "q=" + "长" * 500],
)
def test_rubbish_is_no_filter(client, rubbish):
    public_item()
    assert client.get(f"{INDEX}?{rubbish}").status_code == 200


def test_an_address_with_rubbish_in_it_is_not_found(client):
    assert client.get(f"{INDEX}/%00").status_code == 404


@pytest.mark.parametrize("no", ["K999999", "K" * 300, "1"])
def test_numbers_that_are_none_are_not_found(client, no):
    answer = client.get(f"{INDEX}/{no}")
    assert answer.status_code == 404
    assert "<script" not in answer.text
    assert "Set-Cookie" not in answer.headers


def test_caches_keep_a_page_and_ask_whether_it_is_still_the_same(client):
    item = public_item()
    first = client.get(page_of(item))
    assert first.headers["Cache-Control"] == "public, max-age=300"
    again = client.get(page_of(item), headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    publish_again(item, "新标题")
    changed = client.get(page_of(item), headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_both_languages_have_an_address_of_their_own(client):
    item = public_item()
    assert "Valid" in client.get(f"{page_of(item)}?lang=en").text
    assert "有效期" in client.get(page_of(item)).text or "有效" in client.get(page_of(item)).text


def test_feed_sitemap_and_robots_name_what_is_public(client):
    item = public_item("停水 & 供水")
    make_item("内部口径")
    atom = ElementTree.fromstring(client.get(f"{INDEX}/feed.atom").text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in atom.findall("a:entry/a:title", space)] == ["停水 & 供水"]
    assert atom.find("a:entry/a:link", space).get("href").endswith(page_of(item))
    parts = ElementTree.fromstring(client.get(f"{INDEX}/sitemap.xml").text)
    part = next(iter(parts))[0].text
    urls = ElementTree.fromstring(client.get(part[part.index("/public") :]).text)
    assert [url[0].text.rsplit("/", 1)[1] for url in urls] == [item.item_no]
    assert "Sitemap: " in client.get("/robots.txt").text


def test_what_waited_for_its_day_is_new_in_feed_and_sitemap_on_that_day(client, clock):
    later = public_item("明天的规定", effective_on=in_days(1))
    clock.advance(hours=3)
    public_item("今天的公告")
    clock.advance(days=1)
    atom = ElementTree.fromstring(client.get(f"{INDEX}/feed.atom").text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in atom.findall("a:entry/a:title", space)] == ["明天的规定", "今天的公告"]
    midnight = clocks.start_of_day(in_days(0))
    told = {atom.find(path, space).text for path in ("a:updated", "a:entry/a:updated")}
    assert {datetime.fromisoformat(one) for one in told} == {midnight}
    part = client.get(f"{INDEX}/sitemap-0.xml").text
    assert f"{later.item_no}</loc><lastmod>{in_days(0)}" in "".join(part.split())


def test_the_feed_is_narrowed_and_survives_rubbish(client):
    item = public_item("停水公告", kind=ItemKind.NOTICE)
    public_item("供暖补贴", kind=ItemKind.QA)
    assert "供暖补贴" not in client.get(f"{INDEX}/feed.atom?kind=notice").text
    assert "供暖补贴" not in client.get(f"{INDEX}/feed.atom?department={item.department.code}").text
    for rubbish in ("department=%00", "kind=%00", "department=nobody", "lang=%00"):
        assert client.get(f"{INDEX}/feed.atom?{rubbish}").status_code == 200


def test_the_sitemap_is_cut_into_parts(client, monkeypatch):
    monkeypatch.setattr("knowledge_base.views.public_pages.PART", 2)
    for n in range(5):
        public_item(f"第{n}篇")
    parts = [one[0].text for one in ElementTree.fromstring(client.get(f"{INDEX}/sitemap.xml").text)]
    counts = [len(ElementTree.fromstring(client.get(one[one.index("/public") :]).text)) for one in parts]
    assert counts == [2, 2, 1]


def test_who_asks_too_often_waits(client, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)
    answers = [client.get(f"{INDEX}?q=停水").status_code for _ in range(42)]
    assert (answers[0], answers[-1]) == (200, 429)
    assert client.get(INDEX).status_code == 200


def test_an_editor_looks_at_it_before(client, sign_in):
    item = public_item(state=ItemState.DRAFT)
    preview = sign_in(make_editor()).get(f"/knowledge/{item.id}/public")
    assert "停水了打 96390。" in preview.text
    assert "预览" in preview.text
    assert sign_in(make_person([Role.AGENT])).get(f"/knowledge/{item.id}/public").status_code == 403
    assert client.get(f"/knowledge/{item.id}/public").status_code in (302, 401)


def test_what_citizens_ask_is_logged_without_them(client, clock):
    public_item()
    for words in (
        "停水",
        "我的电话13912340042没人回",
        "身份证11010519491231002X怎么补办",
        "zhang@example.com 停水",
    ):
        client.get(INDEX, query_string={"q": words}, environ_overrides={"REMOTE_ADDR": "203.0.113.9"})
    client.get(INDEX)
    logged = db.session.scalars(select(SearchLog).order_by(SearchLog.id)).all()
    assert [row.query for row in logged] == ["停水", "我的电话…没人回", "身份证…怎么补办", "… 停水"]
    assert {(row.origin, row.person_id) for row in logged} == {(SearchOrigin.PUBLIC, None)}
    assert {(row.at.minute, row.at.second, row.at.microsecond) for row in logged} == {(0, 0, 0)}
    assert logged[0].hits == 1
