"""The table is whole: every action has a row, a sentence, a permission and known fields."""

from __future__ import annotations

from collections import Counter

import pytest

from accounts import audit
from accounts.permissions import table as permissions
from dispatch.workflow import (
    FIELDS,
    FINISHED_STATES,
    OPEN_STATES,
    TRANSITIONS,
    Action,
    CaseState,
    ClockKind,
    Rank,
    RequestKind,
    rows_from,
    transition,
)
from dispatch.workflow.fields import read_fields
from dispatch.workflow.sentences import SENTENCES, sentence


def test_every_action_has_exactly_one_row_and_one_sentence():
    assert Counter(row.action for row in TRANSITIONS) == Counter(Action)
    assert set(SENTENCES) == set(Action)


@pytest.mark.parametrize("row", TRANSITIONS, ids=lambda row: row.action.value)
def test_every_row_names_a_permission_an_audit_verb_and_known_fields(app, row):
    assert row.permission in permissions()
    assert f"case:{row.action.value}" in audit.verbs()
    assert set(row.needs) | set(row.takes) <= set(FIELDS)
    assert not set(row.needs) & set(row.takes)
    assert (row.branch is None) == (row.otherwise is None)
    assert len(row.shortcut) <= 1


def test_every_state_can_be_reached_and_only_the_archive_is_the_end():
    reached, frontier = {CaseState.DRAFT}, [CaseState.DRAFT]
    while frontier:
        state = frontier.pop()
        for row in rows_from(state):
            for target in row.targets_from(state):
                if target not in reached:
                    reached.add(target)
                    frontier.append(target)
    assert reached == set(CaseState)
    assert [state for state in CaseState if not rows_from(state)] == [CaseState.ARCHIVED]


@pytest.mark.parametrize("state", sorted(OPEN_STATES))
def test_every_open_state_offers_somebody_a_main_action(state):
    assert any(row.rank is Rank.MAIN for row in rows_from(state))


@pytest.mark.parametrize("state", list(CaseState))
def test_no_two_moves_of_one_permission_share_a_letter(state):
    letters = Counter((row.permission, row.shortcut) for row in rows_from(state) if row.shortcut)
    shared = {key for key, n in letters.items() if n > 1}
    # Registering and submitting again are never offered together: their conditions exclude each other.
    assert shared <= {("case:register", "d")}


@pytest.mark.parametrize("kind", list(RequestKind))
def test_every_request_can_be_approved_and_refused_wherever_it_can_be_asked(kind):
    ask, approve, refuse = (
        transition(Action(f"{verb}_{kind.value}")) for verb in ("request", "approve", "refuse")
    )
    assert ask.sources <= approve.sources
    assert approve.sources == refuse.sources
    assert ask.target is None


def test_whatever_starts_a_clock_is_matched_by_something_that_stops_it():
    started = {kind for row in TRANSITIONS for kind in row.starts}
    stopped = {kind for row in TRANSITIONS for kind in row.stops}
    assert {kind for row in TRANSITIONS for kind in row.withdraws} <= stopped
    assert started == stopped == set(ClockKind)


def test_a_finished_case_moves_only_into_the_archive():
    for state in FINISHED_STATES - {CaseState.ARCHIVED}:
        assert {t for row in rows_from(state) for t in row.targets_from(state)} <= {state, CaseState.ARCHIVED}


def test_a_sentence_with_a_missing_fact_shows_a_dash(app):
    assert sentence(Action.DISPATCH, {}).endswith("–")
    assert sentence(Action.DISPATCH, {"lead": "城管局"}).endswith("城管局")


@pytest.mark.parametrize(
    ("name", "rubbish"),
    [
        ("solved", "perhaps"),
        ("rating", 9),
        ("rating", "five"),
        ("rating", True),
        ("review_on", "soon"),
        ("contacted_at", "9999-99-99"),
        ("not_accepted_code", "because"),
        ("lead", {"id": 1}),
        ("attachment_ids", ["x"]),
        ("note", 7),
        ("reason", "长" * 2001),
    ],
)
def test_a_field_that_cannot_be_read_is_named(app, name, rubbish):
    _values, wrong = read_fields({name: rubbish}, (name,), ())
    assert name in wrong


def test_an_unknown_field_and_a_missing_one_are_both_named(app):
    _values, wrong = read_fields({"colour": "red", "reason": "  "}, ("reason",), ())
    assert set(wrong) == {"colour", "reason"}
