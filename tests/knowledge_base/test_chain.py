"""Versions follow one another by their dates: on every day one text at most, and yesterday's can be asked for."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from config import clock
from config.extensions import db
from knowledge_base import queries
from knowledge_base.models import KnowledgeVersion, in_force_on
from knowledge_base.search import Filters, current_follower, search
from knowledge_base.services import (
    approve_item,
    draft_item,
    edit_item,
    follow_item,
    retire_item,
    revise_item,
    submit_item,
)
from knowledge_base.words import ItemState, Validity
from tests.factories.accounts import make_department
from tests.factories.knowledge_base import make_approver, make_editor, make_item, some_text

OLD, NEW = date(2018, 10, 26), date(2023, 1, 1)


def publish(item, editor=None):
    submit_item(editor or make_editor(), item)
    return approve_item(make_approver(), item)


def periods(item) -> list[tuple[str, date, date | None]]:
    found = select(KnowledgeVersion).where(
        KnowledgeVersion.item_id == item.id, KnowledgeVersion.state == ItemState.PUBLISHED
    )
    rows = db.session.scalars(found.order_by(KnowledgeVersion.effective_on))
    return [(v.title, v.effective_on, v.expires_on) for v in rows]


def test_a_version_that_begins_later_ends_the_one_before(app):
    item = make_item("旧法", effective_on=OLD)
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text("新法", effective_on=NEW))
    publish(item)
    assert periods(item) == [("旧法", OLD, date(2022, 12, 31)), ("新法", NEW, None)]


def test_todays_law_stays_while_tomorrows_waits_for_its_day(app):
    tomorrow = clock.today() + timedelta(days=1)
    item = make_item("今天的", effective_on=OLD)
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text("明天的", effective_on=tomorrow))
    publish(item)
    reader = make_editor()
    assert queries.version_for(reader, item).title == "今天的"
    assert queries.version_for(reader, item, on=tomorrow).title == "明天的"
    assert queries.version_for(reader, item, on=date(2020, 1, 1)).title == "今天的"


def test_todays_text_is_revised_while_tomorrows_waits(app):
    tomorrow = clock.today() + timedelta(days=1)
    item = make_item("今天的", effective_on=OLD)
    follow_item(make_editor(), item, some_text("明天的", effective_on=tomorrow))
    publish(item)
    editor = make_editor()
    revise_item(editor, item, number=1)
    draft = queries.version_for(editor, item, 3)
    assert (draft.title, draft.effective_on) == ("今天的", OLD)
    edit_item(editor, item, some_text("今天的，改过", effective_on=OLD))
    publish(item)
    assert periods(item) == [("今天的，改过", OLD, tomorrow - timedelta(days=1)), ("明天的", tomorrow, None)]


def test_the_button_revises_the_text_that_is_shown(app, sign_in):
    item = make_item("今天的", effective_on=OLD)
    follow_item(make_editor(), item, some_text("明天的", effective_on=clock.today() + timedelta(days=1)))
    publish(item)
    client = sign_in(make_editor())
    assert '<input type="hidden" name="version" value="1">' in client.get(f"/knowledge/{item.id}").text
    assert (
        '<input type="hidden" name="version" value="2">' in client.get(f"/knowledge/{item.id}?version=2").text
    )
    client.post(f"/knowledge/{item.id}/actions/revise", data={"version": "1", "edit_no": "1"})
    assert queries.version_for(make_editor(), item, 3).title == "今天的"
    lost = client.post(f"/knowledge/{item.id}/actions/revise", data={"version": "9"})
    assert lost.status_code in (409, 422)


def test_an_older_text_that_comes_later_ends_where_the_next_begins(app):
    item = make_item("新法", effective_on=NEW)
    follow_item(make_editor(), item, some_text("旧法", effective_on=OLD))
    publish(item)
    assert periods(item) == [("旧法", OLD, date(2022, 12, 31)), ("新法", NEW, None)]
    assert queries.version_for(make_editor(), item).title == "新法"


def test_a_corrected_date_leaves_no_second_text_behind(app):
    item = make_item("写错了生效日", effective_on=NEW)
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text("改对了", effective_on=OLD))
    publish(item)
    assert periods(item) == [("改对了", OLD, None)]


def test_search_finds_the_text_of_the_day_that_is_asked_for(app):
    item = make_item("养犬收费", "每只犬每年收费五百元。", effective_on=OLD)
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text("养犬收费", "每只犬每年收费一百元。", effective_on=NEW))
    publish(item)
    current_follower().look_now()
    assert [hit.answer for hit in search("养犬收费")] == ["每只犬每年收费一百元。"]
    then = search("养犬收费", filters=Filters(on=date(2020, 5, 1)))
    assert [hit.answer for hit in then] == ["每只犬每年收费五百元。"]
    assert search("养犬收费", filters=Filters(on=date(2010, 1, 1))) == []


def test_lists_show_an_item_once_however_many_texts_it_had(app):
    editor = make_editor()
    item = make_item("旧法", effective_on=OLD)
    revise_item(editor, item)
    edit_item(editor, item, some_text("新法", effective_on=NEW))
    publish(item)
    assert [v.title for v in db.session.scalars(queries.stock(clock.today()))] == ["新法"]
    assert [v.title for v in db.session.scalars(queries.newest_published(clock.today()))] == ["新法"]


def test_a_retired_item_is_retired_with_all_its_texts(app):
    item = make_item("旧法", effective_on=OLD)
    follow_item(make_editor(), item, some_text("新法", effective_on=NEW))
    publish(item)
    retire_item(make_approver(), item, "废止")
    assert periods(item) == []


def test_a_revision_keeps_the_end_the_text_states_itself(app):
    stated = date(2030, 12, 31)
    item = make_item("有期限", effective_on=OLD, expires_on=stated)
    revise_item(make_editor(), item)
    edit_item(make_editor(), item, some_text("后来的", effective_on=NEW, expires_on=date(2026, 1, 31)))
    publish(item)
    assert periods(item) == [("有期限", OLD, date(2022, 12, 31)), ("后来的", NEW, date(2026, 1, 31))]
    first = db.session.scalar(
        select(KnowledgeVersion).where(KnowledgeVersion.item_id == item.id, KnowledgeVersion.number == 1)
    )
    assert first.stated_expires_on == stated
    assert first.validity(date(2023, 1, 1)) is Validity.EXPIRED


DAYS = st.integers(0, 12).map(lambda n: date(2020, 1, 1) + timedelta(days=n * 30))
TEXTS = st.lists(st.tuples(DAYS, st.none() | DAYS), min_size=1, max_size=6)


@given(texts=TEXTS)
def test_on_every_day_one_text_at_most(app, texts):
    """In whatever order they come and whatever ends they state; the latest to begin is the one that holds."""
    editor, approver = make_editor(), make_approver()
    item = None
    for begins, ends in texts:
        text = some_text(effective_on=begins, expires_on=ends if ends and ends >= begins else None)
        if item is None:
            item = draft_item(editor, text, make_department())
        else:
            follow_item(editor, item, text)
        submit_item(editor, item)
        approve_item(approver, item)
    last = {begins: ends if ends and ends >= begins else None for begins, ends in texts}
    for day in (date(2020, 1, 1) + timedelta(days=n * 15) for n in range(30)):
        found = list(
            db.session.scalars(
                select(KnowledgeVersion).where(KnowledgeVersion.item_id == item.id, in_force_on(day))
            )
        )
        begun = max((b for b in last if b <= day), default=None)
        expected = begun if begun and (last[begun] is None or last[begun] >= day) else None
        assert [v.effective_on for v in found] == ([expected] if expected else [])
