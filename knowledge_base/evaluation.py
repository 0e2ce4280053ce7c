"""How good search is: questions with their answers, asked as an agent asks them.

A line of a question file is `{"question": …, "answer": …}`, the answer a literal part of the passage that answers. A
hit is a passage that contains it in its text or in the headings shown above it (自查整改阶段(8月上旬—9月中旬) is where
a paper says when), both without white space, in half-width and in lower case: a line break or a full-width comma in a
source is no wrong answer. What else a line says (`document`) is for people.
"""

from __future__ import annotations

import json
import re
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from knowledge_base.search import Hit

DEPTH = 10


class BadQuestion(ValueError):
    """A line that is no question with its answer; the text says which and why."""


@dataclass(frozen=True)
class Asked:
    """One question and the literal by which its answer is known."""

    question: str
    answer: str


@dataclass
class Measured:
    """`ranks` are the places of the right passage, 0 where it was not among the first DEPTH; times in milliseconds."""

    asked: list[Asked] = field(default_factory=list)
    ranks: list[int] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    def figures(self) -> dict[str, float]:
        """What is printed: shares of all questions, and times by the clock on the wall."""
        count = len(self.ranks) or 1
        return {
            "hit1": round(sum(rank == 1 for rank in self.ranks) / count, 4),
            "hit5": round(sum(0 < rank <= 5 for rank in self.ranks) / count, 4),
            "mrr10": round(sum(1 / rank for rank in self.ranks if rank) / count, 4),
            "p50_ms": round(percentile(self.times, 0.50), 2),
            "p95_ms": round(percentile(self.times, 0.95), 2),
        }

    def misses(self) -> list[Asked]:
        """The questions whose answer was not among the first five."""
        return [asked for asked, rank in zip(self.asked, self.ranks, strict=True) if not 0 < rank <= 5]


def read_questions(lines: Iterable[str]) -> list[Asked]:
    """The questions of a file; BadQuestion names the line that is none."""
    found = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            asked = Asked(row["question"], row["answer"])
        except (ValueError, TypeError, KeyError) as error:
            raise BadQuestion(f"line {number}: wants an object with question and answer") from error
        if (
            not isinstance(asked.question, str)
            or not isinstance(asked.answer, str)
            or not plain(asked.answer)
        ):
            raise BadQuestion(f"line {number}: question and answer must be texts, the answer not empty")
        found.append(asked)
    return found


def measure(
    questions: Sequence[Asked], search: Callable[[str, int], Sequence[Hit]], repeats: int = 1
) -> Measured:
    """Ask each question `repeats` times; the quickest counts, as the others were disturbed."""
    measured = Measured()
    for asked in questions:
        took = []
        hits: Sequence[Hit] = ()
        for _n in range(max(1, repeats)):
            began = time.perf_counter()
            hits = search(asked.question, DEPTH)
            took.append((time.perf_counter() - began) * 1000)
        wanted = plain(asked.answer)
        shown = (plain(f"{hit.heading}\n{hit.answer}") for hit in hits[:DEPTH])
        places = (place for place, text in enumerate(shown, start=1) if wanted in text)
        measured.asked.append(asked)
        measured.ranks.append(next(places, 0))
        measured.times.append(min(took))
    return measured


def plain(text: str) -> str:
    """A text as it is compared: without white space, half-width, lower case."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).lower()


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0
