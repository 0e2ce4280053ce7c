"""The figures of cases: each rule told once, and all of them held against a count of the raw deeds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from accounts.roles import Role
from config import clock as city_clock
from config.errors import HotlineError
from config.extensions import db
from dispatch import services
from dispatch.models import CaseClock
from dispatch.workflow import CaseState, ClockKind, NotAcceptedReason, RequestKind
from reports.kpis import Period, Scope, compute_all
from reports.kpis.compute import CITY
from scripts.figures_from_deeds import count
from tests.dispatch.test_random_walks import THREE, choose, data_for
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case, make_staff

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def staff(clock):
    return make_staff()


def values(period, scope=CITY):
    return {code: figure.value for code, figure in compute_all(period, scope).items()}


def day(number: int) -> Period:
    """The city's day, counted from that Monday."""
    return Period.of_day(city_clock.local(MONDAY + timedelta(days=number)).date())


def give_back(staff, case):
    services.request_return(
        case_officer(case, staff), case, "not_our_duty", "不属于我局职责", "三定方案第五条"
    )
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)


def case_officer(case, staff):
    if case.lead_department_id == staff.bureau.id:
        return staff.officer
    return make_person([Role.CASE_OFFICER], case.lead_department)


def test_what_is_due_with_a_day_counts_on_that_day_and_not_on_the_next(staff, clock):
    make_case(CaseState.DISPATCHED, staff)  # to be signed by the end of Tuesday
    clock.advance(days=3)
    assert values(day(1))["signed_in_time"] == 0
    assert values(day(2))["signed_in_time"] is None


def test_what_is_still_running_is_no_miss_yet(staff, clock):
    make_case(CaseState.DISPATCHED, staff)
    clock.advance(days=1, hours=6)  # Tuesday afternoon
    assert values(day(1))["signed_in_time"] is None
    make_case(CaseState.PROCESSING, staff, urgency="urgent")  # signed within its half hour
    assert values(day(1))["signed_in_time"] == 1


def test_a_reply_given_in_time_is_in_time_while_it_waits_for_its_review(staff, clock):
    case = make_case(CaseState.REPLIED, staff)
    due = db.session.query(CaseClock).filter_by(case_id=case.id, kind=ClockKind.HANDLING).one().due_at
    clock.set(due + timedelta(hours=1))
    period = Period(due - timedelta(hours=24), due)
    assert (values(period)["closed_in_time"], values(period)["overdue_rate"]) == (1, 0)
    services.fail_reply(staff.reviewer, case, "没有答复市民的问题")
    clock.advance(days=20)
    whole = Period(MONDAY, clock.at)
    assert (values(whole)["closed_in_time"], values(whole)["overdue_rate"]) == (0, 1)


def test_a_department_that_gives_everything_back_has_handled_nothing_in_time(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    give_back(staff, case)
    clock.advance(days=30)
    found = values(Period(MONDAY - timedelta(days=1), clock.at), Scope(staff.bureau.path))
    assert found["closed_in_time"] is None
    assert (found["return_rate"], found["dispatch_accuracy"]) == (1, 0)


def test_a_return_counts_for_who_gave_the_case_back_on_the_day_it_was_sent_there(staff, clock):
    other = make_department("住建局", staff.city)
    case = make_case(CaseState.PROCESSING, staff)
    give_back(staff, case)
    monday = day(0)
    assert values(monday)["return_rate"] == 1
    clock.advance(days=3)
    services.dispatch_case(staff.dispatcher, case, other.id)
    assert values(monday)["return_rate"] == 1  # what was counted is not counted away
    thursday = values(day(3), Scope(other.path))
    assert (thursday["return_rate"], thursday["dispatch_accuracy"]) == (0, 1)
    assert values(monday, Scope(staff.bureau.path))["return_rate"] == 1


def test_what_is_suspended_before_its_time_is_up_is_nobodys_miss(staff, clock):
    make_case(CaseState.SUSPENDED, staff)
    clock.advance(days=20)
    assert values(Period(MONDAY, clock.at))["closed_in_time"] is None


def test_a_reply_without_a_word_to_the_citizen_is_no_contact(staff, clock):
    make_case(CaseState.REPLIED, staff)
    told = make_case(CaseState.PROCESSING, staff)
    services.record_contact(staff.officer, told, "已电话联系")
    clock.advance(days=3)
    assert values(Period(MONDAY, clock.at))["contacted_in_time"] == pytest.approx(1 / 2)


@pytest.mark.parametrize("kept", ["confidential", "anonymous"])
def test_who_does_not_know_the_citizen_is_not_to_contact_them(staff, clock, kept):
    case = make_case(CaseState.DISPATCHED, staff, **{kept: True})
    assert ClockKind.CONTACT not in services.timing.running_clocks(case)
    clock.advance(days=3)
    assert values(Period(MONDAY, clock.at))["contacted_in_time"] is None


def test_what_is_excluded_from_assessment_is_in_no_figure_of_time(staff, clock):
    case = make_case(CaseState.PROCESSING, staff)
    services.ask(staff.officer, case, RequestKind.EXCLUSION, "台风停工")
    services.decide_request(staff.reviewer, case, RequestKind.EXCLUSION, True)
    clock.advance(days=30)
    found = values(Period(MONDAY, clock.at))
    for code in ("signed_in_time", "contacted_in_time", "closed_in_time", "overdue_rate", "extension_rate"):
        assert found[code] is None, code


def test_the_archive_changes_no_figure(staff, clock):
    make_case(CaseState.ANSWERED, staff)
    refused, merged = make_case(CaseState.NOT_ACCEPTED, staff), make_case(CaseState.MERGED, staff)
    assert refused.not_accepted_code is NotAcceptedReason.OUTSIDE_AREA
    before = values(day(0))
    services.archive_case(staff.dispatcher, refused)
    services.not_accept_case(staff.dispatcher, merged.master, "outside_area", "请拨打邻市热线")
    closed_with_master = values(day(0))["cases_closed"]
    services.archive_case(staff.dispatcher, merged)
    after = values(day(0))
    assert after["cases_closed"] == closed_with_master
    assert after["first_contact_resolution"] == before["first_contact_resolution"]
    assert before["on_the_spot_rate"] == pytest.approx(1 / 3)
    assert after["on_the_spot_rate"] == pytest.approx(1 / 2)  # the master was not accepted, its follower was


FIGURES = (
    "cases_registered", "cases_closed", "cases_dispatched", "replies_reviewed", "callback_tries", "on_the_spot_rate",
    "first_contact_resolution", "signed_in_time", "contacted_in_time", "closed_in_time", "overdue_rate",
    "extension_rate", "solved_rate", "satisfied_rate", "reached_rate", "return_rate", "redo_rate", "dispatch_accuracy",
)  # fmt: skip
OF_NO_DEPARTMENT = {"cases_dispatched", "replies_reviewed"}


def agree(period: Period, path: str = "") -> None:
    """The page of KPIs and a count of the raw deeds say the same."""
    db.session.flush()
    link = db.session.connection().connection.driver_connection
    raw = count(link, period.start, period.end, city_clock.now(), path)
    shown = compute_all(period, Scope(path or None), FIGURES)
    for code in FIGURES:
        if path and code in OF_NO_DEPARTMENT:
            continue
        numerator, denominator = raw.get(code, (0, 0))
        figure = shown[code]
        if figure.kpi.denominator is None:
            assert figure.value == denominator, code
            continue
        assert (figure.denominator or 0) == denominator, code
        assert (figure.numerator or 0) == pytest.approx(numerator), code
        assert figure.value == (pytest.approx(numerator / denominator) if denominator else None), code


@settings(max_examples=12)
@given(seed=st.integers(0, 10_000))
def test_whatever_is_done_to_cases_every_figure_is_that_of_the_raw_deeds(clock, seed):
    chance = Random(seed)
    clock.set(MONDAY)
    staff = make_staff()
    everybody = make_person([role for role in Role if role not in THREE])
    other = make_department("住建局", staff.city)
    city = (staff, everybody, make_department("街道办", staff.bureau))
    cases = [
        make_case(
            chance.choice(START), staff, phone=f"1380013800{chance.randint(0, 3)}", confidential=not n % 4
        )
        for n in range(8)
    ]
    for _step in range(60):
        clock.advance(minutes=chance.choice((5, 60, 400, 1500)))
        case = chance.choice(cases)
        if (row := choose(case, chance.randint(0, 10_000))) is None:
            continue
        given_data = data_for(row.action, city, chance.randint(1, 5))
        given_data["lead"] = chance.choice((staff.bureau.id, other.id))
        data = {name: given_data[name] for name in (*row.needs, *row.takes) if given_data.get(name)}
        try:
            services.perform(case.id, row.action, everybody, data)
        except HotlineError:
            db.session.refresh(case)
    agree(Period(MONDAY - timedelta(days=1), clock.at + timedelta(days=30)))
    agree(Period.of_days(MONDAY.date(), (MONDAY + timedelta(days=6)).date()))
    agree(Period.of_days((MONDAY + timedelta(days=7)).date(), city_clock.today()))
    for department in (staff.bureau, other, city[2]):
        agree(Period(MONDAY - timedelta(days=1), clock.at), department.path)


START = (
    CaseState.PENDING_DISPATCH,
    CaseState.DISPATCHED,
    CaseState.PROCESSING,
    CaseState.REPLIED,
    CaseState.CALLBACK,
)
