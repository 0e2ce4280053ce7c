"""A case's life, step by step, as its fate says: each step is the moment it happens and the deed of somebody.

Steps are drawn one at a time: what comes next may look at what the case has become.
"""

from __future__ import annotations

from datetime import timedelta

from config import clock
from console.demonstration.history import endings, troubles
from console.demonstration.history.phrases import ADVICE, CONTACTS, PROGRESS, URGES
from console.demonstration.history.steps import Life, Steps
from dispatch import services
from dispatch.queries import suggest_lead
from dispatch.workflow import CaseState, RequestKind


def live(life: Life) -> Steps:
    """From the dispatch desk to the archive."""
    case, fate = life.case, life.fate
    if fate.stops_at is CaseState.PENDING_DISPATCH:
        return
    if fate.not_accepted:
        yield from troubles.not_accepted(life)
        return
    if fate.sent_back:
        yield from troubles.sent_back(life)
    yield from _dispatch(life)
    if fate.stops_at is CaseState.DISPATCHED:
        return
    yield from _sign(life)
    if fate.stops_at is CaseState.PROCESSING:
        return
    if fate.stops_at in tuple(RequestKind):
        yield from troubles.waiting_request(life, RequestKind(fate.stops_at))
        return
    yield from _handle(life)
    if case.state is CaseState.SUSPENDED or fate.stops_at is CaseState.SUSPENDED:
        return
    yield from answer(life)
    if fate.stops_at is CaseState.REPLIED:
        return
    yield from endings.review(life, answer)
    if case.state is CaseState.CLOSED or fate.stops_at is CaseState.CALLBACK:
        return
    yield from endings.call_back(life, answer)
    yield from endings.put_away(life)


def _dispatch(life: Life) -> Steps:
    case, cast, fate = life.case, life.cast, life.fate
    at = life.wait(1, 8, office=False) if life.fast else life.wait(6, 150, office=False)
    suggestion = suggest_lead(case.category_code, case.street_code, case.district_code)
    right = suggestion.department if suggestion else cast.offices["zsj"]
    lead = cast.another(right, life.rng) if fate.wrong_department else right
    assisting = [cast.another(right, life.rng).id] if fate.assisted else []
    advice = life.texts.choice(ADVICE)
    yield at, lambda: services.dispatch_case(life.dispatcher, case, lead.id, assisting, advice)
    if fate.wrong_department:
        yield from troubles.returned(life, right)


def _sign(life: Life) -> Steps:
    if life.case.state is CaseState.PROCESSING:  # a refused return has signed it
        return
    if life.fate.signs_late and not life.fate.hurried:
        at = life.wait_until_share(1.1)
    else:
        at = life.wait(2, 12) if life.fast else life.wait(15, 200)
    yield at, lambda: services.sign_case(life.officer, life.case)


def _handle(life: Life) -> Steps:
    case, fate, texts = life.case, life.fate, life.texts
    signed_at = life.at
    yield (
        life.wait(5, 40) if life.fast else life.wait(20, 300),
        lambda: services.record_contact(life.officer, case, texts.choice(CONTACTS)),
    )
    below = life.cast.below(case.lead_department) if case.lead_department and fate.handed_down else []
    if below and not life.fast:
        part = life.rng.choice(below)
        yield (
            life.wait(20, 120),
            lambda: services.hand_down_case(life.officer, case, part.id, "请现场处置后报结果。"),
        )
        yield (
            life.wait(120, 600),
            lambda: services.report_back(
                life.cast.officers[part.id], case, "已到现场核实处置，情况属实，结果如实上报。"
            ),
        )
    if fate.logs:
        yield life.wait(30, 240), lambda: services.log_progress(life.officer, case, texts.choice(PROGRESS))
    if fate.suspension or fate.stops_at is CaseState.SUSPENDED:
        yield from troubles.suspended(life)
        if case.state is CaseState.SUSPENDED:
            return
    if fate.extension and not life.fast:
        yield from troubles.extended(life)
    for _again in range(fate.urged):
        agent = life.rng.choice(life.cast.team)
        yield (
            life.wait(200, 900, office=False),
            lambda who=agent: services.urge_case(  # type: ignore[misc]
                who, case, texts.choice(URGES)
            ),
        )
    life.at = max(life.at, signed_at)
    life.wait_until_share(fate.share_of_limit)


def answer(life: Life, redo: bool = False) -> Steps:
    """The officer writes, the approver releases; overdue cases are supervised meanwhile."""
    case, story = life.case, life.story
    if case.due_at is not None and life.at > case.due_at + timedelta(hours=20) and not life.fast:
        yield from troubles.supervised(life)
    text = story.reply if not redo else "经再次核查并与来电人当面沟通，现补充答复：" + story.reply
    contacted = clock.local(case.contacted_at or life.at)
    at = life.wait(5, 30)
    yield (
        at,
        lambda: services.write_reply(
            life.officer,
            case,
            text,
            claim_true=life.texts.random() < 0.85,
            solved=True,
            contacted_at=min(contacted, clock.now()),
            internal_text="已现场核实，附处置记录。",
        ),
    )
    if life.fate.reply_returned and not redo:
        yield (
            life.wait(10, 90),
            lambda: services.return_reply_to_officer(life.approver, case, "请写明处置时间和责任人后再报。"),
        )
        yield (
            life.wait(20, 120),
            lambda: services.write_reply(
                life.officer, case, text + "处置时间与责任人已一并告知来电人。", solved=True
            ),
        )
    yield life.wait(5, 90), lambda: services.release_reply(life.approver, case)
