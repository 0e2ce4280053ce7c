"""Entries of the department directory are found beside the items, and follow what becomes of a department."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.roles import Role
from accounts.services.departments import change_department, describe_department
from config import clock as clocks
from config.errors import Invalid, NotPermitted
from config.extensions import db
from knowledge_base.search import Filters, current_follower, search
from knowledge_base.words import ItemKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor, make_item

CONTACT = ({"name": "值班室", "phone": "0990-5551002", "hours": "工作日 9:00–17:30"},)


@pytest.fixture
def bureau(app, clock):
    return make_department(
        "云汀市住房和城乡建设局", short_name="市住建局", contacts=CONTACT, former_numbers=("12319",),
        duties="物业服务企业监管\n公租房申请", address="建设路 18 号",
    )  # fmt: skip


def found(question, **more):
    current_follower().look_now()
    return search(question, 5, Filters(clocks.today(), **more) if more else None)


def offices(question):
    return [hit.office for hit in found(question) if hit.office]


@pytest.mark.parametrize("question", ["住建局 电话", "12319", "物业监管找谁", "建设路18号", "市住建局在哪里"])
def test_a_name_a_number_or_a_duty_finds_the_department(bureau, question):
    make_item("物业管理条例", "物业服务企业应当按照合同提供服务。")
    make_item("公租房申请指南")
    assert found(question)[0].office == bureau.code


def test_a_bureau_comes_before_its_sections(bureau):
    contact = ({"name": "值班室", "phone": "0990-5551003", "hours": ""},)
    make_department("市住建局物业管理科", short_name="物业管理科", parent=bureau, contacts=contact)
    assert offices("住建局 电话")[0] == bureau.code


def test_the_entry_says_what_is_read_out(bureau):
    hit = found("住建局 电话")[0]
    for said in ("0990-5551002", "12319", "建设路 18 号", "公租房申请"):
        assert said in hit.answer
    assert (hit.kind, hit.title, hit.version) == (ItemKind.DUTIES, "云汀市住房和城乡建设局", 0)


def test_it_follows_each_change_of_the_department(bureau):
    officer = make_person([Role.CASE_OFFICER], department=bureau)
    assert offices("燃气报装") == []
    facts = {"address": bureau.address, "hours": "", "contacts": bureau.contacts}
    assert describe_department(officer, bureau, duties="燃气报装审批", **facts)
    assert offices("燃气报装") == [bureau.code]
    assert not describe_department(officer, bureau, duties="燃气报装审批", **facts)
    kept = ("short_name", "kind", "level", "former_numbers", "contacts", "duties", "address", "hours")
    known = {name: getattr(bureau, name) for name in kept}
    change_department(officer, bureau, name="云汀市建设委员会", active=True, **known)
    assert found("建设委员会电话")[0].title == "云汀市建设委员会"
    change_department(officer, bureau, name="云汀市建设委员会", active=False, **known)
    assert offices("建设委员会电话") == []


def test_who_has_nothing_to_say_is_not_found(app, clock):
    silent = make_department("无名处")
    assert offices("无名处") == []
    describe_department(make_editor(), silent, duties="管大事", address="", hours="", contacts=[])
    assert offices("无名处") == [silent.code]
    describe_department(make_editor(), silent, duties="", address="", hours="", contacts=[])
    assert offices("无名处") == []


def test_filters_take_it_for_duties_and_for_its_department(bureau):
    other = make_department()
    assert found("住建局 电话", kinds=frozenset({ItemKind.DUTIES}))[0].office == bureau.code
    assert found("住建局 电话", kinds=frozenset({ItemKind.QA})) == []
    assert found("住建局 电话", departments=frozenset({other.id})) == []


def test_a_search_for_another_day_finds_it_as_it_is_today(bureau):
    current_follower().look_now()
    for day in (clocks.today() - timedelta(days=400), clocks.today() + timedelta(days=400)):
        assert search("住建局 电话", 5, Filters(day))[0].office == bureau.code


def test_what_stands_on_public_pages_only_is_searched_without_it(bureau):
    assert found("住建局 电话", public=True) == []


def test_only_its_own_staff_and_editors_keep_it(bureau):
    facts = {"duties": "x", "address": "", "hours": "", "contacts": []}
    below = make_department(parent=bureau)
    for stranger in (
        make_person([Role.CASE_OFFICER], department=below),
        make_person([Role.CASE_OFFICER], department=make_department()),
        make_person([Role.AGENT], department=bureau),
    ):
        with pytest.raises(NotPermitted):
            describe_department(stranger, bureau, **facts)
    assert describe_department(make_person([Role.DEPARTMENT_APPROVER], department=bureau), below, **facts)
    with pytest.raises(Invalid) as wrong:
        describe_department(make_editor(), bureau, **{**facts, "address": "长" * 201, "duties": "长" * 4001})
    assert set(wrong.value.fields) == {"address", "duties"}


def test_a_department_that_is_gone_from_the_tables_is_not_shown(bureau):
    assert offices("住建局 电话") == [bureau.code]
    db.session.delete(bureau)
    db.session.commit()
    assert offices("住建局 电话") == []
