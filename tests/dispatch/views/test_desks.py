"""The desks, the case page and its actions, as a browser asks for them."""

from __future__ import annotations

import io

import pytest

from config.extensions import db
from dispatch import services
from dispatch.models import Case
from dispatch.workflow import CaseState
from tests.factories.dispatch import intake, make_case, make_staff

RUBBISH = [
    "?view=nowhere",
    "?cursor=%00%ff",
    "?since=31.02.&until=x",
    "?department=%00",
    "?text=%27%3B--%00",
    "?category=%25&district=..%2F..",
    "?urgency=loud&request_type=7&state=gone",
]


@pytest.mark.parametrize("query", RUBBISH)
def test_every_list_survives_rubbish_in_its_address(sign_in, clock, query):
    staff = make_staff()
    make_case(staff=staff)
    assert sign_in(staff.dispatcher).get(f"/desks/dispatch{query}").status_code == 200
    assert sign_in(staff.dispatcher).get(f"/cases{query}").status_code == 200


def test_each_desk_opens_for_its_people_and_for_nobody_else(sign_in, clock):
    staff = make_staff()
    desks = {
        "/desks/dispatch": staff.dispatcher,
        "/desks/review": staff.reviewer,
        "/desks/callback": staff.caller,
        "/desks/supervision": staff.supervisor,
        "/inbox": staff.officer,
    }
    for path, person in desks.items():
        assert sign_in(person).get(path).status_code == 200
        assert sign_in(staff.agent).get(path).status_code == 403


def test_a_desk_shows_what_waits_and_the_case_page_tells_the_whole_story(sign_in, clock):
    staff = make_staff()
    case = make_case(CaseState.CLOSED, staff)
    waiting = make_case(staff=staff)
    assert waiting.case_no in sign_in(staff.dispatcher).get("/desks/dispatch").text
    page = sign_in(staff.agent).get(f"/cases/{case.case_no}").text
    assert case.content in page
    assert "已派人修复" in page
    assert case.contact_phone not in page, "the number is masked"


def test_a_dispatcher_sends_a_case_on_its_way(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    client = sign_in(staff.dispatcher)
    panel = client.get(f"/cases/{case.case_no}/actions/dispatch")
    assert staff.bureau.name in panel.text
    done = client.post(
        f"/cases/{case.case_no}/actions/dispatch",
        data={"lead": staff.bureau.code, "advice": "请尽快", "version": case.version},
    )
    assert done.status_code == 302
    assert db.session.get(Case, case.id).state is CaseState.DISPATCHED


def test_the_second_dispatcher_is_told_who_was_first(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    version = case.version
    services.dispatch_case(staff.dispatcher, case, staff.bureau.code)
    answer = sign_in(staff.dispatcher).post(
        f"/cases/{case.case_no}/actions/dispatch", data={"lead": staff.section.code, "version": version}
    )
    assert answer.status_code == 409
    assert staff.dispatcher.name in answer.text


def test_a_form_with_a_mistake_keeps_what_was_typed(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    answer = sign_in(staff.dispatcher).post(
        f"/cases/{case.case_no}/actions/dispatch", data={"lead": "", "advice": "请注意安全"}
    )
    assert answer.status_code == 422
    assert "请注意安全" in answer.text


def test_an_action_the_person_may_not_take_is_refused_and_changes_nothing(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    answer = sign_in(staff.agent).post(
        f"/cases/{case.case_no}/actions/dispatch", data={"lead": staff.bureau.code}
    )
    assert answer.status_code == 403
    assert db.session.get(Case, case.id).state is CaseState.PENDING_DISPATCH


def test_an_unknown_case_and_an_unknown_action_are_not_found(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    client = sign_in(staff.dispatcher)
    assert client.get("/cases/19990101-0000001").status_code == 404
    assert client.get(f"/cases/{case.case_no}/actions/explode").status_code == 404


def form(**changes):
    facts = intake(**changes)
    return {
        "title": facts.title,
        "content": facts.content,
        "category_code": facts.category_code,
        "request_type": "complaint",
        "urgency": "normal",
        "channel": "phone",
        "phone": facts.phone,
        "needs_reply": "y",
        "intake_key": "the-form's-key",
    }


def test_an_agent_registers_a_case_and_a_second_press_makes_no_second_one(sign_in, clock):
    staff = make_staff()
    client, typed = sign_in(staff.agent), form()
    assert client.get("/cases/new").status_code == 200
    first, second = client.post("/cases/new", data=typed), client.post("/cases/new", data=typed)
    assert first.status_code == second.status_code == 302
    assert first.location == second.location
    assert db.session.query(Case).count() == 1


def test_an_incomplete_form_comes_back_with_its_text_and_its_errors(sign_in, clock):
    staff = make_staff()
    answer = sign_in(staff.agent).post("/cases/new", data={**form(), "title": "", "phone": "abc"})
    assert answer.status_code == 422
    assert "幸福路" in answer.text
    assert db.session.query(Case).count() == 0


def test_a_file_of_a_wrong_type_is_refused_by_name(sign_in, clock):
    staff = make_staff()
    answer = sign_in(staff.agent).post(
        "/cases/new", data={**form(), "files": (io.BytesIO(b"MZ"), "virus.exe")}
    )
    assert answer.status_code == 422
    assert "virus.exe" in answer.text
    assert db.session.query(Case).count() == 0


def test_what_was_typed_is_found_again_in_a_new_session(sign_in, clock):
    staff = make_staff()
    client = sign_in(staff.agent)
    saved = client.put("/cases/drafts/case-new", json={"data": {"title": "半句话"}, "version": 3})
    assert saved.json == {"version": 4}
    assert "半句话" in sign_in(staff.agent).get("/cases/new").text
    assert client.put("/cases/drafts/case-new", json=["rubbish"]).status_code == 422


def test_looking_at_a_number_is_recorded_on_the_case(sign_in, clock):
    staff = make_staff()
    case = make_case(staff=staff)
    shown = sign_in(staff.agent).post(f"/cases/{case.case_no}/unmask")
    assert shown.status_code == 200
    assert sign_in(staff.dispatcher).post(f"/cases/{case.case_no}/unmask").status_code == 403
    assert "查看" in sign_in(staff.agent).get(f"/cases/{case.case_no}").text


def test_a_desk_asks_the_database_the_same_few_questions_however_long_it_is(sign_in, clock, count_queries):
    staff = make_staff()
    client = sign_in(staff.dispatcher)

    def asked():
        db.session.expunge_all()  # a request in service finds nothing loaded either
        with count_queries() as queries:
            assert client.get("/desks/dispatch").status_code == 200
        return len(queries)

    make_case(staff=staff)
    asked()
    few = asked()
    staff = make_staff()
    for _ in range(5):
        make_case(staff=staff)
    assert asked() == few
