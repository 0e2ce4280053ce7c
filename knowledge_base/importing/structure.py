"""How a document is built: part, chapter, section, article (编 章 节 条), whatever its file looked like.

The result is lines as `passages.cut` takes them: `# 第一编 …`, `## 第一章 总则`, `### 第一节 …` and articles that begin
with their number. Numbers and names that stood in lines of their own are put together, tables of contents left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

NUMERAL = "[一二三四五六七八九十百千零〇两0-9]+"
_SPACES = re.compile(r"[ \t\u00a0\u2002-\u200a\u3000]+")
_NOTHING = re.compile("[\u200b-\u200d\ufeff\u2060\x00-\x08\x0b\x0c\x0e-\x1f]")
_COMMENT = re.compile(r"<!--.*?-->", re.S)
_UNIT = re.compile(rf"^第\s*({NUMERAL})\s*([编篇章节])(?=\s|$|[^\w]|[\u4e00-\u9fff])\s*(.*)$")
_ARTICLE = re.compile(rf"^第\s*({NUMERAL})\s*条(之{NUMERAL})?(\s*)(.*)$")
_MARK = re.compile(r"^(#{1,6})\s*(.*?)\s*#*$")
_HANGING = re.compile(rf"(?<=[。；])[ \t\u3000]*(第{NUMERAL}条)[ \t\u3000]*$", re.M)
"""The number of the next article, left standing at the end of the one before."""
_LEADERS = re.compile(r"[.…·⋯\s]{3,}\d*$")
_CONTENTS = re.compile(r"^目\s*[录次]$")
_IN_A_SENTENCE = tuple("规定的第所、和至中，。；及或款项列")
_ITEM = re.compile(rf"^(?:{NUMERAL}[、.．]|[（(]{NUMERAL}[）)]|[①-⑳●•\-*])")
LEVELS = {"编": 1, "篇": 1, "章": 2, "节": 3}
LONGEST_NAME = 40
_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


@dataclass
class Built:
    """`front` are the lines before the first heading or article, `lines` all of them."""

    lines: list[str] = field(default_factory=list)
    front: list[str] = field(default_factory=list)
    chapters: int = 0
    articles: int = 0


def build(text: str, wrapped: bool = False) -> Built:
    """Find the structure of `text`."""
    lines = list(_clean(text))
    if wrapped:
        lines = list(_unwrapped(lines))
    built, last = Built(), 0
    at = 0
    lines = _without_contents(lines)
    while at < len(lines):
        line = lines[at]
        mark = _MARK.match(line)
        bare = mark[2] if mark else line
        following = lines[at + 1] if at + 1 < len(lines) else ""
        if unit := _unit(bare):
            level, head, name = unit
            if not name and _is_name(following):
                name, at = _MARK.sub(r"\2", following), at + 1
            built.lines.append(f"{'#' * level} {head} {_tight(name)}".rstrip())
            built.chapters += level == 2
        elif article := _article(bare, last):
            last, head, rest = article
            if not rest and following and not _unit(following) and not _article(following, last):
                rest, at = following, at + 1
            built.lines.append(f"{head} {rest}".rstrip())
            built.articles += 1
        else:
            built.lines.append(f"{mark[1]} {mark[2]}" if mark and mark[2] else bare)
            if not built.chapters and not built.articles:
                built.front.append(built.lines[-1])
        at += 1
    return built


def number_of(numeral: str) -> int:
    """`二十一` → 21; figures as they are."""
    if numeral.isdigit():
        return int(numeral)
    if not set(numeral) & set("十百千"):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, held = 0, 0
    for letter in numeral:
        if letter in _DIGITS:
            held = _DIGITS[letter]
        else:
            total += (held or 1) * {"十": 10, "百": 100, "千": 1000}[letter]
            held = 0
    return total + held


def _clean(text: str) -> Iterator[str]:
    for raw in _HANGING.sub(r"\n\1", _NOTHING.sub("", _COMMENT.sub("", text))).splitlines():
        if line := _SPACES.sub(" ", raw).strip():
            yield line


def _unit(line: str) -> tuple[int, str, str] | None:
    """(level, `第一章`, name) if the line is the heading of a part, chapter or section."""
    if len(line) > LONGEST_NAME or not (found := _UNIT.match(line)) or line.endswith(("。", "；", "，")):
        return None
    if found[3].startswith(_IN_A_SENTENCE) and not found[3].startswith(
        ("中", "规", "所", "项", "款", "列", "和")
    ):
        return None
    return LEVELS[found[2]], f"第{found[1]}{found[2]}", found[3]


def _article(line: str, last: int) -> tuple[int, str, str] | None:
    """(number, `第一条`, text). Without a space behind it, it is one only if it is the next in order."""
    if not (found := _ARTICLE.match(line)):
        return None
    try:
        number = number_of(found[1])
    except (KeyError, ValueError):
        return None
    rest = found[4]
    in_order = number == last + 1 or (number == last and bool(found[2]))
    if found[3] or not rest:
        return (number, f"第{found[1]}条{found[2] or ''}", rest) if in_order or not _goes_on(rest) else None
    if in_order and not rest.startswith(_IN_A_SENTENCE):
        return number, f"第{found[1]}条{found[2] or ''}", rest.lstrip("：:")
    return None


def _goes_on(rest: str) -> bool:
    return rest.startswith(("规定", "的规定", "、", "至", "和第"))


def _is_name(line: str) -> bool:
    return (
        bool(line)
        and len(line) <= LONGEST_NAME
        and not _unit(line)
        and not _ARTICLE.match(line)
        and line[-1] not in "。；"
    )


def _tight(name: str) -> str:
    """`总 则` → `总则`: a space that only spreads two letters."""
    parts = name.split(" ")
    return "".join(parts) if all(len(part) == 1 for part in parts) else name


def _without_contents(lines: list[str]) -> list[str]:
    """Leave out the table of contents: headings only, up to where the first of them comes again."""
    start = next((n for n, line in enumerate(lines[:80]) if _CONTENTS.match(_MARK.sub(r"\2", line))), None)
    if start is None:
        return lines
    first, end = "", start + 1
    while end < len(lines):
        line = _LEADERS.sub("", _MARK.sub(r"\2", lines[end]))
        unit = _unit(line)
        if not unit and not _ITEM.match(line) and not _LEADERS.search(lines[end]):
            break
        spelled = re.sub(r"\s", "", line)
        if first and spelled == first:
            break
        first, end = first or spelled, end + 1
    return lines[:start] + lines[end:]


def _unwrapped(lines: list[str]) -> Iterator[str]:
    """Lines that a page broke are put together again: those that fill the width and end in the middle of a sentence."""
    widths = sorted(len(line) for line in lines if not _MARK.match(line))
    full = widths[int(len(widths) * 0.75)] * 0.8 if widths else 0
    held = ""
    for line in lines:
        starts = _MARK.match(line) or _unit(line) or _ARTICLE.match(line) or _ITEM.match(line)
        if held and not starts and held[-1:] not in "。！？；：":
            joint = " " if held[-1:].isascii() and line[:1].isascii() and held[-1:].isalnum() else ""
            held += joint + line
        else:
            if held:
                yield held
            held = line
        if (len(line) < full and held[-1:] in "。！？；：”）") or (
            len(line) < full and len(held) == len(line)
        ):
            yield held
            held = ""
    if held:
        yield held
