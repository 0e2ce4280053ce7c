"""What is not added up could not have mattered."""

from __future__ import annotations

import heapq

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.search import scoring
from knowledge_base.search.ranking import HEAVIEST, heaviest, idf

PASSAGES = 60
HELD = st.dictionaries(st.integers(0, PASSAGES - 1), st.integers(1, 5), max_size=PASSAGES)


@pytest.fixture(autouse=True)
def _no_list_is_too_short_to_skip(monkeypatch):
    monkeypatch.setattr(scoring, "LONG", 0)


@given(
    held=st.lists(HELD, min_size=1, max_size=8),
    lengths=st.lists(st.floats(0.3, 3), min_size=PASSAGES, max_size=PASSAGES),
    enough=st.integers(1, 10),
    walk=st.sampled_from((0, scoring.WALK)),
)
def test_the_best_are_the_same_with_and_without_skipping(held, lengths, enough, walk):
    postings = {f"t{n}": (sorted(h), [h[k] for k in sorted(h)]) for n, h in enumerate(held)}
    weights = sorted(((t, idf(PASSAGES, len(p[0]))) for t, p in postings.items()), key=lambda w: -w[1])
    whole = scoring.scores(weights, postings.__getitem__, lengths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "WALK", walk)
        raced = scoring.scores(weights, postings.__getitem__, lengths, enough)
    best = heapq.nlargest(enough, whole.values())
    assert heapq.nlargest(enough, raced.values()) == pytest.approx(best)
    assert all(whole[number] == pytest.approx(raced[number]) for number in raced)


def test_only_the_heaviest_terms_of_a_long_question_are_asked_for():
    question = {f"t{n}": 1 for n in range(100)}
    holding = {f"t{n}": n for n in range(100)}  # t0 stands nowhere, t1 is the rarest
    chosen = [term for term, _weight in heaviest(question, holding, 1000)]
    assert chosen == [f"t{n}" for n in range(1, HEAVIEST + 1)]


def test_a_rare_term_weighs_more_and_none_weighs_less_than_nothing():
    assert idf(1000, 1) > idf(1000, 500) > idf(1000, 1000) > 0
