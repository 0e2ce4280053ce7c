"""Numbers as one term, however they are written: 三千元, 3000元 and 3千元 are all `3000元`. Pure.

Only numbers that count something are read: what stands before 元, 日, 岁, … or after 第. 一 in 统一 counts nothing.
"""

from __future__ import annotations

import re

_DIGITS = {d: n for n, d in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_GROUPS = {"万": 10_000, "亿": 100_000_000}

_NUMBER = r"(?:\d[\d,]*(?:\.\d+)?[十百千万亿]*|[零〇一二三四五六七八九十百千万亿两]+)"
_UNITS = (
    "周岁|岁|万元|元|块|角|个工作日|工作日|个月|小时|分钟|天|日|年|月|周|倍|次|人|户|名|家|平方米|米|公里|公斤"
    "|条|款|项|章|节|级|类|档|度|号"
)
_COUNTED = re.compile(rf"({_NUMBER})(?:个)?({_UNITS})")
_ORDINAL = re.compile(rf"第({_NUMBER})([条款项章节次名])")
_PERCENT = re.compile(rf"百分之({_NUMBER})|(\d+(?:\.\d+)?)%")
_SAME_UNIT = {"块": "元", "周岁": "岁", "工作日": "天", "个工作日": "天", "日": "天", "个月": "月"}


def number_terms(folded: str) -> list[str]:
    """The numbers of a text as terms, `第` before an ordinal."""
    found = []
    for match in _ORDINAL.finditer(folded):
        if (value := read_number(match[1])) is not None:
            found.append(f"第{value}{match[2]}")
    for match in _COUNTED.finditer(folded):
        value = read_number(match[1])
        if value is None or folded[match.start() - 1 : match.start()] == "第":
            continue
        unit = match[2]
        if unit == "万元":
            value, unit = read_number(f"{match[1]}万") or value, "元"
        found.append(f"{value}{_SAME_UNIT.get(unit, unit)}")
    for match in _PERCENT.finditer(folded):
        if (value := read_number(match[1] or match[2])) is not None:
            found.append(f"{value}%")
    return found


def read_number(text: str) -> str | None:
    """A number in digits, as people would write it; None where it is none."""
    match = re.fullmatch(r"(\d[\d,]*(?:\.\d+)?)?([零〇一二三四五六七八九十百千万亿两]*)", text)
    if match is None or not text or len(text) > 24:
        return None
    digits, characters = match.groups()
    if digits is None:
        value: float | None = _chinese(characters)
    else:
        value = float(digits.replace(",", ""))
        for character in characters:
            scale = _TENS.get(character) or _GROUPS.get(character)
            if scale is None:
                return None
            value *= scale
    return None if value is None else f"{value:.10g}" if value < 1e15 else str(int(value))


def _chinese(characters: str) -> int | None:
    if all(c in _DIGITS for c in characters):  # 二〇二六: digits side by side
        return int("".join(str(_DIGITS[c]) for c in characters))
    total = group = digit = 0
    for character in characters:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _TENS:
            group += (digit or 1) * _TENS[character]
            digit = 0
        else:
            total = (total + group + digit or 1) * _GROUPS[character]
            group = digit = 0
    return total + group + digit
