"""What hangs on a text when somebody changes a sentence of it, takes it back, or its last day passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from accounts.roles import Role
from config import clock as clocks
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import AskedQuestion, KnowledgeUse
from knowledge_base.queries.public import public_version
from knowledge_base.search import current_follower, search
from knowledge_base.services import (
    approve_item,
    edit_item,
    keep_favourite,
    make_task,
    rate_item,
    record_search,
    record_use,
    retire_item,
    revise_item,
    send_correction,
    submit_item,
    working_version,
)
from knowledge_base.services.writing import text_of
from knowledge_base.words import SearchOrigin, TaskState, UseKind
from tests.factories.accounts import make_department, make_person
from tests.factories.knowledge_base import make_approver, make_editor, make_item

ARTICLES = [
    f"第{n}条 第{n}类垃圾由街道办事处收集，每周{n}次，投放点设在{n}号楼旁，收费{n}元，由物业公司代收后交环卫所。"
    for n in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十")
]


@pytest.fixture
def agent(app):
    return make_person(roles=(Role.AGENT,))


def publish_changed(item, body: str) -> None:
    """Revised, submitted and approved."""
    editor = make_editor()
    revise_item(editor, item)
    edit_item(editor, item, replace(text_of(working_version(item)), body=body))
    submit_item(editor, item)
    approve_item(make_approver(), item)


def changed(n: int, old: str, new: str, before: str = "") -> str:
    """The whole text with one sentence of article `n` changed, and `before` put in front."""
    articles = [a.replace(old, new) if at == n else a for at, a in enumerate(ARTICLES)]
    return "\n\n".join([before, *articles] if before else articles)


def asked(item) -> dict[str, list[str]]:
    """Of each passage of today's text the questions that it has answered."""
    version = queries.version_for(make_editor(), item)
    rows = db.session.execute(
        select(AskedQuestion.opening, AskedQuestion.question).where(AskedQuestion.item_id == item.id)
    ).all()
    return {
        p.text[:3]: [question for opening, question in rows if p.text.startswith(opening)]
        for p in queries.passages_of(version)
    }


def answered_from(agent, item, question: str, passage: int, number: int = 1) -> KnowledgeUse:
    search = record_search(agent, question, SearchOrigin.PANEL, 3)
    return record_use(agent, item, UseKind.INSERTED, search_id=search, passage=passage, number=number)


def test_favourites_ratings_reports_tasks_and_the_address_outlive_a_changed_sentence(agent, sign_in):
    item = make_item("垃圾收集办法", changed(0, "", ""), public=True)
    keep_favourite(agent, item)
    rate_item(agent, item, True)
    report = send_correction(agent, queries.version_for(agent, item), "第三条的收费不对")
    task = make_task(make_editor(), "垃圾多久收一次", make_department(), clocks.today() + timedelta(days=3))
    client = sign_in(make_editor())
    address = f"/public/knowledge/{item.item_no}"
    assert "收费三元" in client.get(address).text
    publish_changed(item, changed(2, "收费三元", "收费五元"))
    assert queries.is_favourite(agent, item)
    assert queries.rating_of(agent, item) is True
    assert [one.id for one in queries.open_corrections(item)] == [report.id]
    assert task.state is TaskState.OPEN
    assert "收费五元" in client.get(address).text
    assert "第三条的收费不对" in client.get(f"/knowledge/{item.id}").text


@pytest.mark.parametrize(
    ("old", "new"), [("收费三元", "收费五元"), ("第三类垃圾由街道", "厨余垃圾一律由社区")]
)
def test_a_passage_keeps_the_questions_it_has_answered_wherever_it_is_changed(agent, old, new):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    answered_from(agent, item, "厨余垃圾多久收一次", 3)
    publish_changed(
        item, changed(2, old, new, before="本办法所称垃圾，是指居民家里扔掉的东西，不含建筑垃圾。")
    )
    found = asked(item)
    assert found["第三条"] == ["厨余垃圾多久收一次"]
    assert sum(map(len, found.values())) == 1


def test_a_passage_that_was_written_anew_answers_no_old_question(agent):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    answered_from(agent, item, "厨余垃圾多久收一次", 3)
    publish_changed(item, changed(2, ARTICLES[2], "本条已经删去，另行规定。"))
    assert sum(map(len, asked(item).values())) == 0


def test_what_is_quoted_from_a_list_drawn_before_counts_for_the_text_that_was_read(agent):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    publish_changed(item, changed(2, "收费三元", "收费五元", before="总说明：先看清楚再投放垃圾，分好类。"))
    use = answered_from(agent, item, "厨余垃圾多久收一次", 3, number=1)
    assert use.version_number == 1
    assert asked(item)["第三条"] == ["厨余垃圾多久收一次"], "the third of the old text, the fourth of the new"


@pytest.fixture
def looked_up(agent, sign_in):
    current_follower().look_now()
    client = sign_in(agent)

    def look_up(words: str = "垃圾收费") -> str:
        current_follower().look_now()
        return client.get(f"/knowledge/panel?q={quote(words)}").text

    look_up.client = client
    return look_up


def test_whoever_quotes_what_was_withdrawn_meanwhile_is_told(agent, looked_up):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    page = looked_up()
    address = f"/knowledge/{item.id}/used?version=1"
    assert f'data-used="{address}"' in page
    assert looked_up.client.post(address, json={"kind": "inserted"}).status_code == 204
    retire_item(make_approver(), item, "停止执行")
    told = looked_up.client.post(address, json={"kind": "inserted"})
    assert "撤下" in told.json["message"]
    assert "垃圾收集办法" not in looked_up()
    assert db.session.scalar(select(func.count()).select_from(KnowledgeUse)) == 2, (
        "it was quoted all the same"
    )


def test_whoever_quotes_what_was_changed_meanwhile_is_told(agent, looked_up):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    looked_up()
    publish_changed(item, changed(2, "收费三元", "收费五元"))
    assert looked_up.client.post(f"/knowledge/{item.id}/used?version=1", json={}).json["message"]
    assert looked_up.client.post(f"/knowledge/{item.id}/used?version=2", json={}).status_code == 204
    assert looked_up.client.post(f"/knowledge/{item.id}/used?version={10**16}", json={}).json["message"]


def test_numbers_that_nobodys_page_holds_are_no_error(agent, looked_up):
    item = make_item("垃圾收集办法", changed(0, "", ""))
    search_id = record_search(agent, "垃圾多久收一次", SearchOrigin.PANEL, 1)
    facts = {"kind": "inserted", "search": search_id, "passage": 10**16}
    assert looked_up.client.post(f"/knowledge/{item.id}/used?version=1", json=facts).status_code == 204
    assert sum(map(len, asked(item).values())) == 0


def test_at_midnight_of_the_city_the_last_day_is_over(agent, clock):
    last = clocks.today() + timedelta(days=1)
    item = make_item("垃圾收集办法", changed(0, "", ""), expires_on=last, public=True)
    make_item("垃圾新办法", "垃圾收费一律免除。", effective_on=last + timedelta(days=1))
    midnight = datetime.combine(last + timedelta(days=1), time(), tzinfo=clocks.local(clocks.now()).tzinfo)
    for seconds, holds in ((-1, True), (0, False)):
        clock.set(midnight + timedelta(seconds=seconds))
        current_follower().look_now()
        titles = {hit.title for hit in search("垃圾收费", 20)}
        assert ("垃圾收集办法" in titles, "垃圾新办法" in titles) == (holds, not holds)
        version = queries.version_for(agent, item)
        assert (version.validity(clocks.today()).value == "valid") is holds
        assert (public_version(item.item_no) is not None) is holds
