"""Two texts side by side, article by article, with what changed within each marked. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache

from markupsafe import Markup, escape

from config.words import Hue, Word

PAIRED = 0.45
"""How alike two articles must be to be shown as one that was changed."""
WIDEST = 60
"""Articles on either side among which partners are sought by likeness; beyond it, by their order."""
_TOKEN = re.compile(r"[A-Za-z0-9]+|\s+|.", re.S)


class Change(Word):
    """What happened to an article. The hue is never alone: the sign and the words stand beside it."""

    SAME = "same", "", Hue.QUIET
    CHANGED = "changed", "±", Hue.WAITING
    ADDED = "added", "+", Hue.GOOD
    REMOVED = "removed", "−", Hue.LATE


@dataclass(frozen=True)
class Line:
    """`left` and `right` are what stands on either side; `merged` is both in one, for reading down."""

    change: Change
    left: Markup
    right: Markup
    merged: Markup
    skipped: int = 0


def compare(old: str, new: str, *, changes_only: bool = True) -> list[Line]:
    """The articles of both. With `changes_only`, runs of unchanged ones are one line that counts them."""
    lines = list(_lines(_articles(old), _articles(new)))
    return list(_folded(lines)) if changes_only else lines


def _articles(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            for text in old[a1:a2]:
                yield Line(Change.SAME, escape(text), escape(text), escape(text))
        else:
            yield from _replaced(old[a1:a2], new[b1:b2])


def _replaced(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    at = 0
    for left, right in _pairs(old, new):
        while at < right:
            yield _one(Change.ADDED, new[at])
            at += 1
        if right < 0:
            yield _one(Change.REMOVED, old[left])
        else:
            yield _changed(old[left], new[right])
            at = right + 1
    for text in new[at:]:
        yield _one(Change.ADDED, text)


def _pairs(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """For each old article its place in the new ones, in rising order; −1 where it has none."""
    if len(old) > WIDEST or len(new) > WIDEST:
        for n in range(len(old)):
            yield n, n if n < len(new) and _alike(old[n], new[n]) >= PAIRED else -1
        return

    @cache
    def best(left: int, right: int) -> tuple[float, int]:
        """The most likeness from here on, and the partner of `left`."""
        if left == len(old):
            return 0.0, -1
        found = (best(left + 1, right)[0], -1)
        for at in range(right, len(new)):
            share = _alike(old[left], new[at])
            if share >= PAIRED:
                found = max(found, (share + best(left + 1, at + 1)[0], at))
        return found

    right = 0
    for left in range(len(old)):
        partner = best(left, right)[1]
        yield left, partner
        right = partner + 1 if partner >= 0 else right


@lru_cache(maxsize=4096)
def _alike(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    quick = matcher.real_quick_ratio()
    if quick < PAIRED or matcher.quick_ratio() < PAIRED:
        return 0.0
    return matcher.ratio()


def _one(change: Change, text: str) -> Line:
    words = escape(text)
    if change is Change.ADDED:
        return Line(change, Markup(), Markup("<ins>%s</ins>") % words, Markup("<ins>%s</ins>") % words)
    return Line(change, Markup("<del>%s</del>") % words, Markup(), Markup("<del>%s</del>") % words)


def _changed(old: str, new: str) -> Line:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    left, right, merged = Markup(), Markup(), Markup()
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a1:a2]), "".join(after[b1:b2])
        if tag == "equal":
            left, right, merged = left + gone, right + come, merged + gone
            continue
        if gone:
            left, merged = left + Markup("<del>%s</del>") % gone, merged + Markup("<del>%s</del>") % gone
        if come:
            right, merged = right + Markup("<ins>%s</ins>") % come, merged + Markup("<ins>%s</ins>") % come
    return Line(Change.CHANGED, left, right, merged)


def _folded(lines: Sequence[Line]) -> Iterator[Line]:
    """Unchanged runs as one line; a heading right above a change stays, so that one knows where it is."""
    at = 0
    while at < len(lines):
        if lines[at].change is not Change.SAME:
            yield lines[at]
            at += 1
            continue
        end = next((n for n in range(at, len(lines)) if lines[n].change is not Change.SAME), len(lines))
        kept = lines[end - 1] if end < len(lines) and str(lines[end - 1].left).startswith("#") else None
        hidden = end - at - (kept is not None)
        if hidden:
            yield Line(Change.SAME, Markup(), Markup(), Markup(), hidden)
        if kept is not None:
            yield kept
        at = end
