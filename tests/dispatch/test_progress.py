"""Case progress by telephone: for number and code together, and nothing for one of them."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from config.extensions import db
from dispatch import services
from dispatch.services.progress import KEYPAD, MOST_WRONG
from dispatch.workflow import CaseState
from hotline.progress import case_progress
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import SwitchCall


@pytest.fixture
def staff(app, clock):
    return make_staff()


@pytest.fixture
def case(staff):
    return make_case(CaseState.PROCESSING, staff)


def by_keys(case) -> tuple[str, str]:
    return case.case_no.replace("-", ""), case.query_code.translate(KEYPAD)


def verbs() -> list[str]:
    wanted = db.session.query(AuditEntry.verb).filter(AuditEntry.verb.startswith("case:progress"))
    return [verb for (verb,) in wanted.order_by(AuditEntry.id)]


def test_number_and_code_are_answered_with_the_state_in_chinese_and_audited(case):
    said = case_progress(*by_keys(case), "a call")
    assert "办理中" in said
    assert " ".join(case.case_no[-4:]) in said
    assert case.title not in said
    assert verbs() == ["case:progress_told"]


def test_a_merged_case_stands_as_its_master_does(case, staff):
    follower = make_case(staff=staff)
    services.merge_case(staff.dispatcher, follower, case.case_no)
    said = case_progress(*by_keys(follower), "a call")
    assert "办理中" in said
    assert " ".join(follower.case_no[-4:]) in said


def test_a_wrong_code_is_answered_as_an_unknown_number_is(case):
    number, code = by_keys(case)
    wrong = "".join(str((int(c) + 1) % 10) for c in code)
    assert case_progress(number, wrong, "a call") is None
    another = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert case_progress(another, code, "a call") is None
    assert case_progress("", "", "a call") is None
    assert verbs() == ["case:progress_refused"] * 3


def test_after_too_many_wrong_codes_not_even_the_right_one_opens_it_that_day(case):
    number, code = by_keys(case)
    for _ in range(MOST_WRONG):
        assert case_progress(number, "000000", "a call") is None
    assert case_progress(number, code, "a call") is None


def test_a_caller_walks_to_the_state_of_their_case(case):
    number, code = by_keys(case)
    call = SwitchCall()
    call.arrive()
    call.press("3")
    call.press(number)
    (said,) = call.press(code)
    assert said.type == "say"
    assert "办理中" in said.text
    (asked,) = call.hear()
    assert asked.type == "gather"


def test_three_wrong_codes_lead_to_a_person(case):
    number, _code = by_keys(case)
    call = SwitchCall()
    call.arrive()
    call.press("3")
    for _ in range(3):
        call.press(number)
        commands = call.press("1")
        if commands[0].type == "say":
            call.hear()
    assert [command.type for command in commands] == ["queue"]
