"""Cut a body into passages: what one question is answered by, each with the path of headings above it. Pure.

Bodies are plain text. Headings are lines of `#`, `##`, …, those of Chinese documents standing alone in a short line
(第一章, 第二节, 一、…, （一）…), and short lines that are no sentence. In regulations every article (第…条) is a
passage; elsewhere paragraphs are joined up to a readable size. What is too long is cut at its paragraphs (款) and
sentences, and the pieces after the first carry the article's opening words in their path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

COMFORTABLE, LONGEST = 480, 640
"""Characters: short paragraphs are joined up to the first, and none goes beyond the second."""

_NUMERAL = "[一二三四五六七八九十百千零〇两0-9０-９]+"
_CHINESE = "[一二三四五六七八九十百零〇]+"
_MARK = re.compile(r"^(#{1,6})\s+(.+?)\s*#*$")
_ARTICLE = re.compile(rf"^第{_NUMERAL}条(之{_NUMERAL})?(?![款项目、,，和及至])")
_ARTICLE_AFTER = re.compile(rf"(?<=[。；;）)\s　])(第{_NUMERAL}条)$")
_BARE = re.compile(rf"^第{_NUMERAL}(?:条(?:之{_NUMERAL})?|[编篇章节])$")
_LEVELS = (
    (re.compile(rf"^第{_NUMERAL}[编篇](?=[\s　]|$)"), 1),
    (re.compile(rf"^第{_NUMERAL}章(?=[\s　]|\S|$)"), 2),
    (re.compile(rf"^第{_NUMERAL}节(?=[\s　]|\S|$)"), 3),
    (re.compile(rf"^{_CHINESE}、"), 4),
    (re.compile(rf"^[（(]{_CHINESE}[）)]"), 5),
    (re.compile(r"^[0-9０-９]+[、.．]"), 6),
    (re.compile(r"^[（(][0-9０-９]+[）)]"), 7),
)
_NUMBERED = (
    (re.compile(rf"^({_CHINESE})、"), 4),
    (re.compile(rf"^[（(]({_CHINESE})[）)]"), 5),
    (re.compile(r"^([0-9０-９]+)[、.．]"), 6),
    (re.compile(r"^[（(]([0-9０-９]+)[）)]"), 7),
)
_LABEL_LEVEL = 3
_ITEM = re.compile(rf"^(?:{_NUMERAL}[、.．]|[（(]{_NUMERAL}[）)]|[⑴-⒇①-⑳])")
_SHORT, _LABEL, _TOPIC = 40, 15, 26
"""A numbered line is a heading only if it is short and does not end like a sentence; without a number, only if it is
shorter still. 1、项目合同签订。 has a full stop and is one nevertheless."""
_OPENED = re.compile(rf"^((?:{_CHINESE}、|[（(]{_CHINESE}[）)])[^。；;，,]{{2,26}})。(?=.)")
"""（四）考核阶段（9月—10月）。主要任务是…: what a section is about, and its first words in the same line."""
_SENTENCE_END = re.compile(r"(?<=[。！？；!?;])")
_INDENT = re.compile(r"^[\s　]+|[\s　]+$")
_OPENING = 36
"""Characters of an article's opening words in the path of its later pieces."""


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
        heading = " › ".join(path[level] for level in sorted(path))
        for number, piece in enumerate(_joined(waiting)):
            above = heading
            if number and _ARTICLE.match(waiting[0]):
                above = f"{heading} › {waiting[0][:_OPENING]}".removeprefix(" › ")
            yield Cut(above[:300], piece)
        waiting.clear()

    lines = _lines(body)
    for number, line in enumerate(lines):
        following = lines[number + 1] if number + 1 < len(lines) else ""
        in_article = bool(waiting) and bool(_ARTICLE.match(waiting[0]))
        heading = None if in_article and _ITEM.match(line) else _heading(line, following)
        if heading is not None:
            yield from flush()
            level, words = heading
            path = {at: text for at, text in path.items() if at < level}
            path[level] = words
            if words != line and _OPENED.match(line):
                waiting.append(line)
        else:
            if _ARTICLE.match(line):
                yield from flush()
            elif not in_article and (ended := _ended_by(line, path)):
                yield from flush()
                path = {at: text for at, text in path.items() if at < ended}
            waiting.append(line)
    yield from flush()


def _lines(body: str) -> list[str]:
    """The lines that say something. What a line break parted is put together: a bare 第九条 and its text, a bare
    第一章 and its title; and an article that begins at the end of a line begins one of its own."""
    parted: list[str] = []
    for raw in body.splitlines():
        line = _INDENT.sub("", raw)
        if (inside := _ARTICLE_AFTER.search(line)) and inside.start() > 0:
            parted += [_INDENT.sub("", line[: inside.start()]), inside[1]]
        elif line:
            parted.append(line)
    lines: list[str] = []
    for line in parted:
        if lines and _BARE.match(lines[-1]) and _goes_on(lines[-1], line):
            lines[-1] = f"{lines[-1]}　{line}"
        else:
            lines.append(line)
    return lines


def _goes_on(bare: str, line: str) -> bool:
    if _MARK.match(line) or _BARE.match(line) or _ARTICLE.match(line):
        return False
    return bare[-1] == "条" or (
        len(line) <= _SHORT and line[-1] not in "。；;" and not _LEVELS[1][0].match(line)
    )


def _heading(line: str, following: str) -> tuple[int, str] | None:
    """(level, words) if the line is a heading."""
    if mark := _MARK.match(line):
        return len(mark[1]), mark[2]
    if _ARTICLE.match(line):
        return None
    if _is_topic(line, following):
        return next(((level, line[:-1]) for pattern, level in _LEVELS if pattern.match(line)), None)
    if (opened := _OPENED.match(line)) and _level_of(following) > _level_of(line):
        return _level_of(line), opened[1]
    if len(line) > _SHORT or line[-1] in "。；;，,：:！？!?、":
        return None
    if following[-1:] in ("。", "；", ";") and _ended_by(following, {_level_of(line): line}):
        return None  # one of several sentences, that lost its full stop
    for pattern, level in _LEVELS:
        if pattern.match(line):
            return level, line
    if (
        len(line) <= _LABEL
        and (len(following) > 2 * _LABEL or _ITEM.match(following))
        and re.fullmatch(r"[\u4e00-\u9fff　 、（）()]{2,}", line)
    ):
        return _LABEL_LEVEL, line
    return None


def _ended_by(line: str, path: dict[int, str]) -> int:
    """The level of the heading after which a numbered line counts on, (八) after (七): it stands beside it, not below.
    0 where there is none."""
    for pattern, level in _NUMBERED:
        if (number := pattern.match(line)) and (above := pattern.match(path.get(level, ""))):
            return level if _value(number[1]) == _value(above[1]) + 1 else 0
    return 0


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral)
    value = 0
    for character in numeral:
        digit = "零一二三四五六七八九".find(character.replace("〇", "零"))
        value = value + digit if digit >= 0 else max(1, value) * 10
    return value


def _level_of(line: str) -> int:
    """Of its number; 0 for a line without one."""
    return next((level for pattern, level in _NUMBERED if pattern.match(line)), 0)


def _is_topic(line: str, following: str) -> bool:
    """1、项目合同签订。 before a paragraph of its own: a heading in spite of its full stop."""
    says_one_thing = len(line) <= _TOPIC and line[-1] == "。" and not re.search("[,，;；:：。].", line)
    begins_anew = _ITEM.match(following) or _ARTICLE.match(following) or len(following) <= _TOPIC
    return says_one_thing and bool(_ITEM.match(line)) and not begins_anew


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
