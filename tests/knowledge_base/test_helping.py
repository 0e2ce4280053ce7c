"""Favourites and scripts: kept by people, offered where they fit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import Role
from config import clock as clocks
from config.errors import Invalid, NotFound, NotPermitted
from config.extensions import db
from knowledge_base import queries
from knowledge_base.interfaces import Places, script_places
from knowledge_base.services import drop_script, keep_favourite, retire_item, write_script
from tests.factories.accounts import make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item


@pytest.fixture
def agent(app, clock):
    return make_person([Role.AGENT])


@pytest.fixture
def lead(app, clock, monkeypatch):
    places = Places([("03", "城市管理"), ("0301", "占道经营")], [("enterprise", "企业服务")])
    monkeypatch.setattr(script_places, "_answer", lambda: places)
    return make_person([Role.SHIFT_LEAD])


def kept(person):
    return [version.title for version in db.session.scalars(queries.favourites(person))]


def test_favourites_are_a_persons_own_and_kept_once(agent):
    first, second = make_item("停水公告"), make_item("供暖补贴")
    for item in (first, second, first):
        keep_favourite(agent, item)
    assert kept(agent) == ["供暖补贴", "停水公告"]
    assert queries.is_favourite(agent, first)
    assert kept(make_person([Role.AGENT])) == []
    keep_favourite(agent, first, kept=False)
    assert kept(agent) == ["供暖补贴"]


def test_what_is_no_longer_valid_is_no_longer_at_hand(agent, clock):
    ending, retired = make_item("到期", expires_on=clocks.today() + timedelta(days=1)), make_item("作废")
    for item in (ending, retired):
        keep_favourite(agent, item)
    retire_item(make_approver(), retired, "作废")
    assert kept(agent) == ["到期"]
    clock.advance(days=3)
    assert kept(agent) == []


def test_scripts_fit_a_category_its_branches_and_a_queue(lead):
    for title, category, queue in (
        ("问候", "", ""), ("城管", "03", ""), ("占道", "0301", ""), ("企业", "", "enterprise"),
    ):  # fmt: skip
        write_script(lead, title, "您好", category_code=category, queue_code=queue)
    titles = lambda *where: [one.title for one in queries.scripts_for(*where)]  # noqa: E731
    assert titles() == ["问候"]
    assert titles("0301") == ["占道", "城管", "问候"]
    assert titles("0302") == ["城管", "问候"]
    assert titles("", "enterprise") == ["企业", "问候"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "长" * 81}, "title"),
        ({"body": "\u200b"}, "body"),
        ({"body": "长" * 1001}, "body"),
        ({"category_code": "99"}, "category_code"),
        ({"queue_code": "nowhere"}, "queue_code"),
    ],
)
def test_a_wrong_script_names_its_field(lead, facts, field):
    given = {"title": "问候", "body": "您好", **facts}
    with pytest.raises(Invalid) as wrong:
        write_script(lead, given.pop("title"), given.pop("body"), **given)
    assert set(wrong.value.fields) == {field}


def test_editors_and_leads_keep_scripts_and_agents_do_not(lead, agent):
    script = write_script(make_editor(), "问候", "您好", place=5)
    assert write_script(lead, "问候", "您好，请讲", script_id=script.id).body == "您好，请讲"
    with pytest.raises(NotPermitted):
        write_script(agent, "问候", "喂")
    drop_script(lead, script.id)
    assert queries.scripts_for() == []
    with pytest.raises(NotFound):
        queries.script(script.id)
