"""Favourites, scripts and related items on their pages and beside the case."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from config.extensions import db
from knowledge_base.models import KnowledgeUse, Script
from knowledge_base.search import current_follower
from knowledge_base.services import write_script
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_editor, make_item


@pytest.fixture
def agent(app, clock):
    current_follower().look_now()
    return make_person([Role.AGENT])


def test_a_star_keeps_an_item_at_hand(sign_in, agent):
    item, client = make_item("停水怎么办", "停水了打 96390。", public=True), sign_in(agent)
    assert 'aria-pressed="false"' in client.get(f"/knowledge/{item.id}").text
    assert 'aria-pressed="true"' in client.post(f"/knowledge/{item.id}/favourite", data={"kept": "1"}).text
    assert "停水怎么办" in client.get("/knowledge/favourites").text
    panel = client.get("/knowledge/panel/favourites").text
    assert "停水了打 96390。" in panel
    assert "data-knowledge-send" in panel
    client.post(f"/knowledge/{item.id}/favourite", data={"kept": "0"})
    assert "停水怎么办" not in client.get("/knowledge/favourites").text
    assert "停水怎么办" not in client.get("/knowledge/panel/favourites").text


def test_only_what_is_public_can_be_sent(sign_in, agent):
    make_item("停水公告", "今晚停水", public=True)
    panel = sign_in(agent).get("/knowledge/panel?q=停水").text
    assert "data-knowledge-send" in panel
    make_item("供暖口径", "供暖补贴内部口径")
    current_follower().look_now()
    assert "data-knowledge-send" not in sign_in(agent).get("/knowledge/panel?q=供暖补贴内部").text


def test_scripts_are_kept_on_a_page_and_used_beside_the_case(sign_in, agent):
    lead = sign_in(make_person([Role.SHIFT_LEAD]))
    sent = {
        "title": "问候",
        "body": "您好，云汀市 12345 热线。",
        "category_code": "",
        "queue_code": "",
        "place": "1",
    }
    assert "问候" in lead.post("/knowledge/scripts", data=sent, follow_redirects=True).text
    assert lead.post("/knowledge/scripts", data={**sent, "title": ""}).status_code == 422
    assert lead.post("/knowledge/scripts", data={**sent, "category_code": "zz"}).status_code == 422
    script = db.session.query(Script).one()
    lead.post(f"/knowledge/scripts/{script.id}", data={**sent, "body": "您好，请讲。"})
    assert script.body == "您好，请讲。"
    client = sign_in(agent)
    assert "您好，请讲。" in client.get("/knowledge/panel/scripts?category_code=0301%00&queue=%00").text
    assert client.post(f"/knowledge/scripts/{script.id}/used", json={"kind": "inserted"}).status_code == 204
    assert db.session.query(KnowledgeUse).one().script_id == script.id
    assert client.get("/knowledge/scripts").status_code == 403
    lead.post(f"/knowledge/scripts/{script.id}/drop")
    assert "您好，请讲。" not in client.get("/knowledge/panel/scripts").text
    assert client.post(f"/knowledge/scripts/{script.id}/used", json=[]).status_code == 404


def test_an_item_names_what_is_near_it(sign_in, agent):
    item = make_item("公租房申请条件", "本市户籍家庭可以申请公租房。")
    make_item("公租房申请材料", "申请公租房需要身份证。")
    make_item("养犬登记", "每只三百元。")
    page = sign_in(agent).get(f"/knowledge/{item.id}").text
    related = page.split("相关知识")[1]
    assert "公租房申请材料" in related
    assert "养犬登记" not in related


def test_an_item_alone_has_no_relatives(sign_in, agent):
    assert "相关知识" not in sign_in(agent).get(f"/knowledge/{make_item('孤零零').id}").text


def test_a_script_of_an_editor_is_seen_by_the_lead(sign_in, agent):
    write_script(make_editor(), "等候", "请稍等。")
    assert "等候" in sign_in(make_person([Role.SHIFT_LEAD])).get("/knowledge/scripts").text
