"""Cases for tests, made through the services: `make_case(state=CaseState.REPLIED)` walks the main path."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from accounts.models import Department, Person
from accounts.roles import Role
from config import clock
from config.extensions import db
from dispatch import services
from dispatch.models import Case, Category, ClockRule
from dispatch.services.reference import seed_reference
from dispatch.workflow import CaseState, RequestKind
from tests.factories.accounts import make_department, make_person

_number = itertools.count(1)


@dataclass
class Staff:
    """One person for each part of the main path, and their departments."""

    city: Department
    bureau: Department
    section: Department
    agent: Person
    dispatcher: Person
    officer: Person
    approver: Person
    reviewer: Person
    caller: Person
    supervisor: Person
    cases: list[Case] = field(default_factory=list)


def make_staff() -> Staff:
    """The people of a small hotline, with the code tables filled."""
    if db.session.query(Category).first() is None or db.session.query(ClockRule).first() is None:
        seed_reference()
    city = make_department("市12345热线")
    bureau = make_department("城市管理局", city)
    section = make_department("路灯管理处", bureau)
    return Staff(
        city,
        bureau,
        section,
        agent=make_person([Role.AGENT], city),
        dispatcher=make_person([Role.DISPATCHER], city),
        officer=make_person([Role.CASE_OFFICER], bureau),
        approver=make_person([Role.DEPARTMENT_APPROVER], bureau),
        reviewer=make_person([Role.REVIEWER], city),
        caller=make_person([Role.CALLBACK_AGENT], city),
        supervisor=make_person([Role.SUPERVISION_OFFICER], city),
    )


def intake(**changes: Any) -> services.CaseIntake:
    """A complete intake; change what matters."""
    n = next(_number)
    facts: dict[str, Any] = {
        "title": f"路灯不亮 {n}",
        "content": "幸福路 12 号门前的路灯三天不亮，晚上看不清路。",
        "asked": "尽快修好",
        "category_code": "0305",
        "phone": f"139{n:08d}",
        "citizen_name": "张三",
        **changes,
    }
    return services.CaseIntake(**facts)


def make_case(
    state: CaseState = CaseState.PENDING_DISPATCH, staff: Staff | None = None, **changes: Any
) -> Case:
    """A case in `state`, taken there by the right people."""
    staff = staff or make_staff()
    if state is CaseState.ANSWERED:
        return services.answer_on_the_spot(staff.agent, intake(**changes), "已告知办理流程。")
    case = services.register_case(staff.agent, intake(**changes))
    for step in _STEPS[state]:
        step(staff, case)
    return case


Step = Callable[[Staff, Case], Any]


def _suspend(staff: Staff, case: Case) -> None:
    services.request_suspension(staff.officer, case, "等待材料")
    services.decide_request(
        staff.supervisor, case, RequestKind.SUSPENSION, True, review_on=clock.today() + timedelta(days=30)
    )


_dispatch: Step = lambda s, c: services.dispatch_case(s.dispatcher, c, s.bureau.id)  # noqa: E731
_sign: Step = lambda s, c: services.sign_case(s.officer, c)  # noqa: E731
_write: Step = lambda s, c: services.write_reply(s.officer, c, "已派人修复。", solved=True)  # noqa: E731
_release: Step = lambda s, c: services.release_reply(s.approver, c)  # noqa: E731
_pass: Step = lambda s, c: services.pass_reply(s.reviewer, c)  # noqa: E731
_close: Step = lambda s, c: services.close_after_callback(s.caller, c, True, 5)  # noqa: E731
_redo: Step = lambda s, c: services.order_redo(s.caller, c, False, 1, "没有修好")  # noqa: E731

_TO_CALLBACK = (_dispatch, _sign, _write, _release, _pass)
_STEPS: dict[CaseState, tuple[Step, ...]] = {
    CaseState.PENDING_DISPATCH: (),
    CaseState.DRAFT: (lambda s, c: services.send_back_to_agent(s.dispatcher, c, "请补充地址"),),
    CaseState.NOT_ACCEPTED: (
        lambda s, c: services.not_accept_case(s.dispatcher, c, "outside_area", "请拨打邻市热线"),
    ),
    CaseState.DISPATCHED: (_dispatch,),
    CaseState.PROCESSING: (_dispatch, _sign),
    CaseState.REPLIED: (_dispatch, _sign, _write, _release),
    CaseState.CALLBACK: _TO_CALLBACK,
    CaseState.CLOSED: (*_TO_CALLBACK, _close),
    CaseState.REDO: (*_TO_CALLBACK, _redo),
    CaseState.SUSPENDED: (_dispatch, _sign, _suspend),
    CaseState.MERGED: (
        lambda s, c: services.merge_case(s.dispatcher, c, services.register_case(s.agent, intake()).case_no),
    ),
    CaseState.ARCHIVED: (*_TO_CALLBACK, _close, lambda s, c: services.archive_case(s.dispatcher, c)),
}
