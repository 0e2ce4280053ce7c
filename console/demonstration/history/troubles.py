"""What does not go straight: refusals, returns, extensions, suspensions, supervision."""

from __future__ import annotations

from datetime import timedelta

from accounts.models import Department
from config import clock
from console.demonstration.history.phrases import DEMANDS, EXTENSIONS, NOT_ACCEPTED, RETURNS, SUSPENSIONS
from console.demonstration.history.steps import Life, Steps
from dispatch import services
from dispatch.services.requests import MOST_EXTENSION_DAYS
from dispatch.workflow import CaseState, NoticeCause, RequestKind


def not_accepted(life: Life) -> Steps:
    """Not for the hotline: the citizen is told the way."""
    code, route = life.rng.choice(NOT_ACCEPTED)
    yield (
        life.wait(5, 60, office=False),
        lambda: services.not_accept_case(life.dispatcher, life.case, code, route),
    )


def sent_back(life: Life) -> Steps:
    """The dispatch desk wants more; the agent asks and submits again."""
    case = life.case
    yield (
        life.wait(5, 60, office=False),
        lambda: services.send_back_to_agent(
            life.dispatcher, case, "具体位置不清，请联系来电人补充门牌号和发生时间。"
        ),
    )
    content = case.content + f"（补充：具体位置为{case.address}附近，来电人可现场指认。）"
    yield (
        life.wait(10, 90, office=False),
        lambda: services.resubmit_case(
            case.registered_by, case, content=content, note="已联系来电人补充位置。"
        ),
    )


def returned(life: Life, right: Department) -> Steps:
    """It came to the wrong department, which says so in time; the desk rules and sends it on."""
    case = life.case
    reason, basis = life.texts.choice(RETURNS)
    yield (
        life.wait(15, 90) if not life.fast else life.wait(1, 6),
        lambda: services.request_return(life.officer, case, "not_our_duty", reason, basis),
    )
    yield (
        life.wait(10, 120) if not life.fast else life.wait(1, 5),
        lambda: services.decide_request(
            life.dispatcher, case, RequestKind.RETURN, True, "职责确不在该单位，同意退单。"
        ),
    )
    if case.state is CaseState.PENDING_DISPATCH:
        yield life.wait(3, 40, office=False), lambda: services.dispatch_case(life.dispatcher, case, right.id)


def waiting_request(life: Life, kind: RequestKind) -> Steps:
    """A request that is on somebody's desk now."""
    case = life.case
    at = life.wait(10, 60)
    if kind is RequestKind.RETURN:
        reason, basis = life.texts.choice(RETURNS)
        yield at, lambda: services.request_return(life.officer, case, "not_our_duty", reason, basis)
    elif kind is RequestKind.EXTENSION:
        yield at, lambda: services.request_extension(life.officer, case, 1, life.texts.choice(EXTENSIONS))
    else:
        yield at, lambda: services.request_suspension(life.officer, case, life.texts.choice(SUSPENSIONS))


def extended(life: Life) -> Steps:
    """More time is asked for, before it is up; mostly it is given."""
    case = life.case
    at = life.wait(60, 400)
    if case.due_at is None or at >= case.due_at or case.extended_count:
        return
    days = life.rng.randint(1, min(2, MOST_EXTENSION_DAYS))
    yield at, lambda: services.request_extension(life.officer, case, days, life.texts.choice(EXTENSIONS))
    approve = life.rng.random() < 0.8
    reviewer = life.rng.choice(life.cast.reviewers)
    yield (
        life.wait(20, 200),
        lambda: services.decide_request(
            reviewer, case, RequestKind.EXTENSION, approve, "" if approve else "时限尚余，请抓紧办理。"
        ),
    )


def suspended(life: Life) -> Steps:
    """It cannot be solved now: the clock stands still until it is looked at again."""
    case, supervisor = life.case, life.cast.supervisor
    yield (
        life.wait(60, 300),
        lambda: services.request_suspension(life.officer, case, life.texts.choice(SUSPENSIONS)),
    )
    days = life.rng.randint(12, 40)
    at = life.wait(30, 400)
    review_on = clock.local(at).date() + timedelta(days=days)
    yield (
        at,
        lambda: services.decide_request(
            supervisor, case, RequestKind.SUSPENSION, True, "同意挂账，到期复核。", review_on=review_on
        ),
    )
    if not life.fate.hurried:
        life.at = at + timedelta(days=days - 1)
        yield life.wait(30, 300), lambda: services.resume_case(supervisor, case)


def supervised(life: Life) -> Steps:
    """Overdue: a numbered notice, answered in its own step. The reply is late by as much again."""
    case = life.case
    if case.due_at is None or case.open_notice:
        return
    late_by = life.at - case.due_at
    life.at = case.due_at + late_by * 0.4
    yield (
        life.wait(30, 200),
        lambda: services.supervise_case(
            life.cast.supervisor, case, life.texts.choice(DEMANDS), NoticeCause.OVERDUE
        ),
    )
    yield (
        life.wait(60, 500),
        lambda: services.answer_notice(
            life.approver, case, "已约谈承办人员，明确专人负责，一个工作日内办结并答复来电人。"
        ),
    )
