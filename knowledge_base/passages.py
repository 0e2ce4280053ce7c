"""Cut a body into passages: what one question is answered by, each with the path of headings above it. Pure.

Bodies are plain text. Headings are lines of `#`, `##`, …, or those of Chinese documents, standing alone in a short
line: 第一章, 第二节, 一、…, （一）…. In regulations every article (第…条) is a passage; elsewhere paragraphs are
joined up to a readable size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMFORTABLE, LONGEST = 320, 640
"""Characters: short paragraphs are joined up to the first, and none goes beyond the second."""

_NUMERAL = "[一二三四五六七八九十百千零〇两0-9０-９]+"
_MARK = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ARTICLE = re.compile(rf"^第{_NUMERAL}条(之{_NUMERAL})?(?=[\s　:：]|[^\w]|\S)")
_LEVELS = (
    (re.compile(rf"^第{_NUMERAL}[编篇](?=[\s　]|$)"), 1),
    (re.compile(rf"^第{_NUMERAL}章(?=[\s　]|\S)"), 2),
    (re.compile(rf"^第{_NUMERAL}节(?=[\s　]|\S)"), 3),
    (re.compile(rf"^{_NUMERAL}、"), 4),
    (re.compile(rf"^[（(]{_NUMERAL}[）)]"), 5),
)
_SHORT = 40
"""A numbered line is a heading only if it is short and does not end like a sentence."""
_SENTENCE_END = re.compile(r"(?<=[。！？；!?;])")
_INDENT = re.compile(r"^[\s　]+|[\s　]+$")


@dataclass(frozen=True)
class Cut:
    """`heading` joins the path with ` › `; it is empty above the first heading."""

    heading: str
    text: str


def cut(body: str) -> list[Cut]:
    """The passages of `body`, in order. A body of headings alone is one passage of those."""
    found = list(_passages(body))
    if not found and body.strip():
        return [Cut("", " ".join(body.split()))]
    return found


def _passages(body: str) -> Iterator[Cut]:
    path: dict[int, str] = {}
    waiting: list[str] = []

    def flush() -> Iterator[Cut]:
        heading = " › ".join(path[level] for level in sorted(path))[:300]
        for piece in _joined(waiting):
            yield Cut(heading, piece)
        waiting.clear()

    for raw in body.splitlines():
        line = _INDENT.sub("", raw)
        if not line:
            continue
        heading = _heading(line)
        if heading is not None:
            yield from flush()
            level, words = heading
            path = {at: text for at, text in path.items() if at < level}
            path[level] = words
        elif _ARTICLE.match(line):
            yield from flush()
            waiting.append(line)
        else:
            waiting.append(line)
    yield from flush()


def _heading(line: str) -> tuple[int, str] | None:
    """(level, words) if the line is a heading."""
    if mark := _MARK.match(line):
        return len(mark[1]), mark[2]
    if len(line) > _SHORT or line[-1] in "。；;，,：:！？!?":
        return None
    for pattern, level in _LEVELS:
        if pattern.match(line):
            return level, line
    return None


def _joined(lines: list[str]) -> Iterator[str]:
    """Lines put together up to a comfortable size; an article stays whole as long as it may."""
    whole = bool(lines) and bool(_ARTICLE.match(lines[0]))
    room = LONGEST if whole else COMFORTABLE
    held = ""
    for line in (piece for long in lines for piece in _pieces(long)):
        if held and len(held) + 1 + len(line) > room:
            yield held
            held = line
        else:
            held = f"{held}\n{line}" if held else line
    if held:
        yield held


def _pieces(line: str) -> Iterator[str]:
    """The line, cut at ends of sentences (or anywhere, if it has none) where it is longer than the longest."""
    if len(line) <= LONGEST:
        yield line
        return
    held = ""
    for sentence in _SENTENCE_END.split(line):
        if held and len(held) + len(sentence) > LONGEST:
            yield held
            held = ""
        held += sentence
        while len(held) > LONGEST:
            yield held[:LONGEST]
            held = held[LONGEST:]
    if held:
        yield held
