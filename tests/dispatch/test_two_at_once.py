"""Several people at the same moment: one deed wins, the other is told, nothing is doubled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select

from accounts.models import Person
from accounts.roles import Role
from config.errors import Conflict, HotlineError
from config.extensions import db
from dispatch import services
from dispatch.models import Assignment, Case, CaseEvent
from dispatch.workflow import Action, CaseState, transition
from tests.dispatch.test_random_walks import THREE
from tests.factories.accounts import make_person
from tests.factories.dispatch import intake, make_case, make_staff


def at_once(app, deeds: list[Callable[[], Any]]) -> list[Any]:
    """Run the deeds in a thread each, let go together; what each returned or refused."""
    gate, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(n: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                results[n] = deeds[n]()
            except HotlineError as error:
                results[n] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(deeds))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def person(person_id: int):
    return db.session.get(Person, person_id)


def test_of_two_dispatchers_one_is_told_who_was_first(committed):
    staff = make_staff()
    others = [make_person([Role.DISPATCHER], name=f"派单员{n}") for n in range(4)]
    case = make_case(staff=staff)
    case_id, version, lead = case.id, case.version, staff.bureau.id
    names = {other.name for other in others}
    ids = [other.id for other in others]
    db.session.remove()

    def deed(who: int) -> Callable[[], Any]:
        def dispatch() -> str:
            services.perform(case_id, Action.DISPATCH, person(who), {"lead": lead}, version)
            return "done"

        return dispatch

    results = at_once(committed, [deed(who) for who in ids])
    assert results.count("done") == 1
    told = [result for result in results if isinstance(result, Conflict)]
    assert len(told) == 3
    assert {error.detail["by"] for error in told} <= names
    assert len({error.detail["by"] for error in told}) == 1
    leads = select(func.count()).select_from(Assignment).where(Assignment.case_id == case_id)
    assert db.session.scalar(leads) == 1


def test_a_button_pressed_in_four_places_at_once_registers_one_case(committed):
    staff = make_staff()
    agent = staff.agent.id
    db.session.remove()

    def register() -> str:
        return services.register_case(person(agent), intake(intake_key="pressed")).case_no

    numbers = at_once(committed, [register] * 4)
    assert len(set(numbers)) == 1
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    assert db.session.scalar(select(func.count()).select_from(CaseEvent)) == 1


def test_cases_registered_at_once_have_numbers_of_their_own(committed):
    staff = make_staff()
    agent = staff.agent.id
    db.session.remove()

    def register() -> list[str]:
        return [services.register_case(person(agent), intake(phone="13912340042")).case_no for _ in range(5)]

    numbers = [number for some in at_once(committed, [register] * 4) for number in some]
    assert len(set(numbers)) == 20


def test_two_cases_merged_into_each_other_do_not_wait_for_ever(committed):
    staff = make_staff()
    first, second = make_case(staff=staff), make_case(staff=staff)
    pairs = [(first.id, second.case_no), (second.id, first.case_no)]
    dispatcher = staff.dispatcher.id
    db.session.remove()

    def deed(case_id: int, master: str) -> Callable[[], Any]:
        def merge() -> str:
            services.perform(case_id, Action.MERGE, person(dispatcher), {"master": master})
            return "done"

        return merge

    results = at_once(committed, [deed(*pair) for pair in pairs])
    assert results.count("done") <= 1
    states = list(db.session.scalars(select(Case.state)))
    assert states.count(CaseState.MERGED) == results.count("done")


def test_an_urge_pressed_in_four_places_at_once_is_one_urge(committed):
    staff = make_staff()
    case = make_case(CaseState.PROCESSING, staff)
    case_id, version, agent = case.id, case.version, staff.agent.id
    db.session.remove()

    def urge() -> int:
        return services.urge_case(person(agent), db.session.get(Case, case_id), "又来电", version=version).id

    assert at_once(committed, [urge] * 4) == [case_id] * 4
    assert db.session.get(Case, case_id).urged_count == 1


STEPS = {
    Action.DISPATCH: CaseState.PENDING_DISPATCH,
    Action.SEND_BACK: CaseState.PENDING_DISPATCH,
    Action.NOT_ACCEPT: CaseState.PENDING_DISPATCH,
    Action.RESUBMIT: CaseState.DRAFT,
    Action.SIGN: CaseState.DISPATCHED,
    Action.PASS_REPLY: CaseState.REPLIED,
    Action.FAIL_REPLY: CaseState.REPLIED,
    Action.CLOSE_SATISFIED: CaseState.CALLBACK,
    Action.ORDER_REDO: CaseState.CALLBACK,
    Action.RESUME: CaseState.SUSPENDED,
    Action.ARCHIVE: CaseState.CLOSED,
}
"""Each with a state from which it is done, by what its people may tell it alone."""
TOLD = {
    "reason": "理由", "not_accepted_code": "outside_area", "route": "请拨打邻市热线", "solved": True, "rating": 4,
}  # fmt: skip


@pytest.mark.parametrize("action", STEPS, ids=lambda action: action.value)
def test_of_two_who_take_a_step_at_once_one_is_told_and_the_step_is_taken_once(committed, action):
    staff = make_staff()
    both = [make_person([role for role in Role if role not in THREE]) for _ in range(2)]
    case = make_case(STEPS[action], staff)
    case_id, version, people = case.id, case.version, [one.id for one in both]
    data = {name: value for name, value in TOLD.items() if name in transition(action).needs}
    if action is Action.DISPATCH:
        data["lead"] = staff.bureau.id
    db.session.remove()

    def step(who: int) -> Callable[[], Any]:
        return lambda: services.perform(case_id, action, person(who), data, version).version

    results = at_once(committed, [step(who) for who in people])
    assert sum(isinstance(one, Conflict) for one in results) == 1
    assert [one for one in results if isinstance(one, int)] == [version + 1]
    deeds = select(func.count()).where(CaseEvent.case_id == case_id, CaseEvent.action == action)
    assert db.session.scalar(deeds) == 1
