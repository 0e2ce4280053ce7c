"""Taking actions through the pages: errors keep the typing, the second is told who was first, the next case comes."""

from __future__ import annotations

import io
import json

import pytest

from accounts.identity import acting_as
from config import clock as city_clock
from config.extensions import db
from dispatch import services
from dispatch.forms import action_form
from dispatch.services.attachments import attachments_of
from dispatch.services.reference import set_lead
from dispatch.workflow import TRANSITIONS, CaseState
from tests.dispatch.views.conftest import HTMX, text_of
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 32


def act(client, case, action, **data):
    data.setdefault("version", case.version)
    return client.post(f"/cases/{case.case_no}/actions/{action}", data=data)


def test_the_whole_main_path_by_the_forms(at, staff):
    case = make_case(staff=staff)
    steps = [
        ("dispatcher", "dispatch", {"lead": staff.bureau.code, "advice": "请尽快"}, CaseState.DISPATCHED),
        ("officer", "sign", {}, CaseState.PROCESSING),
        ("officer", "record_contact", {"note": "已电话联系"}, CaseState.PROCESSING),
        (
            "officer",
            "write_reply",
            {
                "public_text": "已修复。",
                "solved": "true",
                "claim_true": "true",
                "contacted_at": f"{city_clock.local(city_clock.now()):%Y-%m-%dT%H:%M}",
            },
            CaseState.PROCESSING,
        ),
        ("approver", "release_reply", {}, CaseState.REPLIED),
        ("reviewer", "pass_reply", {}, CaseState.CALLBACK),
        ("caller", "close_satisfied", {"solved": "true", "rating": "5"}, CaseState.CLOSED),
    ]
    for part, action, data, state in steps:
        answer = act(at(part), case, action, **data)
        assert answer.status_code == 302, text_of(answer)
        assert case.state is state


@pytest.mark.parametrize("row", [row for row in TRANSITIONS if row.needs], ids=lambda row: row.action.value)
def test_every_action_of_the_table_has_a_form_that_marks_what_it_needs(app, staff, row):
    with app.test_request_context("/"), acting_as(staff.dispatcher):
        form = action_form(row)
        assert all(form[name].flags.required for name in row.needs)
        assert all(name in form._fields for name in row.takes if name != "call_no")


def test_a_form_with_errors_keeps_everything_that_was_typed(at, staff):
    case = make_case(staff=staff)
    typed = {"lead": "", "advice": "写了很久的派单建议"}
    answer = at("dispatcher").post(
        f"/cases/{case.case_no}/actions/dispatch", data={**typed, "version": case.version}, headers=HTMX
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "写了很久的派单建议" in page
    assert 'href="#lead"' in page
    assert case.state is CaseState.PENDING_DISPATCH


def test_without_scripts_the_same_form_comes_back_on_its_whole_page(at, staff):
    case = make_case(CaseState.REPLIED, staff)
    page = act(at("reviewer"), case, "fail_reply", reason="").get_data(as_text=True)
    assert case.content in page
    assert 'id="action-form"' in page


def test_a_second_dispatcher_is_told_who_was_first(at, staff):
    case = make_case(staff=staff)
    version, first = (
        case.version,
        make_person(list(staff.dispatcher.roles), staff.city, name="李先一步"),
    )
    services.dispatch_case(first, case, staff.bureau.id)
    answer = act(at("dispatcher"), case, "dispatch", lead=staff.section.code, version=version)
    assert answer.status_code == 409
    assert "李先一步" in text_of(answer)
    assert case.lead_department_id == staff.bureau.id


@pytest.mark.parametrize("version", ["x", "-1", "99999999999999", "१"])
def test_a_version_that_is_rubbish_changes_nothing(at, staff, version):
    case = make_case(staff=staff)
    answer = act(at("dispatcher"), case, "dispatch", lead=staff.bureau.code, version=version)
    assert answer.status_code == 409
    assert case.state is CaseState.PENDING_DISPATCH


def test_who_may_not_is_told_so_and_nothing_changes(at, staff):
    case = make_case(staff=staff)
    answer = act(at("agent"), case, "dispatch", lead=staff.bureau.code)
    assert answer.status_code == 403
    assert case.state is CaseState.PENDING_DISPATCH


def test_an_action_that_the_table_does_not_have_is_not_found(at, staff):
    case = make_case(staff=staff)
    assert act(at("dispatcher"), case, "explode").status_code == 404


def test_an_action_of_another_state_changes_nothing_and_says_why(at, staff):
    case = make_case(CaseState.CLOSED, staff)
    answer = act(at("reviewer"), case, "pass_reply")
    assert answer.status_code == 409
    assert case.state is CaseState.CLOSED


def test_after_a_deed_the_next_case_of_the_list_comes_up(at, staff):
    first, second, third = (make_case(staff=staff) for _ in range(3))
    journey = {"desk": "dispatch", "view": "all"}
    answer = act(at("dispatcher"), second, "dispatch", lead=staff.bureau.code, **journey)
    assert f"/cases/{third.case_no}" in answer.location
    answer = act(at("dispatcher"), third, "dispatch", lead=staff.bureau.code, **journey)
    assert f"/cases/{first.case_no}" in answer.location
    answer = act(at("dispatcher"), first, "dispatch", lead=staff.bureau.code, **journey)
    assert answer.location.startswith("/desks/dispatch")


def test_beside_the_list_the_next_case_is_shown_beside_it(at, staff):
    first, second = make_case(staff=staff), make_case(staff=staff)
    data = {
        "desk": "dispatch",
        "view": "all",
        "beside": "1",
        "lead": staff.bureau.code,
        "version": first.version,
    }
    answer = at("dispatcher").post(f"/cases/{first.case_no}/actions/dispatch", data=data, headers=HTMX)
    place = json.loads(answer.headers["HX-Location"])
    assert place["path"] == f"/desks/dispatch?view=all&open={second.case_no}"


def test_a_note_of_progress_stays_with_the_case(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    make_case(CaseState.PROCESSING, staff)
    answer = act(at("officer"), case, "log_progress", note="已到现场", desk="inbox", view="all")
    assert f"/cases/{case.case_no}" in answer.location


def test_the_lead_that_the_catalogue_suggests_is_chosen_already(at, staff):
    set_lead(["0305"], staff.bureau)
    case = make_case(staff=staff)
    page = (
        at("dispatcher").get(f"/cases/{case.case_no}/actions/dispatch", headers=HTMX).get_data(as_text=True)
    )
    chosen = [option for option in page.split("<option") if " selected " in option.split(">")[0] + " "]
    assert any(staff.bureau.code in option for option in chosen)


def test_a_reply_that_waits_for_release_is_written_on(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.write_reply(staff.officer, case, "第一稿", internal_text="内部", solved=True)
    page = (
        at("officer").get(f"/cases/{case.case_no}/actions/write_reply", headers=HTMX).get_data(as_text=True)
    )
    assert "第一稿" in page
    assert "内部" in page


def test_proofs_go_up_first_and_are_attached_with_the_reply(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    client = at("officer")
    kept = client.post("/cases/files", data={"file": (io.BytesIO(PNG), "现场.png")}).get_json()
    act(client, case, "write_reply", public_text="已修复", attachment_ids=kept["token"])
    assert [row.file.filename for row in attachments_of(case)] == ["现场.png"]
    file_id = attachments_of(case)[0].file_id
    answer = client.get(f"/cases/{case.case_no}/files/{file_id}", buffered=True)
    assert answer.data == PNG
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_somebody_else_sent_cannot_be_taken(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    theirs = (
        at("agent").post("/cases/files", data={"file": (io.BytesIO(PNG), "别人的.png")}).get_json()["token"]
    )
    client = at("officer")
    for token in (theirs, theirs.partition("-")[0], "1-" + "0" * 24, "x", ""):
        act(client, case, "write_reply", public_text="已修复", attachment_ids=token)
    assert attachments_of(case) == []


@pytest.mark.parametrize(("name", "content"), [("病毒.exe", b"MZ"), ("假图.png", b"<html>"), ("空.pdf", b"")])
def test_a_file_of_a_wrong_kind_is_refused_by_name(at, staff, name, content):
    answer = at("agent").post(
        "/cases/files", data={"file": (io.BytesIO(content), name)}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 409
    assert name in answer.get_json()["detail"]


def test_a_file_of_another_case_is_not_found(at, staff):
    case, other = make_case(CaseState.PROCESSING, staff), make_case(CaseState.PROCESSING, staff)
    services.attach_file(staff.officer, other, io.BytesIO(PNG), "a.png")
    file_id = attachments_of(other)[0].file_id
    db.session.commit()
    assert at("officer").get(f"/cases/{case.case_no}/files/{file_id}").status_code == 404


@pytest.mark.parametrize(
    ("part", "action", "counted"),
    [
        ("agent", "urge", "urged_count"),
        ("officer", "log_progress", "version"),
        ("agent", "supplement", "version"),
    ],
)
def test_the_same_page_sent_twice_says_it_once(at, staff, part, action, counted):
    case = make_case(CaseState.PROCESSING, staff)
    client, version = at(part), case.version
    first = act(client, case, action, note="还没有修好", version=version)
    once = getattr(case, counted)
    second = act(client, case, action, note="还没有修好", version=version)
    assert (first.status_code, second.status_code) == (302, 302)
    assert getattr(case, counted) == once
    act(client, case, action, note="另有一处", version=version)
    assert getattr(case, counted) == once + 1
    act(client, case, action, note="另有一处", version=case.version)  # the citizen says so again
    assert getattr(case, counted) == once + 2


def test_who_says_the_same_as_somebody_else_is_heard_all_the_same(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    version = case.version
    for part in ("agent", "dispatcher"):
        act(at(part), case, "urge", note="还没有修好", version=version)
    assert case.urged_count == 2


def test_a_reply_sent_twice_carries_its_proof_once(at, staff):
    case = make_case(CaseState.PROCESSING, staff)
    client = at("officer")
    sent = client.post("/cases/files", data={"file": (io.BytesIO(PNG), "a.png")})
    for _ in range(2):
        act(client, case, "write_reply", public_text="已修复。", attachment_ids=sent.json["token"], version=0)
    assert len(attachments_of(case)) == 1
