"""Which of the candidates answers best: the same for every engine, each part of a score with its name. Pure.

An engine's BM25 finds candidates by single terms. Here each candidate is looked at whole: how much of the question
stands close together in it, what its title and headings say, whether it holds the kind of thing asked for, what else of
the same document was found, and which questions it has answered before. The weights were tuned on
tests/knowledge_base/questions/tuning-*.jsonl and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from flask_babel import lazy_gettext as _l

from knowledge_base.search.intent import Intent
from knowledge_base.search.text import fold

WINDOW, PARAGRAPH = 60, 120
"""Characters: a long sentence, and some. What is said within them is said of the same thing."""
_SENTENCE_END = re.compile("[。；;\n]|$")
_PENALTIES = re.compile("法律责任|罚则|处罚")


@dataclass(frozen=True)
class Candidate:
    """A passage that was found, with the words of its surroundings. `asked` are questions it has answered before.

    `score` is 0 for one found by its meaning alone; `meaning` how nearly it means what was asked, -1 to 1, if known.
    `local`: it is no law of the whole nation.
    """

    passage_id: int
    item_id: int
    ordinal: int
    title: str
    heading: str
    text: str
    score: float
    asked: Sequence[str] = ()
    meaning: float | None = None
    local: bool = True
    document_no: str = ""


@dataclass(frozen=True)
class Wanted:
    """A question as the candidates are measured by it: the weight of each term, rarer ones weighing more."""

    typed: Mapping[str, float]
    meant: Mapping[str, float]
    intents: Sequence[Intent]


@dataclass
class Ranked:
    """A candidate with its score and what it is made of, in the order of PARTS."""

    candidate: Candidate
    score: float
    parts: dict[str, float] = field(default_factory=dict)


PARTS = {
    "words": _l("words in common (BM25)"),
    "meaning": _l("means nearly the same"),
    "together": _l("words close together"),
    "heading": _l("title and headings"),
    "intent": _l("holds what was asked for"),
    "sentence": _l("words and what was asked for in one sentence"),
    "chapter": _l("in the chapter on penalties, which were asked for"),
    "local": _l("holds here, others in the whole country"),
    "document": _l("the same document answers in several places"),
    "neighbour": _l("the passages beside it"),
    "asked": _l("answered such questions before"),
    "frame": _l("opening and closing articles"),
}
BY_WORDS = {
    "words": 1.0,
    "meaning": 0.0,
    "together": 0.55,
    "heading": 0.2,
    "intent": 0.35,
    "sentence": 0.45,
    "chapter": 0.3,
    "local": 0.8,
    "document": 0.35,
    "neighbour": 0.05,
    "asked": 0.8,
    "frame": -0.15,
}
BY_MEANING = {
    "words": 1.0,
    "meaning": 1.3,
    "together": 1.4,
    "heading": 0.4,
    "intent": 0.5,
    "sentence": 0.6,
    "chapter": 0.6,
    "local": 1.2,
    "document": 0.5,
    "neighbour": 0.05,
    "asked": 1.6,
    "frame": -0.2,
}
"""Where meanings are known: found by logistic regression over all candidates of each tuning question, rounded."""
SPEAKS_OF_IT = 0.25
"""Of the question's weight close together: with less of it, what holds here is no answer because it holds here."""
FAR = 0.35
"""So much less like the question than the nearest candidate, a passage means something else."""


def rank(candidates: Sequence[Candidate], wanted: Wanted) -> list[Ranked]:
    """The candidates, best first; ties in the order the engine gave them."""
    if not candidates:
        return []
    # A text published just now may not be encoded yet, and must not come after those that are.
    weights = BY_WORDS if any(one.meaning is None for one in candidates) else BY_MEANING
    ranked = []
    for candidate, values in zip(candidates, features_of(candidates, wanted), strict=True):
        parts = {name: weights[name] * values[name] for name in PARTS}
        ranked.append(Ranked(candidate, sum(parts.values()), parts))
    ranked.sort(key=lambda one: -one.score)
    return ranked


def features_of(candidates: Sequence[Candidate], wanted: Wanted) -> list[dict[str, float]]:
    """What each candidate has of each part, each between 0 and 1 or little more."""
    best = max(candidate.score for candidate in candidates) or 1.0
    share = {(c.item_id, c.ordinal): c.score / best for c in candidates}
    documents: dict[int, list[float]] = {}
    for candidate in candidates:
        documents.setdefault(candidate.item_id, []).append(candidate.score / best)
    strength = {item: sum(sorted(found)[-4:]) / 4 for item, found in documents.items()}
    weights = {**wanted.meant, **wanted.typed}
    total = sum(wanted.typed.values()) or 1.0
    mixed = any(not one.local for one in candidates)
    nearest = max((one.meaning for one in candidates if one.meaning is not None), default=0.0)
    penalties = any(intent.name == "penalty" for intent in wanted.intents)
    found = []
    for candidate in candidates:
        text = folded(candidate.text)
        places = _places(text, weights)
        together, _at = _closest(places, weights, PARAGRAPH)
        _weight, at = _closest(places, weights, WINDOW)
        above = "\n".join(map(folded, (candidate.title, candidate.heading, candidate.document_no)))
        beside = [share.get((candidate.item_id, candidate.ordinal + step), 0.0) for step in (-1, 1)]
        found.append(
            {
                "words": candidate.score / best,
                "meaning": max(0.0, 1 - (nearest - (candidate.meaning or 0.0)) / FAR),
                "together": min(together / total, 1.2),
                "heading": min(_standing_in(above, weights) / total, 1.0),
                "intent": _evidence(text, at, wanted.intents),
                "sentence": min(_best_sentence(text, places, weights, wanted.intents) / total, 1.2),
                "chapter": 1.0 if penalties and _PENALTIES.search(candidate.heading) else 0.0,
                "local": min(together / total / SPEAKS_OF_IT, 1.0) if mixed and candidate.local else 0.0,
                "document": strength[candidate.item_id],
                "neighbour": max(beside),
                "asked": max((_likeness(weights, total, one) for one in candidate.asked), default=0.0),
                "frame": 1.0 if _is_frame(text) else 0.0,
            }
        )
    return found


def closest(text: str, weights: Mapping[str, float], window: int = WINDOW) -> tuple[float, int]:
    """The greatest weight of different terms within `window` characters, and where that begins."""
    return _closest(_places(text, weights), weights, window)


def _places(text: str, weights: Mapping[str, float]) -> list[tuple[int, str]]:
    """Where each term stands, in order."""
    places: list[tuple[int, str]] = []
    for term in weights:
        at = text.find(term)
        while at >= 0:
            places.append((at, term))
            at = text.find(term, at + 1)
    places.sort()
    return places


def _closest(
    places: Sequence[tuple[int, str]], weights: Mapping[str, float], window: int
) -> tuple[float, int]:
    inside: dict[str, int] = {}
    weight = best = 0.0
    start = best_at = 0
    for at, term in places:
        if not inside.get(term):
            weight += weights[term]
        inside[term] = inside.get(term, 0) + 1
        while at - places[start][0] > window:
            gone = places[start][1]
            inside[gone] -= 1
            if not inside[gone]:
                weight -= weights[gone]
            start += 1
        if weight > best:
            best, best_at = weight, places[start][0]
    return best, best_at


@lru_cache(maxsize=20_000)
def folded(text: str) -> str:
    """Passages are looked at again and again, and never change."""
    return fold(text)


def _standing_in(text: str, weights: Mapping[str, float]) -> float:
    return sum(weight for term, weight in weights.items() if term in text)


def _evidence(text: str, at: int, intents: Sequence[Intent]) -> float:
    """1 where the kind of thing asked for stands near the words asked with, half of it where it stands elsewhere."""
    if not intents:
        return 0.0
    near = text[max(0, at - WINDOW) : at + 2 * WINDOW]
    found = sum(
        1.0 if intent.answers.search(near) else 0.5 if intent.answers.search(text) else 0.0
        for intent in intents
    )
    return found / len(intents)


def _best_sentence(
    text: str, places: Sequence[tuple[int, str]], weights: Mapping[str, float], intents: Sequence[Intent]
) -> float:
    """The greatest weight of terms in a sentence that holds the kind of thing asked for."""
    if not intents or not places:
        return 0.0
    weighed: list[tuple[float, int, int]] = []
    begin = n = 0
    for found in _SENTENCE_END.finditer(text):
        end = found.end()
        inside = set()
        while n < len(places) and places[n][0] < end:
            inside.add(places[n][1])
            n += 1
        if inside:
            weighed.append((sum(weights[term] for term in inside), begin, end))
        begin = end
    for weight, begin, end in sorted(weighed, reverse=True):
        if any(intent.answers.search(text, begin, end) for intent in intents):
            return weight
    return 0.0


def _likeness(weights: Mapping[str, float], total: float, question: str) -> float:
    return min(_standing_in(folded(question), weights) / total, 1.0)


def _is_frame(text: str) -> bool:
    """Why a rule was made and from when it holds: words of its title, and no answer."""
    head = text[:60]
    return (("为了" in head or "为进一步" in head) and ("制定本" in text or "制定" in text[-20:])) or (
        len(text) < 160 and "起施行" in text
    )
