"""The search page's filters, counts and reasons, and the dictionary page."""

from __future__ import annotations

from datetime import date

import pytest

from accounts.roles import Role
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import WordGroup
from knowledge_base.search import current_follower
from knowledge_base.words import ItemKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_editor, make_item


@pytest.fixture
def agent(app):
    return make_person(roles=(Role.AGENT,))


@pytest.fixture(autouse=True)
def _look_at_once(app):
    current_follower().look_now()


def test_counts_lead_to_a_narrower_search(sign_in, agent):
    make_item("停水公告", "今晚停水", kind=ItemKind.NOTICE)
    make_item("停水怎么办", "停水了打电话", kind=ItemKind.QA)
    client = sign_in(agent)
    page = client.get("/knowledge?q=停水").text
    assert "kind=notice" in page
    narrowed = client.get("/knowledge?q=停水&kind=notice").text
    assert "停水公告" in narrowed
    assert "停水怎么办" not in narrowed


def test_rubbish_in_an_address_is_no_filter(sign_in, agent):
    make_item("停水公告", "今晚停水")
    for rubbish in ("on=yesterday", "audience=%00", "kind=;", "region=", "on=99999-01-01"):
        assert "停水公告" in sign_in(agent).get(f"/knowledge?q=停水&{rubbish}").text


def test_another_day_is_asked_for_with_a_warning(sign_in, agent):
    make_item("供暖补贴", "每平方米三元", effective_on=date(2020, 1, 1), expires_on=date(2021, 1, 1))
    client = sign_in(agent)
    assert "供暖补贴" not in client.get("/knowledge?q=每平方米三元").text
    page = client.get("/knowledge?q=每平方米三元&on=2020-06-01").text
    assert "供暖补贴" in page
    assert "2020-06-01" in page


def test_reasons_are_for_those_who_mend_the_stock(sign_in, agent):
    make_item("停水公告", "今晚停水")
    assert "kb-parts" not in sign_in(agent).get("/knowledge?q=停水&explain=1").text
    assert "kb-parts" in sign_in(make_editor()).get("/knowledge?q=停水&explain=1").text


def test_an_entry_of_the_directory_says_that_it_is_as_of_today_where_another_day_was_asked_for(
    sign_in, agent
):
    make_department("市环保局", contacts=({"name": "值班室", "phone": "0990-5551002", "hours": ""},))
    client = sign_in(agent)
    assert "截至今天" in client.get("/knowledge?q=环保局&on=2020-06-01").text
    assert "截至今天" not in client.get("/knowledge?q=环保局").text


def test_what_was_meant_is_offered(sign_in, agent):
    make_item("路灯报修", "路灯坏了请报修")
    client = sign_in(agent)
    assert "kb-meant" in client.get("/knowledge?q=路登报修").text
    current_follower().look_now()
    assert "路灯报修" in client.get("/knowledge/panel?q=路登报修").text


def test_an_editor_keeps_the_dictionary(sign_in):
    client = sign_in(make_editor())
    page = client.post("/knowledge/words", data={"words": "搬砖钱 = 劳动报酬"}, follow_redirects=True).text
    assert "搬砖钱" in page
    group = db.session.scalar(queries.word_groups("搬砖钱"))
    assert group.words == ["搬砖钱", "劳动报酬"]
    client.post(f"/knowledge/words/{group.id}", data={"words": "搬砖钱，工资"})
    assert db.session.get(WordGroup, group.id).words == ["搬砖钱", "工资"]
    client.post(f"/knowledge/words/{group.id}", data={"words": "搬砖钱 > 工资"})
    assert db.session.get(WordGroup, group.id).leads == 1
    assert 'value="搬砖钱 &gt; 工资"' in client.get("/knowledge/words?q=搬砖钱").text
    assert "劳动报酬" not in client.get("/knowledge/words?q=搬砖钱").text.split("kb-words-group")[1][:600]
    client.post(f"/knowledge/words/{group.id}/drop")
    assert db.session.scalar(queries.word_groups("搬砖钱")) is None


@pytest.mark.parametrize(
    "words", ["", " = ，", "长" * 41, "=".join(map(str, range(25))), "搬砖钱 >", "a > b > c"]
)
def test_a_wrong_group_is_refused_in_words_and_kept_in_the_field(sign_in, words):
    answer = sign_in(make_editor()).post("/knowledge/words", data={"words": words})
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert db.session.scalar(queries.word_groups()) is None


def test_the_same_group_stands_there_once(sign_in):
    client = sign_in(make_editor())
    given = {"words": "搬砖钱 > 工资"}
    assert client.post("/knowledge/words", data=given).status_code == 302
    again = client.post("/knowledge/words", data=given)
    assert (again.status_code, "这组词已经有了" in again.text) == (422, True)
    group = db.session.scalar(queries.word_groups("搬砖钱"))
    assert client.post(f"/knowledge/words/{group.id}", data=given).status_code == 302, "saved as it was"
    assert client.post("/knowledge/words", data={"words": "搬砖钱 = 工资"}).status_code == 302, (
        "another meaning"
    )
    client.post(f"/knowledge/words/{group.id}/drop")
    assert client.post("/knowledge/words", data=given).status_code == 302


def test_a_group_that_is_not_there_is_not_found(sign_in):
    assert sign_in(make_editor()).post("/knowledge/words/9999/drop").status_code == 404


def test_the_dictionary_is_not_for_agents(sign_in, agent):
    assert sign_in(agent).get("/knowledge/words").status_code == 403
