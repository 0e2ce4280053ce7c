"""The knowledge monitor against a small stock counted by hand."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from accounts.roles import Role
from config import clock as clocks
from config.extensions import db
from knowledge_base import queries
from knowledge_base.services import (
    confirm_item,
    make_task,
    record_entry_use,
    record_public_search,
    record_script_use,
    record_search,
    record_use,
    send_correction,
    settle_correction,
    write_script,
)
from knowledge_base.words import Doubt, ItemState, SearchOrigin, UseKind
from reports.knowledge_lists import View, listing
from reports.knowledge_stock import STANDING, standing
from reports.kpis import Period, Scope, compute_all
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor, make_item


@pytest.fixture
def agent(app, clock):
    return make_person([Role.AGENT], department=make_department(name="话务中心"))


@pytest.fixture
def period(clock):
    return Period.of_days(clocks.today(), clocks.today() + timedelta(days=60))


@pytest.fixture
def manager(app, clock, sign_in):
    return sign_in(make_person([Role.MANAGER]))


def search(agent, clock, words, hits):
    clock.advance(minutes=1)
    return record_search(agent, words, SearchOrigin.PANEL, hits)


def values(period, scope=None):
    return {
        code: f.value for code, f in compute_all(period, scope or Scope()).items() if code.startswith("kb_")
    }


def rows(view, period, path=None):
    found = listing(view, period, path)
    return list(db.session.execute(found.statement.order_by(*found.keys)))


def test_searches_and_what_came_of_them(agent, clock, period):
    first, second = make_item("停水公告"), make_item("供暖补贴")
    search(agent, clock, "没有的事", 0)
    followed = search(agent, clock, "停水", 5)
    record_use(agent, first, UseKind.OPENED, search_id=followed, rank=1)
    record_use(agent, first, UseKind.INSERTED, search_id=followed, rank=1)
    record_use(agent, second, UseKind.OPENED, search_id=followed, rank=4)
    search(agent, clock, "供暖", 2)
    found = values(period)
    assert found["kb_searches"] == 3
    assert found["kb_no_result_rate"] == pytest.approx(1 / 3)
    assert found["kb_click_rate"] == pytest.approx(1 / 2)
    assert (found["kb_clicks"], found["kb_uses"]) == (3, 1)
    assert found["kb_first_hit_rate"] == found["kb_top_three_rate"] == pytest.approx(2 / 3)
    assert found["kb_published"] == found["kb_new_items"] == 2
    here, there = agent.department, first.department
    assert values(period, Scope(here.path))["kb_searches"] == 3
    assert values(period, Scope(there.path))["kb_searches"] == 0
    assert values(period, Scope(there.path))["kb_clicks"] == 2


def test_links_scripts_and_directory_entries_are_uses_too(agent, clock, period):
    item, office = make_item("停水公告"), make_department("水务局")
    record_use(agent, item, UseKind.SENT, sent_to="139****0042")
    record_script_use(agent, write_script(make_editor(), "问候", "您好"), UseKind.INSERTED)
    record_entry_use(agent, office, UseKind.INSERTED, search_id=search(agent, clock, "水务局电话", 1), rank=1)
    found = values(period)
    assert (found["kb_uses"], found["kb_links_sent"], found["kb_scripts_used"]) == (3, 1, 1)
    assert found["kb_click_rate"] == 1
    assert values(period, Scope(office.path))["kb_uses"] == 1
    assert [r.item_id for r in rows(View.USED, period)] == [item.id]


def test_what_is_asked_in_vain_is_put_together_by_its_words(agent, clock, period):
    other = make_person([Role.AGENT])
    for person, words, hits in (
        (agent, "ETC 退费", 0), (other, "etc 退费", 0), (agent, "没有的事", 0), (agent, "停水", 3),
    ):  # fmt: skip
        search(person, clock, words, hits)
    empty = rows(View.EMPTY, period)
    assert [(row.times, row.people) for row in empty] == [(2, 2), (1, 1)]
    assert [row.query for row in rows(View.UNFOLLOWED, period)] == ["停水"]
    assert [row.times for row in rows(View.EMPTY, period, agent.department.path)] == [1, 1]
    task = make_task(make_editor(), "Etc 退费", make_department(), clocks.today())
    assert rows(View.EMPTY, period)[0].task_id == task.id


def test_what_lies_on_the_shelves(agent, clock, period):
    used, ending = (
        make_item("停水公告"),
        make_item("年底结束", expires_on=clocks.today() + timedelta(days=10)),
    )
    make_item("草稿", state=ItemState.DRAFT)
    record_use(agent, used, UseKind.COPIED)
    record_use(agent, used, UseKind.OPENED)
    assert [(r.item_id, r.times, r.opened) for r in rows(View.USED, period)] == [(used.id, 1, 1)]
    assert [r.item_id for r in rows(View.UNUSED, period)] == [ending.id]
    assert [r.item_id for r in rows(View.EXPIRING, period)] == [ending.id]
    assert rows(View.STALE, period) == []
    clock.advance(days=400)
    assert [r.item_id for r in rows(View.STALE, period)] == [used.id, ending.id]
    assert standing()["valid"] == 1
    assert standing(used.department.path)["stale"] == 1


def test_corrections_and_tasks_open_late_and_answered(agent, clock, period):
    item = make_item("停水公告")
    version = make_version(item)
    editor = make_editor()
    first = send_correction(agent, version, "电话不对")
    send_correction(agent, version, "地址不对")
    settle_correction(editor, first.id, "改了")
    make_task(editor, "停电找谁", item.department, clocks.today())
    found = values(period)
    assert (found["kb_corrections"], found["kb_corrections_in_time"], found["kb_corrections_right"]) == (
        2,
        1,
        1,
    )
    assert found["kb_tasks_made"] == 1
    assert (standing()["corrections"], standing()["corrections_late"], standing()["tasks_late"]) == (1, 0, 0)
    clock.advance(days=10)
    assert (standing()["corrections_late"], standing()["tasks_late"]) == (1, 1)
    assert [r.text for r in rows(View.CORRECTIONS, period)] == ["地址不对"]


def make_version(item):
    return queries.version_for(make_editor(), item)


def test_what_an_import_was_not_certain_of_waits_on_the_monitor(agent, clock, period, manager):
    certain, doubtful = make_item("停水公告"), make_item("scan 0012")
    make_version(doubtful).doubts = [Doubt.TITLE_FROM_NAME.value]
    db.session.commit()
    assert [r.item_id for r in rows(View.DOUBTFUL, period)] == [doubtful.id]
    assert (standing()["doubtful"], standing(certain.department.path)["doubtful"]) == (1, 0)
    page = manager.get("/monitor/knowledge?view=doubtful").text
    assert "标题（取自文件名）" in page
    assert "停水公告" not in page
    table = manager.get("/monitor/knowledge.xlsx?view=doubtful")
    assert "标题（取自文件名）" in [
        c for row in openpyxl.load_workbook(io.BytesIO(table.data)).active.values for c in row
    ]
    confirm_item(make_editor(), doubtful)
    assert rows(View.DOUBTFUL, period) == []


def test_a_figure_is_as_long_as_its_list(agent, clock, period):
    for n in range(3):
        make_item(f"第{n}条", expires_on=clocks.today() + timedelta(days=n))
    for code in ("stale", "doubtful", "expiring", "unused", "corrections"):
        assert standing()[code] == len(rows(View(code), period)), code


def test_every_view_shows_its_list_and_takes_it_away(agent, clock, manager):
    item = make_item("停水公告", expires_on=clocks.today() + timedelta(days=5))
    send_correction(agent, make_version(item), "电话不对")
    record_use(agent, item, UseKind.OPENED, search_id=search(agent, clock, "停水", 1), rank=1)
    search(agent, clock, "没有的事", 0)
    search(agent, clock, "看了没点", 9)
    words = {
        View.EMPTY: "没有的事", View.UNFOLLOWED: "看了没点", View.USED: "停水公告", View.EXPIRING: "停水公告",
        View.CORRECTIONS: "电话不对", View.DEPARTMENTS: item.department.name, View.OVERVIEW: "meter",
    }  # fmt: skip
    for view, said in words.items():
        assert said in manager.get(f"/monitor/knowledge?view={view.value}").text, view
        table = manager.get(f"/monitor/knowledge.xlsx?view={view.value}")
        cells = [c for row in openpyxl.load_workbook(io.BytesIO(table.data)).active.values for c in row]
        assert said in cells or view is View.OVERVIEW, view
    assert len(STANDING) < len(cells)


def test_lists_are_paged_by_key(agent, clock, manager):
    for n in range(30):
        search(agent, clock, f"问题{n:02d}", 0)
    page = manager.get("/monitor/knowledge?view=empty").text
    assert "问题00" in page
    assert "问题29" not in page
    cursor = page.split("cursor=")[1].split("&")[0].split('"')[0]
    assert "问题29" in manager.get(f"/monitor/knowledge?view=empty&cursor={cursor}").text


@pytest.mark.parametrize(
    "rubbish",
    ["view=moon", "department=%00", "department=99999999999", "from=x&to=0001-01-01", "view=used&cursor=W10"],
)
def test_the_page_survives_rubbish(manager, rubbish):
    assert manager.get(f"/monitor/knowledge?{rubbish}").status_code == 200
    assert manager.get(f"/monitor/knowledge.xlsx?{rubbish}").status_code == 200


def test_agents_do_not_read_what_others_search_for(sign_in, agent):
    assert sign_in(agent).get("/monitor/knowledge").status_code == 403
    assert sign_in(agent).get("/monitor/knowledge.xlsx").status_code == 403


def test_citizens_searches_are_counted_apart_and_the_list_can_be_narrowed_to_them(agent, clock, period):
    search(agent, clock, "没有的事", 0)
    search(agent, clock, "停水", 2)
    record_public_search("没有的事", 0)
    record_public_search("怎么换煤气罐", 0)
    record_public_search("停水", 3)
    found = values(period)
    assert (found["kb_searches"], found["kb_public_searches"]) == (2, 3)
    assert (found["kb_no_result_rate"], found["kb_public_no_result_rate"]) == (1 / 2, 2 / 3)
    assert values(period, Scope(agent.department.path))["kb_public_searches"] is None
    assert [(row.query, row.times, row.people) for row in rows(View.EMPTY, period)] == [
        ("没有的事", 2, 1),
        ("怎么换煤气罐", 1, 0),
    ]
    by_citizens = listing(View.EMPTY, period, None, SearchOrigin.PUBLIC).statement
    assert {(row.query, row.times) for row in db.session.execute(by_citizens)} == {
        ("没有的事", 1),
        ("怎么换煤气罐", 1),
    }
    assert [row.query for row in rows(View.UNFOLLOWED, period)] == ["停水"]
    assert [row.times for row in rows(View.UNFOLLOWED, period)] == [1]


def test_the_monitor_offers_the_choice_of_where_a_search_was_typed(manager, app):
    record_public_search("怎么换煤气罐", 0)
    page = manager.get("/monitor/knowledge?view=empty&origin=public").text
    assert "怎么换煤气罐" in page
    assert "怎么换煤气罐" not in manager.get("/monitor/knowledge?view=empty&origin=panel").text
