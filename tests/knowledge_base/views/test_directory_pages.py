"""The department directory: browsed by tree and region, kept by departments, counted where it is used."""

from __future__ import annotations

import pytest

from accounts.models import DepartmentLevel
from accounts.roles import Role
from config.extensions import db
from knowledge_base.models import KnowledgeUse
from knowledge_base.search import current_follower
from knowledge_base.words import UseKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_item


@pytest.fixture
def agent(app, clock):
    current_follower().look_now()
    return make_person([Role.AGENT])


@pytest.fixture
def district(app):
    return make_department("鹿溪区人民政府", short_name="鹿溪区", level=DepartmentLevel.DISTRICT, code="lxq")


@pytest.fixture
def street(district):
    contact = ({"name": "值班室", "phone": "0990-5551099", "hours": ""},)
    return make_department(
        "雁桥街道办事处", parent=district, level=DepartmentLevel.STREET, code="yanqiao", contacts=contact,
        duties="社区事务\n流动摊贩",
    )  # fmt: skip


def test_it_is_browsed_by_region_level_and_words(sign_in, agent, street):
    make_department("别处街道办事处", level=DepartmentLevel.STREET)
    client = sign_in(agent)
    assert "雁桥街道" in client.get("/knowledge/directory").text
    assert "别处街道" not in client.get("/knowledge/directory?region=lxq").text
    assert "鹿溪区人民政府" not in client.get("/knowledge/directory?level=street").text
    for words in ("雁桥", "5551099", "摊贩", "雁桥 摊贩"):
        assert "雁桥街道" in client.get(f"/knowledge/directory?q={words}").text
    assert "雁桥街道" not in client.get("/knowledge/directory?q=100%25").text


@pytest.mark.parametrize("rubbish", ["region=%00", "level=moon", "q=%00", "cursor=x", "q=" + "长" * 300])
def test_rubbish_is_no_filter(sign_in, agent, street, rubbish):
    assert sign_in(agent).get(f"/knowledge/directory?{rubbish}").status_code == 200


def test_a_long_tree_is_paged_by_key(sign_in, agent, district):
    for n in range(60):
        make_department(f"社区{n:02d}", parent=district)
    client = sign_in(agent)
    first = client.get("/knowledge/directory").text
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    second = client.get(f"/knowledge/directory?cursor={cursor}").text
    assert (
        sum(f"社区{n:02d}" in first for n in range(60)) + sum(f"社区{n:02d}" in second for n in range(60))
        == 60
    )


def test_a_department_has_a_page_with_what_stands_under_it_and_on_its_shelf(sign_in, agent, district, street):
    make_item("雁桥便民服务", department=street)
    client = sign_in(agent)
    page = client.get("/knowledge/directory/yanqiao").text
    for said in ("0990-5551099", "流动摊贩", "雁桥便民服务", "鹿溪区"):
        assert said in page
    assert "/edit" not in page
    assert "雁桥街道" in client.get("/knowledge/directory/lxq").text
    for code in ("nobody", "%00"):
        assert client.get(f"/knowledge/directory/{code}").status_code == 404


def test_its_staff_keep_the_entry(sign_in, agent, street):
    client = sign_in(make_person([Role.CASE_OFFICER], department=street))
    sent = {
        "duties": "社区事务\n违建拆除",
        "address": "雁桥路 1 号",
        "hours": "",
        "contacts": "窗口 | 0990-1 | 9–17",
    }
    assert (
        "违建拆除" in client.post("/knowledge/directory/yanqiao/edit", data=sent, follow_redirects=True).text
    )
    for wrong in ({"contacts": "a | b | c | d"}, {"address": "长" * 201}):
        answer = client.post("/knowledge/directory/yanqiao/edit", data={**sent, **wrong})
        assert answer.status_code == 422
    assert sign_in(agent).post("/knowledge/directory/yanqiao/edit", data=sent).status_code == 403


def test_hits_are_marked_lead_there_and_are_counted(sign_in, agent, street):
    client = sign_in(agent)
    for page in ("/knowledge?q=雁桥街道电话", "/knowledge/panel?q=雁桥街道电话", "/search?q=雁桥街道电话"):
        current_follower().look_now()
        assert "/knowledge/directory/yanqiao" in client.get(page).text, page
    panel = client.get("/knowledge/panel?q=雁桥街道电话").text
    assert "名录信息" in panel
    search_id = int(panel.split('data-search-id="')[1].split('"')[0])
    for _ in range(2):
        client.get(f"/knowledge/directory/yanqiao?search={search_id}&rank=1")
    client.post(
        "/knowledge/directory/yanqiao/used", json={"kind": "inserted", "search": search_id, "rank": 1}
    )
    sent = {"kind": "sent", "search": search_id, "rank": "x"}
    assert client.post("/knowledge/directory/yanqiao/used", json=sent).status_code == 204
    uses = db.session.query(KnowledgeUse).order_by(KnowledgeUse.id).all()
    assert [(use.kind, use.department_id, use.rank) for use in uses] == [
        (UseKind.OPENED, street.id, 1),
        (UseKind.INSERTED, street.id, 1),
        (UseKind.INSERTED, street.id, None),
    ]
