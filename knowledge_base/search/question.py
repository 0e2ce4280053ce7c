"""What somebody typed, as terms to look for. Anything is a question: one character, two thousand, only markup."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from knowledge_base.search.closeness import Wanted
from knowledge_base.search.engine import Reader
from knowledge_base.search.highlight import worth_marking
from knowledge_base.search.idle import is_idle_pair, is_idle_word
from knowledge_base.search.intent import Intent, intents_of
from knowledge_base.search.lexicon import Lexicon
from knowledge_base.search.numbers import number_terms
from knowledge_base.search.ranking import HEAVIEST, idf
from knowledge_base.search.text import bigrams, fold, words
from knowledge_base.search.thesaurus import Thesaurus

LONGEST = 2000
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\ufe0e\ufe0f]")
_SPREAD = re.compile(
    "(?<![^\\s·])[\u3400-\u4dbf\u4e00-\u9fff](?:[\\s·]+[\u3400-\u4dbf\u4e00-\u9fff](?![^\\s·]))+"
)
"""Characters that stand one by one, as 停 水: a heading that somebody copied."""
MEANT_WEIGHT = 0.7
"""Of the terms of a word that means the same, beside 1 for the terms typed: what was said counts more."""
NAME_WEIGHT = 2.0
"""Of the pairs of a name that is kept whole: a passage with half of it is about something else."""
MOST_OFTEN = 2
"""A term said three times is not meant three times as much."""


@dataclass(frozen=True)
class Question:
    """`typed` are terms of what stands there, `meant` of other words for it. `meaning` says which word led to which."""

    text: str
    typed: Mapping[str, float]
    meant: Mapping[str, float] = field(default_factory=dict)
    meaning: Mapping[str, Sequence[str]] = field(default_factory=dict)
    suggestion: str = ""
    intents: Sequence[Intent] = ()

    @property
    def terms(self) -> dict[str, float]:
        """All terms with their weights; none when there is nothing to look for."""
        return {**self.meant, **self.typed}

    @cached_property
    def marks(self) -> list[str]:
        """The terms shown marked."""
        return worth_marking(self.terms)

    def wanted(self, reader: Reader) -> Wanted:
        """What candidates are measured by: each term weighs the more the fewer passages it stands in."""
        holding = reader.holding(self.terms)
        passages = reader.passage_count()

        def weighed(terms: Mapping[str, float]) -> dict[str, float]:
            return {t: n * idf(passages, holding[t]) for t, n in terms.items() if holding[t]}

        return Wanted(weighed(self.typed), weighed(self.meant), self.intents)


def understand(raw: str, reader: Reader, thesaurus: Thesaurus, lexicon: Lexicon) -> Question:
    """Read a question: its words, what else they are called, and what it may be mistyped for."""
    text = _put_together(" ".join(_INVISIBLE.sub("", raw[:LONGEST]).split()))
    folded = fold(text)
    if len(folded) == 1 and folded.isalnum():
        begun = [folded, *reader.starting_with(folded, HEAVIEST)]
        return Question(text, dict.fromkeys(begun, 1.0))
    typed = asking_terms(folded, thesaurus.names(folded))
    meant: dict[str, float] = {}
    meaning = thesaurus.meaning(folded)
    for others in meaning.values():
        _add(meant, others, MEANT_WEIGHT / max(1, len(others)) ** 0.5)
    suggestion = ""
    if sounds := lexicon.by_sound(
        folded
    ):  # letters: pinyin or initials, or the beginning of a word of letters
        _add(meant, sounds, 1.0)
        suggestion = sounds[0]
    elif folded.isascii() and folded.isalnum() and len(folded) <= 20:
        meant |= dict.fromkeys(reader.starting_with(folded, HEAVIEST), 1.0)
    elif corrected := lexicon.correct(folded, reader):
        suggestion = corrected.text
        _add(meant, corrected.words, 1.0)
    meant = {term: weight for term, weight in meant.items() if term not in typed}
    return Question(text, typed, meant, meaning, suggestion, intents_of(folded))


def _put_together(text: str) -> str:
    return _SPREAD.sub(lambda spread: re.sub(r"[\s·]+", "", spread[0]), text)


def asking_terms(folded: str, names: Sequence[str] = ()) -> dict[str, float]:
    """The terms of a question without those that only ask; all of them where nothing else is left.

    Of `names`, which must not be taken apart, every pair counts, and nothing that a dictionary cuts them into.
    """
    if names:
        rest = folded
        for name in names:
            rest = rest.replace(name, " ")
        pairs_of_names = {pair for name in names for pair in bigrams(name) or [name]}
        return {**(asking_terms(rest) if rest.strip() else {}), **dict.fromkeys(pairs_of_names, NAME_WEIGHT)}
    said = words(folded)
    pairs = bigrams(folded)
    counted: Counter[str] = Counter(word for word in said if not is_idle_word(word))
    counted.update(pair for pair in pairs if not is_idle_pair(pair))
    counted.update(number_terms(folded))
    if not counted:
        counted = Counter([*said, *pairs])
    return {term: float(min(n, MOST_OFTEN)) for term, n in counted.items()}


def _add(terms: dict[str, float], phrases: Sequence[str], weight: float) -> None:
    for phrase in phrases:
        folded = fold(phrase)
        for term in {*words(folded), *bigrams(folded)}:
            if not is_idle_word(term):
                terms[term] = max(terms.get(term, 0.0), weight)
