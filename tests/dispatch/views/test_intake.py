"""The case form: one press one case, no typing lost, what is already known is offered."""

from __future__ import annotations

import io
import re

import pytest
from sqlalchemy import func, select

from config.extensions import db
from dispatch import services
from dispatch.models import Case
from dispatch.services.attachments import attachments_of
from dispatch.workflow import CaseState
from tests.dispatch.views.conftest import HTMX, text_of
from tests.dispatch.views.test_actions import PNG
from tests.factories.dispatch import make_case
from tests.support.disk import room_for

COMPLETE = {
    "title": "路灯不亮",
    "content": "幸福路 12 号门前的路灯三天不亮。",
    "category_code": "0305",
    "request_type": "complaint",
    "urgency": "urgent",
    "channel": "counter",
    "phone": "139 1234 0042",
    "citizen_name": "张三",
    "occurred_at": "2026-01-05T21:30",
    "intake_key": "k1",
    "deed": "register",
}


def cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def test_the_form_is_a_page_and_in_the_workbench_a_fragment(at):
    client = at("agent")
    assert "<html" in client.get("/cases/new").get_data(as_text=True)
    fragment = client.get("/cases/new", headers=HTMX).get_data(as_text=True)
    assert "<html" not in fragment
    assert "hx-post" in fragment


def test_a_department_registers_nothing(at):
    assert at("officer").get("/cases/new").status_code == 403
    assert at("officer").post("/cases/new", data=COMPLETE).status_code == 403


def test_what_was_typed_becomes_a_case(at):
    answer = at("agent").post("/cases/new", data=COMPLETE)
    case = the_case()
    assert answer.location.endswith(case.case_no)
    assert case.state is CaseState.PENDING_DISPATCH
    assert case.contact_phone == "+8613912340042"
    assert (case.channel, case.urgency, case.request_type) == ("counter", "urgent", "complaint")
    assert case.occurred_at is not None
    assert case.occurred_at.isoformat() == "2026-01-05T13:30:00+00:00"


def test_what_may_be_left_out_may_be_left_out_empty(at):
    empty = dict.fromkeys(
        ("occurred_at", "asked", "address", "street_code", "phone", "citizen_name", "answer"), ""
    )
    assert at("agent").post("/cases/new", data={**COMPLETE, **empty}).status_code == 302
    assert the_case().occurred_at is None


def test_a_button_pressed_twice_makes_one_case(at):
    client = at("agent")
    first, second = client.post("/cases/new", data=COMPLETE), client.post("/cases/new", data=COMPLETE)
    assert first.location == second.location
    assert cases() == 1


def test_a_form_that_was_changed_after_it_was_registered_loses_nothing_in_silence(at):
    client = at("agent")
    client.post("/cases/new", data=COMPLETE)
    first = the_case()
    changed = {**COMPLETE, "content": "对面的路灯也不亮。"}
    answer = client.post("/cases/new", data=changed)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="/cases/{first.case_no}"' in page
    assert "对面的路灯也不亮。" in page
    assert cases() == 1
    again = re.search(r'name="intake_key"[^>]*value="([^"]+)"', page)
    assert again
    client.post("/cases/new", data={**changed, "intake_key": again[1]})
    assert cases() == 2


def test_the_same_words_sent_by_another_button_are_not_taken_for_sent_already(at):
    client = at("agent")
    client.post("/cases/new", data=COMPLETE)
    answer = client.post("/cases/new", data={**COMPLETE, "deed": "answer", "answer": "已告知"})
    assert answer.status_code == 422
    assert the_case().state is CaseState.PENDING_DISPATCH


def test_in_the_workbench_the_number_and_the_code_stand_where_the_form_was(at):
    answer = at("agent").post("/cases/new", data=COMPLETE, headers=HTMX)
    assert the_case().case_no in answer.get_data(as_text=True)
    assert the_case().query_code in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"content": "   "}, "content"),
        ({"category_code": ""}, "category_code"),
        ({"category_code": "9999"}, "category_code"),
        ({"phone": "12"}, "phone"),
        ({"occurred_at": "2199-01-01T00:00"}, "occurred_at"),
        ({"occurred_at": "gestern"}, "occurred_at"),
        ({"street_code": "nowhere"}, "street_code"),
        ({"title": "长" * 121}, "title"),
    ],
)
def test_a_form_with_an_error_names_the_field_and_keeps_the_rest(at, change, field):
    answer = at("agent").post("/cases/new", data={**COMPLETE, "asked": "尽快修好它", **change}, headers=HTMX)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'href="#{field}"' in page
    assert "尽快修好它" in page
    assert cases() == 0


def test_answered_on_the_spot_needs_the_answer(at):
    client = at("agent")
    refused = client.post("/cases/new", data={**COMPLETE, "deed": "answer"}, headers=HTMX)
    assert refused.status_code == 422
    client.post("/cases/new", data={**COMPLETE, "deed": "answer", "answer": "带身份证到窗口办理。"})
    assert the_case().state is CaseState.ANSWERED


def test_an_emergency_is_recorded_with_one_press(at):
    at("agent").post("/cases/new", data={**COMPLETE, "deed": "119"})
    case = the_case()
    assert (case.state, case.route_told) == (CaseState.NOT_ACCEPTED, "119")


def test_a_draft_is_kept_found_again_and_gone_when_the_case_is_made(at):
    client = at("agent")
    typed = {"title": "半句话", "urgency": "critical", "needs_reply": False, "csrf_token": "x", "bogus": [1]}
    saved = client.put("/cases/drafts/case-new", json={"data": typed, "version": 3})
    assert saved.get_json() == {"version": 4}
    page = client.get("/cases/new").get_data(as_text=True)
    assert "半句话" in page
    client.post("/cases/new", data=COMPLETE)
    assert "半句话" not in client.get("/cases/new").get_data(as_text=True)


def test_a_draft_is_its_writers_alone(at):
    at("agent").put("/cases/drafts/case-new", json={"data": {"title": "我的半句话"}, "version": 0})
    assert "我的半句话" not in at("dispatcher").get("/cases/new").get_data(as_text=True)


@pytest.mark.parametrize("moment", ["gestern", "2026-01-05T21:30", "", None, 7, ["x"]])
def test_a_draft_with_any_moment_in_it_still_opens(at, moment):
    client = at("agent")
    client.put(
        "/cases/drafts/case-new", json={"data": {"occurred_at": moment, "title": "半句"}, "version": 0}
    )
    page = client.get("/cases/new")
    assert page.status_code == 200
    assert "半句" in page.get_data(as_text=True)


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": 1}', b"\xff"])
def test_a_malformed_draft_is_refused(at, body):
    answer = at("agent").put("/cases/drafts/k", data=body, content_type="application/json")
    assert answer.status_code == 422


def test_the_callers_open_cases_and_similar_ones_nearby_are_offered(at, staff):
    theirs = make_case(staff=staff, phone="13912340042", category_code="0305")
    nearby = make_case(staff=staff, category_code="1101")
    asked = {"phone": "13912340042", "category_code": "1101"}
    page = text_of(at("agent").get("/cases/near", query_string=asked))
    assert theirs.case_no in page
    assert nearby.case_no not in page, "another caller's, of no known place"


def test_a_caller_whose_case_was_merged_is_offered_the_case_it_was_merged_into(at, staff):
    master = make_case(CaseState.PROCESSING, staff, phone="13900000001")
    services.merge_case(staff.dispatcher, make_case(staff=staff, phone="13900000002"), master.case_no)
    page = text_of(at("agent").get("/cases/near", query_string={"phone": "13900000002"}))
    assert master.case_no in page


@pytest.mark.parametrize(
    "query", ["phone=x", "category_code=%00", "category_code=0305&street_code=%27", "call_no=%00"]
)
def test_looking_nearby_survives_rubbish(at, query):
    assert at("agent").get(f"/cases/near?{query}").status_code == 200


def test_a_call_that_is_not_this_agents_lends_no_number(at):
    assert at("agent").get("/cases/near?call_no=20261123-1").status_code == 404


def test_files_of_the_form_are_attached_to_the_case(at):
    client = at("agent")
    token = client.post("/cases/files", data={"file": (io.BytesIO(PNG), "灯.png")}).get_json()["token"]
    client.post("/cases/new", data={**COMPLETE, "attachments": token})
    assert [row.file.filename for row in attachments_of(the_case())] == ["灯.png"]


def test_files_of_a_draft_are_still_there(at):
    client = at("agent")
    token = client.post("/cases/files", data={"file": (io.BytesIO(PNG), "灯.png")}).get_json()["token"]
    client.put("/cases/drafts/case-new", json={"data": {"attachments": [token]}, "version": 0})
    assert "灯.png" in client.get("/cases/new").get_data(as_text=True)


def test_on_a_full_disk_the_file_is_refused_by_name_and_the_typing_goes_on(at, staff):
    client = at("agent")
    large = PNG + b"x" * 200_000
    with room_for(100_000):
        refused = client.post(
            "/cases/files",
            data={"file": (io.BytesIO(large), "灯.png")},
            headers={"Accept": "application/json"},
        )
        assert (refused.status_code, "灯.png" in refused.json["detail"]) == (507, True)
        assert client.put("/cases/drafts/case-new", json={"data": {"title": "路灯"}}).status_code == 200
        assert "路灯" in client.get("/cases/new").text
    assert client.post("/cases/files", data={"file": (io.BytesIO(large), "灯.png")}).status_code == 201


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # the half-read form is left to the GC
def test_a_form_too_large_for_the_disk_is_told_so(at, staff):
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\n\r\n'
    huge = head + PNG + b"x" * 2_000_000 + b"\r\n--x--\r\n"
    about = {"content_type": "multipart/form-data; boundary=x", "headers": {"Accept": "application/json"}}
    with room_for(100_000):
        refused = at("agent").post("/cases/files", data=huge, **about)
    assert (refused.status_code, refused.json["title"]) == (507, "no room")
