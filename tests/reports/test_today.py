"""What a person did today is counted by the definitions of the KPIs, and for them alone."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from dispatch.workflow import CaseState
from reports.today import day_of
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff
from tests.factories.hotline import SwitchCall, make_agent
from tests.reports.test_statistics import agent_seat


def figures_of(person, part: int = 0) -> dict[str, float | None]:
    return {figure.kpi.code: figure.value for figure in day_of(person)[part].figures}


def test_an_agents_day_is_made_of_their_own_calls(clock):
    mine, other = make_agent(), make_agent()
    for agent, seconds in ((mine, 60), (other, 500)):
        call = SwitchCall()
        call.arrive(prefer_seat=agent_seat(agent))
        call.tell("leg.answered", leg=call.seat_leg)
        clock.advance(seconds=seconds)
        call.caller_hangs_up()
    found = figures_of(mine)
    assert (found["calls_answered"], found["talk_total"], found["average_talk"]) == (1, 60, 60)
    assert figures_of(other)["talk_total"] == 500


def test_cases_count_for_who_registered_dispatched_reviewed_and_called_back(clock):
    staff = make_staff()
    make_case(CaseState.CLOSED, staff)
    make_case(CaseState.PENDING_DISPATCH, staff)
    assert figures_of(staff.agent)["cases_registered"] == 2
    assert figures_of(staff.dispatcher)["cases_dispatched"] == 1
    assert figures_of(staff.reviewer)["replies_reviewed"] == 1
    assert figures_of(staff.caller)["callback_tries"] == 1
    assert figures_of(make_person([Role.REVIEWER]))["replies_reviewed"] == 0


def test_who_works_in_a_department_sees_the_departments_day(clock):
    staff = make_staff()
    make_case(CaseState.CLOSED, staff)
    assert figures_of(staff.officer)["cases_closed"] == 1


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.KB_EDITOR])
def test_who_neither_calls_nor_handles_cases_has_no_figures(app, clock, role):
    assert day_of(make_person([role])) == []
