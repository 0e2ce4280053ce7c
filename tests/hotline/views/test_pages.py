"""The call log, a call's ladder, the floor, the administration."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config import sms
from config.extensions import db
from hotline.forms.queue import QueueForm
from hotline.models import AgentPresence, CallQueue, Seat, Skill
from hotline.services.queues import create_skill
from hotline.words import AgentState
from tests.factories.accounts import make_person
from tests.factories.hotline import make_agent, make_call


@pytest.fixture
def admin(app, sign_in):
    return sign_in(make_person([Role.SYSTEM_ADMIN]))


def test_the_log_names_calls_without_their_callers_numbers(lead):
    call = make_call()
    page = lead.get("/calls").text
    assert call.call_no in page
    assert "139****0042" in page
    assert "13912340042" not in page


def test_an_agent_sees_their_own_calls_only(app, sign_in):
    mine, theirs = make_agent(), make_agent()
    one = make_call(mine, "+8613900000001")
    other = make_call(theirs, "+8613900000002")
    assert {one.agent_id, other.agent_id} == {mine.id, theirs.id}
    browser = sign_in(mine)
    page = browser.get("/calls").text
    assert one.call_no in page
    assert other.call_no not in page
    assert browser.get(f"/calls/{other.call_no}").status_code == 403


def test_who_has_no_call_yet_is_not_asked_to_take_filters_away(lead):
    assert "暂无通话" in lead.get("/calls").text
    assert "没有符合条件的通话" in lead.get("/calls?state=talking").text


def test_a_calls_page_shows_the_rating_and_what_the_caller_keyed_in(lead, clock):
    call = make_call()
    call.survey_at = call.rated_at = clock.at
    call.rated_key, call.rating = "4", 4
    call.flow_position = {"node": "x", "kept": {"rating": "7", "account": "0042"}}
    db.session.commit()
    page = lead.get(f"/calls/{call.call_no}").text
    assert "评价 4 分（满分 5 分）" in page
    assert "流程内评价" in page
    assert "0042" in page


@pytest.mark.parametrize(
    "rubbish",
    [
        "state=flying&end_reason=%00&direction=up&queue=99999999999999999999",
        "from_day=2026-13-45&to_day=yesterday&number=%00%ff&call_no=" + "x" * 5000,
        "cursor=!!!!&abandoned=maybe",
        "from_day=0001-01-01&to_day=9999-12-31",
        "queue=1%27%20OR%201=1&number=';DROP TABLE call;--",
    ],
)
def test_the_filters_survive_rubbish(lead, rubbish):
    make_call()
    assert lead.get(f"/calls?{rubbish}").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("number=139 1234 0042", True),
        ("number=13900000000", False),
        ("end_reason=caller_hung_up", True),
        ("abandoned=y", False),
        ("direction=out", False),
        ("state=ended&from_day=2020-01-01&to_day=2999-01-01", True),
        ("to_day=2020-01-01", False),
    ],
)
def test_the_log_is_filtered(lead, query, found):
    call = make_call()
    assert (call.call_no in lead.get(f"/calls?{query}").text) is found


def test_the_log_is_paged(lead):
    agent = make_agent()
    for _ in range(27):
        make_call(agent)
    page = lead.get("/calls").text
    assert page.count('data-key="') == 25
    assert 'rel="next"' in page


def test_the_log_asks_no_more_for_more_calls(lead, count_queries):
    agent = make_agent()
    make_call(agent)
    lead.get("/calls")
    with count_queries() as few:
        lead.get("/calls")
    for _ in range(10):
        make_call(agent)
    lead.get("/calls")
    with count_queries() as many:
        lead.get("/calls")
    assert len(many) <= len(few)


def test_a_calls_page_shows_its_ladder(lead):
    call = make_call()
    page = lead.get(f"/calls/{call.call_no}").text
    for word in ("call.incoming", "leg.answered", "leg.ended", "connect", "139****0042"):
        assert word in page
    assert lead.get("/calls/260101-000000-XXXXX").status_code == 404


def test_looking_at_the_whole_number_leaves_a_trace(lead):
    call = make_call()
    assert "139 1234 0042" in lead.post(f"/calls/{call.call_no}/unmask").text
    entry = db.session.query(AuditEntry).filter_by(verb="caller:unmask_call").one()
    assert entry.subject_id == str(call.id)


def test_the_floor_shows_who_sits_where_and_a_lead_may_take_them_off(lead):
    agent = make_agent(name="张敏", seat="1001")
    page = lead.get("/floor").text
    assert "张敏" in page
    assert "1001" in page
    assert lead.post(f"/floor/agents/{agent.id}/not-ready").status_code == 200
    assert db.session.query(AgentPresence).filter_by(agent_id=agent.id).one().state is AgentState.NOT_READY


def test_an_agent_does_not_watch_the_floor(app, sign_in):
    assert sign_in(make_agent()).get("/floor").status_code == 403


def queue_form(skill_id, **changes):
    """What a browser sends for a queue of which only the names were typed."""
    plain = {
        name: str(field.kwargs["default"])
        for name in dir(QueueForm)
        if not isinstance(
            getattr(field := getattr(QueueForm, name), "kwargs", {}).get("default"), bool | None
        )
    }
    return {**plain, "code": "q", "name": "队列", "skill": str(skill_id), "active": "y", **changes}


def test_an_administrator_makes_a_skill_a_queue_and_a_seat(admin):
    admin.post("/administration/skills", data={"code": "enterprise", "name": "企业服务"})
    skill_id = db.session.query(Skill).filter_by(code="enterprise").one().id
    form = queue_form(
        skill_id, code="enterprise", name="企业服务", ring_timeout="20", opens_at="08:30", closes_at="18:00"
    )
    assert admin.post("/administration/queues/new", data=form).status_code == 302
    queue = db.session.query(CallQueue).filter_by(code="enterprise").one()
    assert (queue.ring_timeout, queue.overflow_after, f"{queue.opens_at:%H:%M}") == (20, 120, "08:30")
    assert admin.post("/administration/seats", data={"number": "2001", "active": "y"}).status_code == 302
    assert db.session.query(Seat).filter_by(number="2001").one().active
    assert "企业服务" in admin.get("/administration/queues").text
    assert 'value="08:30"' in admin.get("/administration/queues/enterprise").text


@pytest.mark.parametrize(
    ("flaw", "field"),
    [
        ({"ring_timeout": "0"}, "ring_timeout"),
        ({"ring_timeout": "x"}, "ring_timeout"),
        ({"name": ""}, "name"),
        ({"skill": "999"}, "skill"),
        ({"code": "Ä"}, "code"),
        ({"announce_every": "5"}, "announce_every"),
        ({"opens_at": "08:00"}, "closes_at"),
        ({"opens_at": "25:00", "closes_at": "09:00"}, "opens_at"),
        ({"when_full": "next_queue"}, "next_queue"),
        ({"when_closed": "wait"}, "when_closed"),
        ({"voicemail_seconds": "181"}, "voicemail_seconds"),
        ({"next_queue": "999"}, "next_queue"),
        ({"sites": "nowhere"}, "sites"),
    ],
)
def test_a_queue_that_makes_no_sense_is_not_kept_and_the_field_is_named(admin, flaw, field):
    skill = create_skill("s", "技能")
    answer = admin.post("/administration/queues/new", data=queue_form(skill.id, **flaw))
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert db.session.query(CallQueue).count() == 0


def test_a_queues_page_shows_who_waits_masked_and_what_is_expected(app, lead, clock):
    make_call(state="queued")
    page = lead.get("/queues/general").text
    assert "139****0042" in page
    assert "13912340042" not in page
    assert lead.get("/queues/nowhere").status_code == 404


def test_the_list_of_texts_says_that_no_gateway_is_connected(app, lead):
    sms.send("+8613912340042", "多次回电未接通", "not_reached")
    page = lead.get("/administration/texts").text
    assert "SMS_GATEWAY_URL" in page
    assert "139****0042" in page


def test_a_lead_may_look_at_queues_but_not_change_them(lead):
    assert lead.get("/administration/queues").status_code == 200
    assert lead.post("/administration/skills", data={"code": "x", "name": "x"}).status_code == 403


def test_the_facts_of_a_calls_course_are_words_and_no_codes(lead):
    call = make_call()
    page = lead.get(f"/calls/{call.call_no}").text
    assert "主叫：139****0042" in page
    for code in ("cause normal", "by caller", "timeout "):
        assert code not in page


def test_what_forms_offer_is_in_the_language_of_who_reads(lead, admin):
    """Forms are made once for all: a label asked for then would stay in the language of the process."""
    assert "就餐" in lead.get("/floor").text
    assert "Meal" not in lead.get("/floor").text
    lead.post("/administration/ivr/default/draft")
    assert "Case progress" not in lead.get("/administration/ivr/default?version=draft").text
    assert "They hear an announcement" not in admin.get("/administration/queues/new").text
