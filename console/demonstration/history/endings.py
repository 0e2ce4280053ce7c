"""How it ends: review, callback, redo, decision, archive."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from console.demonstration.history.phrases import CONTENT, DECISIONS, FAILS, UNHAPPY, UNREASONABLE
from console.demonstration.history.steps import Life, Steps
from dispatch import services
from dispatch.workflow import CaseState

Answer = Callable[[Life, bool], Steps]


def review(life: Life, answer: Answer) -> Steps:
    """Is the reply good enough?"""
    case = life.case
    reviewer = life.rng.choice(life.cast.reviewers)
    if life.fate.review_fails:
        yield (
            life.wait(20, 240, office=not life.fast),
            lambda: services.fail_reply(reviewer, case, life.texts.choice(FAILS)),
        )
        yield from answer(life, True)
    yield life.wait(10, 240, office=not life.fast), lambda: services.pass_reply(reviewer, case)


def call_back(life: Life, answer: Answer) -> Steps:
    """What does the citizen say?"""
    case, fate = life.case, life.fate
    caller = life.rng.choice(life.cast.callers)
    yield from _tries(life, fate.tries)
    if fate.tries > 3:
        yield life.wait(5, 30, office=False), lambda: services.close_unreachable(caller, case)
    elif fate.content:
        yield (
            life.wait_for_callback(60, 400),
            lambda: services.close_after_callback(
                caller, case, True, fate.rating, life.texts.choice(CONTENT)
            ),
        )
    elif fate.redo:
        yield from _redo(life, answer)
    else:
        yield (
            life.wait_for_callback(60, 400),
            lambda: services.close_unreasonable(
                caller, case, False, life.rng.choice((1, 2, 2)), life.texts.choice(UNREASONABLE)
            ),
        )


def put_away(life: Life) -> Steps:
    """Into the archive, weeks later."""
    if life.fate.archived_after and life.case.state is CaseState.CLOSED and not life.case.open_notice:
        life.at += timedelta(days=life.fate.archived_after)
        yield life.wait(10, 400), lambda: services.archive_case(life.dispatcher, life.case)


def _tries(life: Life, tries: int) -> Steps:
    """Nobody answers; each try at another hour."""
    caller = life.rng.choice(life.cast.callers)
    for _try in range(min(3, tries - 1)):
        yield (
            life.wait_for_callback(150, 420),
            lambda: services.record_callback_attempt(caller, life.case, "无人接听"),
        )


def _redo(life: Life, answer: Answer) -> Steps:
    case, fate = life.case, life.fate
    caller, reviewer = life.rng.choice(life.cast.callers), life.rng.choice(life.cast.reviewers)
    yield (
        life.wait_for_callback(60, 400),
        lambda: services.order_redo(
            caller, case, False, life.rng.choice((1, 1, 2)), life.texts.choice(UNHAPPY)
        ),
    )
    if fate.stops_at is CaseState.REDO:
        return
    life.wait_until_share(life.rng.uniform(0.2, 0.8))
    yield from answer(life, True)
    yield life.wait(20, 240), lambda: services.pass_reply(reviewer, case)
    if fate.content_after_redo:
        yield (
            life.wait_for_callback(60, 400),
            lambda: services.close_after_callback(
                caller, case, True, life.rng.choice((3, 4, 5)), life.texts.choice(CONTENT)
            ),
        )
        return
    yield (
        life.wait_for_callback(60, 400),
        lambda: services.refer_to_supervision(caller, case, False, 1, life.texts.choice(UNHAPPY)),
    )
    yield (
        life.wait(300, 1500),
        lambda: services.close_by_decision(life.cast.supervisor, case, life.texts.choice(DECISIONS)),
    )
