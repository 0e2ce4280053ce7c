"""The dispatch desk, merging, handing down, and supervision."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from accounts.roles import Role
from config.errors import Invalid, NotPermitted, Refused
from config.extensions import db
from dispatch import services
from dispatch.models import Assignment, AssignmentRole, Case, CaseClock, PlaceLevel, SupervisionNotice
from dispatch.queries import (
    Desk,
    SavedView,
    assignments_of,
    desk_counts,
    offers,
    replies_of,
    similar_open_cases,
    suggest_lead,
    visible_case,
)
from dispatch.services.reference import add_place, seed_reference, set_lead
from dispatch.workflow import Action, CaseState, ClockKind, NoticeCause, RequestKind
from tests.dispatch.refusals import refused_because
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case, make_staff


@pytest.fixture
def staff(clock):
    return make_staff()


def test_one_department_leads_and_any_number_assist_on_shorter_clocks(staff):
    police, fire = make_department("公安局", staff.city), make_department("消防救援支队", staff.city)
    case = make_case(staff=staff, request_type="complaint")
    services.dispatch_case(
        staff.dispatcher, case, staff.bureau.id, [police.code, fire.id, police.id, staff.bureau.code]
    )
    parts = {part.department_id: part for part in db.session.scalars(assignments_of(case))}
    assert [p.department_id for p in parts.values() if p.role is AssignmentRole.LEAD] == [staff.bureau.id]
    assert set(parts) == {staff.bureau.id, police.id, fire.id}
    assert parts[police.id].due_at < parts[staff.bureau.id].due_at


@pytest.mark.parametrize("lead", ["nowhere", 10**12, "0"])
def test_a_department_that_does_not_exist_is_named(staff, lead):
    with pytest.raises(Invalid):
        services.dispatch_case(staff.dispatcher, make_case(staff=staff), lead)


def test_a_page_that_is_out_of_date_cannot_move_the_case(staff):
    case = make_case(staff=staff)
    services.urge_case(staff.agent, case, "又来电")
    with pytest.raises(Refused):
        services.dispatch_case(staff.dispatcher, case, staff.bureau.id, version=case.version - 1)
    assert case.state is CaseState.PENDING_DISPATCH


def test_a_merged_case_follows_its_master_and_gets_its_answer(staff):
    master = make_case(CaseState.PROCESSING, staff)
    case = make_case(staff=staff)
    services.merge_case(staff.dispatcher, case, master.case_no)
    assert list(db.session.scalars(select(Case).where(Case.master_case_id == master.id))) == [case]
    services.write_reply(staff.officer, master, "已修复", solved=True)
    assert [reply.public_text for reply in db.session.scalars(replies_of(case))] == ["已修复"]
    with refused_because("master_finished"):
        services.archive_case(staff.dispatcher, case)
    services.release_reply(staff.approver, master)
    services.pass_reply(staff.reviewer, master)
    services.close_after_callback(staff.caller, master, True, 5)
    services.archive_case(staff.dispatcher, case)
    assert (case.state, case.closed_by_id) == (CaseState.ARCHIVED, staff.dispatcher.id)


def test_who_follows_a_merged_case_follows_its_master(staff):
    first, second, third = (make_case(staff=staff) for _ in range(3))
    services.merge_case(staff.dispatcher, first, second.case_no)
    services.merge_case(staff.dispatcher, second, third.case_no)
    db.session.refresh(first)
    assert first.master_case_id == third.id


@pytest.mark.parametrize("state", [CaseState.CLOSED, CaseState.MERGED, CaseState.DRAFT])
def test_a_case_that_is_not_open_takes_in_no_other(staff, state):
    master, case = make_case(state, staff), make_case(staff=staff)
    with pytest.raises(Refused):
        services.merge_case(staff.dispatcher, case, master.case_no)
    with pytest.raises(Invalid):
        services.merge_case(staff.dispatcher, case, case.case_no)


def test_a_case_is_handed_down_only_to_a_department_below_and_only_once(staff):
    case = make_case(CaseState.PROCESSING, staff)
    with pytest.raises(Invalid):
        services.hand_down_case(staff.officer, case, staff.city.id)
    services.hand_down_case(staff.officer, case, staff.section.id, "请现场查看", days=1)
    part = db.session.scalar(select(Assignment).where(Assignment.role == AssignmentRole.BELOW))
    assert part.due_at <= case.due_at
    with pytest.raises(Refused):
        services.hand_down_case(staff.officer, case, staff.section.id)


def test_the_offers_are_what_the_table_and_the_permissions_say(staff):
    case = make_case(CaseState.PROCESSING, staff)
    officer = {offer.row.action: offer.refusal for offer in offers(staff.officer, case)}
    assert officer[Action.WRITE_REPLY] == ""
    assert Action.RELEASE_REPLY not in officer
    approver = {offer.row.action: offer.refusal for offer in offers(staff.approver, case)}
    assert approver[Action.RELEASE_REPLY] != ""
    services.write_reply(staff.officer, case, "已修复")
    assert {o.row.action: o.refusal for o in offers(staff.approver, case)}[Action.RELEASE_REPLY] == ""


def test_a_notice_is_numbered_addressed_and_answered_in_its_own_step(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.supervise_case(staff.supervisor, case, "三日内办结", NoticeCause.LEADER)
    notice = db.session.query(SupervisionNotice).one()
    assert notice.notice_no.startswith("DB2026-")
    assert (notice.department_id, notice.cause) == (staff.bureau.id, NoticeCause.LEADER)
    with refused_because("no_notice_open"):
        services.supervise_case(staff.supervisor, case, "再督办")
    services.answer_notice(staff.officer, case, "已整改")
    assert (notice.answer, notice.answered_by_id, case.open_notice) == ("已整改", staff.officer.id, False)
    with pytest.raises(NotPermitted):
        services.answer_notice(staff.officer, case, "再答复")


def test_a_notice_to_a_department_that_gives_the_case_back_is_withdrawn_and_proposed_again(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.supervise_case(staff.supervisor, case, "三日内办结", NoticeCause.LEADER)
    services.request_return(staff.officer, case, "not_our_duty", "不属于我局职责", "三定方案第五条")
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
    notice = db.session.query(SupervisionNotice).one()
    assert (notice.withdrawn, notice.answer, case.open_notice) == (True, "", False)
    assert case.proposed_notice is NoticeCause.LEADER
    clock = db.session.query(CaseClock).filter_by(kind=ClockKind.SUPERVISION).one()
    assert (clock.stopped_at, clock.withdrawn) == (notice.answered_at, True)


def test_a_case_with_a_withdrawn_notice_can_get_another_one_and_can_be_archived(staff):
    case = make_case(CaseState.PROCESSING, staff)
    services.supervise_case(staff.supervisor, case, "三日内办结", NoticeCause.LEADER)
    services.request_return(staff.officer, case, "not_our_duty", "不属于我局职责", "三定方案第五条")
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
    services.dispatch_case(staff.dispatcher, case, staff.section.id)
    services.supervise_case(staff.supervisor, case, "三日内办结", NoticeCause.LEADER)
    officer = make_person([Role.CASE_OFFICER], staff.section)
    assert visible_case(officer, case.case_no) is case
    services.answer_notice(officer, case, "已整改")
    other = make_case(CaseState.PROCESSING, staff)
    services.supervise_case(staff.supervisor, other, "三日内办结")
    services.request_return(staff.officer, other, "not_our_area", "不在本辖区", "三定方案第五条")
    services.decide_request(staff.dispatcher, other, RequestKind.RETURN, True)
    services.not_accept_case(staff.dispatcher, other, "outside_area", "请拨打邻市热线")
    services.archive_case(staff.supervisor, other)
    assert other.state is CaseState.ARCHIVED


def test_what_was_merged_is_proposed_for_supervision_no_more(staff):
    master, case = make_case(staff=staff), make_case(staff=staff)
    for _ in range(3):
        services.urge_case(staff.agent, case, "又来电")
    services.merge_case(staff.dispatcher, case, master.case_no)
    assert desk_counts(Desk.SUPERVISION, staff.supervisor)[SavedView.PROPOSED] == 0


def test_a_case_urged_again_and_again_is_proposed_for_supervision(staff):
    case = make_case(CaseState.PROCESSING, staff)
    for _ in range(3):
        services.urge_case(staff.agent, case, "又来电")
    assert case.proposed_notice is NoticeCause.URGED
    assert desk_counts(Desk.SUPERVISION, staff.supervisor)[SavedView.PROPOSED] == 1


def test_the_catalogue_suggests_by_the_nearest_category_and_the_place(staff):
    street_office = make_department("幸福街道办", staff.city)
    add_place("D1", "一区", PlaceLevel.DISTRICT)
    add_place("D101", "幸福街道", PlaceLevel.STREET, "D1", street_office)
    assert suggest_lead("0305") is None
    set_lead(["03"], staff.bureau)
    assert suggest_lead("0305", "D101").department == staff.bureau
    set_lead(["0301"], staff.bureau, local=True)
    assert suggest_lead("0301", "D101").department == street_office
    assert suggest_lead("0301").department == staff.bureau


def test_cases_of_one_caller_or_place_and_category_are_likely_the_same(staff):
    add_place("D1", "一区", PlaceLevel.DISTRICT)
    add_place("D101", "幸福街道", PlaceLevel.STREET, "D1")
    here = make_case(staff=staff, street_code="D101")
    elsewhere = make_case(staff=staff, phone="13912340042")
    make_case(staff=staff, street_code="D101", category_code="0306")
    assert list(db.session.scalars(similar_open_cases("0305", "D101"))) == [here]
    by_caller = similar_open_cases("0305", None, elsewhere.contact_index)
    assert list(db.session.scalars(by_caller)) == [elsewhere]
    assert list(db.session.scalars(similar_open_cases("0305"))) == []


def test_seeding_twice_changes_nothing(staff):
    assert seed_reference() == 0
