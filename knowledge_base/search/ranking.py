"""The measured recipe: BM25 over the heaviest terms of the question, title counted twice."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from knowledge_base.search.engine import PassageDocument
from knowledge_base.search.text import terms

K1, B = 1.2, 0.6
HEAVIEST = 24
"""A question's terms beyond these add time and noise: they are its frequent words."""
TITLE_COUNTS = 2


def document_terms(document: PassageDocument) -> Counter[str]:
    """The weighted terms by which a passage is found."""
    counted = terms(document.text)
    for term, n in terms(document.title).items():
        counted[term] += n * TITLE_COUNTS
    for part in (document.heading, document.also):
        if part:
            counted.update(terms(part))
    return counted


def idf(passages: int, holding: int) -> float:
    """How rare a term is; never negative."""
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def heaviest(
    question: Mapping[str, float], holding: Mapping[str, int], passages: int
) -> list[tuple[str, float]]:
    """The terms of a question that stand in some passage, with their weights, heaviest first, at most `HEAVIEST`."""
    weighted = [
        (term, min(n, 3) * idf(passages, holding[term])) for term, n in question.items() if holding.get(term)
    ]
    weighted.sort(key=lambda pair: (-pair[1], pair[0]))
    return weighted[:HEAVIEST]
