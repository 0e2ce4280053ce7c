"""Taking in: numbers, repeat callers, drafts, files, personal data."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import select, text

from accounts.models import AuditEntry
from config.errors import NotPermitted, Refused, TooLarge
from config.extensions import db
from dispatch import services
from dispatch.models import CaseDraft, Citizen, Urge
from dispatch.queries import caller_history, open_cases_of, timeline
from dispatch.workflow import CaseState, EmergencyService, NotAcceptedReason
from tests.dispatch.refusals import invalid
from tests.factories.dispatch import intake, make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def test_a_case_number_begins_with_the_citys_day_and_sorts_by_time(staff, clock):
    clock.advance(hours=14)  # past midnight in the city, still the same day in UTC
    numbers = [make_case(staff=staff).case_no for _ in range(3)]
    assert numbers == sorted(numbers)
    assert numbers[0].startswith("20261124-")


def test_a_query_code_has_no_letters_that_are_taken_for_another(staff):
    codes = {make_case(staff=staff).query_code for _ in range(20)}
    assert len(codes) == 20
    assert not set("".join(codes)) & set("0O1IL")


def test_a_number_that_called_before_is_known(staff):
    first = services.register_case(staff.agent, intake(phone="139 1234 0042"))
    second = services.register_case(staff.agent, intake(phone="13912340042", citizen_name=""))
    assert (first.repeat_caller, second.repeat_caller) == (False, True)
    assert first.citizen_id == second.citizen_id
    assert db.session.get(Citizen, first.citizen_id).name == "张三"
    assert list(db.session.scalars(caller_history(first.contact_index))) == [second, first]


def test_a_citizen_who_calls_again_about_an_open_case_makes_an_urge_on_it(staff):
    case = make_case(CaseState.PROCESSING, staff, phone="13912340042")
    assert list(db.session.scalars(open_cases_of(case.contact_index))) == [case]
    services.urge_case(staff.agent, case, "又来电催问", call_no="C1")
    assert case.urged_count == 1
    assert db.session.query(Urge).filter_by(case_id=case.id).one().call_no == "C1"


def test_an_emergency_is_transferred_and_recorded(staff):
    case = services.transfer_emergency(staff.agent, intake(), EmergencyService.FIRE)
    assert (case.state, case.not_accepted_code, case.route_told) == (
        CaseState.NOT_ACCEPTED,
        NotAcceptedReason.EMERGENCY,
        "119",
    )


def test_an_unknown_earlier_case_and_a_text_too_long_are_named(staff):
    with invalid("previous_case_no"):
        services.register_case(staff.agent, intake(previous_case_no="20200101-1"))
    with invalid("title", "address"):
        services.register_case(staff.agent, intake(title="长" * 121, address="长" * 201))


def test_what_the_database_keeps_of_a_person_is_sealed(staff):
    case = make_case(staff=staff, phone="13912340042", citizen_name="张三丰")
    row = db.session.execute(
        text("""SELECT to_jsonb("case")::text FROM "case" WHERE id = :id"""), {"id": case.id}
    ).scalar_one()
    assert "13912340042" not in row
    assert "张三丰" not in row


def test_people_see_masked_numbers_and_each_look_is_written_down(staff):
    case = make_case(CaseState.PROCESSING, staff, phone="13912340042", citizen_name="张三丰")
    assert services.shown_phone(staff.officer, case) == "139****0042"
    assert services.shown_name(staff.officer, case) == "张**"
    assert services.unmask_caller(staff.officer, case) == "+8613912340042"
    looked = select(AuditEntry).where(AuditEntry.verb == "caller:unmask")
    assert [row.person_id for row in db.session.scalars(looked)] == [staff.officer.id]
    assert [event.kind for event in db.session.scalars(timeline(case))][-1] == "unmask"


@pytest.mark.parametrize("wish", ["confidential", "anonymous"])
def test_who_asked_for_confidence_is_hidden_from_the_department(staff, wish):
    case = make_case(CaseState.PROCESSING, staff, **{wish: True})
    assert (services.shown_phone(staff.officer, case), services.shown_name(staff.officer, case)) == ("", "")
    with pytest.raises(NotPermitted):
        services.unmask_caller(staff.officer, case)
    assert services.unmask_caller(staff.caller, case).startswith("+86")


def test_a_draft_outlives_the_session_and_belongs_to_one_person(staff):
    services.save_draft(staff.agent, "call-1", {"title": "路灯", "phone": "13912340042"})
    services.save_draft(staff.agent, "call-1", {"title": "路灯不亮", "phone": "13912340042"})
    db.session.expire_all()
    fields, _saved_at = services.load_draft(staff.agent, "call-1")
    assert fields["title"] == "路灯不亮"
    assert services.load_draft(staff.dispatcher, "call-1") is None
    sealed = db.session.execute(select(CaseDraft.__table__.c.sealed.cast(db.Text))).scalar_one()
    assert "13912340042" not in sealed
    services.discard_draft(staff.agent, "call-1")
    assert services.load_draft(staff.agent, "call-1") is None


def test_a_draft_that_is_far_too_long_is_refused(staff):
    with pytest.raises(TooLarge):
        services.save_draft(staff.agent, "call-1", {"content": "长" * 200_000})


def test_a_file_is_attached_and_a_wrong_one_is_refused_by_name(staff):
    case = make_case(staff=staff)
    services.attach_file(staff.agent, case, io.BytesIO(b"%PDF-1.7 x"), "合同.pdf")
    assert [row.file.filename for row in services.attachments_of(case)] == ["合同.pdf"]
    with pytest.raises(Refused, match=r"photo\.exe"):
        services.attach_file(staff.agent, case, io.BytesIO(b"MZ"), "photo.exe")
    with pytest.raises(Refused, match=r"photo\.png"):
        services.attach_file(staff.agent, case, io.BytesIO(b"MZ"), "photo.png")
    with invalid("attachment_ids"):
        services.supplement_case(staff.agent, case, "补充材料", attachment_ids=[999_999])


def stored(person, name="合同.pdf"):
    return services.store_file(person, io.BytesIO(b"%PDF-1.7 x"), name).id


def test_nobody_attaches_a_file_that_somebody_else_stored(app):
    staff = make_staff()
    theirs = stored(staff.dispatcher)
    with invalid("attachment_ids"):
        services.register_case(staff.agent, intake(attachment_ids=(theirs,)))


def test_a_file_of_one_case_is_not_attached_to_another(app):
    staff = make_staff()
    file = stored(staff.agent)
    case = services.register_case(staff.agent, intake(attachment_ids=(file,)))
    with invalid("attachment_ids"):
        services.register_case(staff.agent, intake(attachment_ids=(file,)))
    services.supplement_case(staff.agent, case, "同一材料", attachment_ids=[file])
