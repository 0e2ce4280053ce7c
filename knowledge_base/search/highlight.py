"""The piece of a passage that answers, with the words that matter marked. Works on the raw text; escapes everything."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from markupsafe import Markup, escape

from knowledge_base.search.text import fold

WINDOW = 120
"""Characters of a snippet: two lines in the panel."""
_NEAR_START = 24
_STARTS = re.compile(r"[。！？；\n]")

Span = tuple[int, int]


def snippet(text: str, terms: Collection[str], window: int = WINDOW, at: int | None = None) -> Markup:
    """The window of `text` that begins with the sentence at `at`, or holds most of `terms`, marked."""
    spans = find_spans(text, terms)
    start = _best_start(text, spans, window) if at is None else _sentence_start(text, at, window)
    end = min(len(text), start + window)
    shown = marked(
        text[start:end],
        [(max(a, start) - start, min(b, end) - start) for a, b in spans if a < end and b > start],
    )
    return Markup("{}{}{}").format("…" if start else "", shown, "…" if end < len(text) else "")


def mark_all(text: str, terms: Collection[str]) -> Markup:
    """The whole of `text`, marked."""
    return marked(text, find_spans(text, terms))


def worth_marking(terms: Collection[str]) -> list[str]:
    """A single character is marked only where nothing longer was asked for: 办 stands everywhere and says little."""
    longer = [term for term in terms if len(term) > 1]
    return longer or list(terms)


def find_spans(text: str, terms: Collection[str]) -> list[Span]:
    """Where any of `terms` stands in `text`; places that touch are one."""
    wanted = sorted({term for term in terms if term}, key=len, reverse=True)
    if not wanted:
        return []
    found: list[Span] = []
    folded = fold(text)
    for term in wanted:
        at = folded.find(term)
        while at >= 0:
            found.append((at, at + len(term)))
            at = folded.find(term, at + 1)
    merged: list[Span] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """`text`, escaped, with `<mark>` around `spans`, which must be in order and apart."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += (escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>")
        at = end
    parts.append(escape(text[at:]))
    return Markup("".join(parts))  # noqa: S704 - every piece of the text was escaped


def _best_start(text: str, spans: Sequence[Span], window: int) -> int:
    """Where the window with the longest marked stretches begins; long marks count more than many short ones."""
    if len(text) <= window or not spans:
        return 0
    best, best_weight = 0, 0
    for first, (start, _end) in enumerate(spans):
        weight = sum((b - a) ** 2 for a, b in spans[first:] if b <= start + window - _NEAR_START)
        if weight > best_weight:
            best, best_weight = start, weight
    return _sentence_start(text, best, window)


def _sentence_start(text: str, at: int, window: int) -> int:
    """Where the sentence at `at` begins, or a little before `at` in a long one, with room for a whole window."""
    near = max(0, at - _NEAR_START)
    sentence = max((m.end() for m in _STARTS.finditer(text, near, at)), default=near)
    return min(sentence, max(0, len(text) - window))
