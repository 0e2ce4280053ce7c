"""Which column of a file is which field of a case, and how its text is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from config import clock
from config.errors import Invalid
from config.words import Word
from dispatch.models import CitizenKind, Sex
from dispatch.workflow import Channel, RequestType, Urgency

ALIASES: dict[str, tuple[str, ...]] = {
    "title": ("标题", "主题", "留言主题"),
    "content": ("内容", "诉求内容", "留言详情", "detail"),
    "asked": ("诉求", "诉求目的"),
    "category": ("分类", "一级标签", "一级分类", "类别"),
    "category_code": ("分类代码",),
    "request_type": ("诉求类型", "类型"),
    "urgency": ("紧急程度", "紧急"),
    "channel": ("渠道", "来源"),
    "registered_at": ("登记时间", "留言时间", "时间", "time"),
    "occurred_at": ("发生时间",),
    "district_code": ("区划代码",),
    "street_code": ("街道代码",),
    "address": ("地址", "详细地址"),
    "complained_of": ("被诉对象",),
    "phone": ("电话", "来电号码", "手机"),
    "contact_phone": ("联系电话",),
    "citizen_name": ("姓名", "来电人"),
    "citizen_sex": ("性别",),
    "citizen_kind": ("来电人类型",),
    "confidential": ("保密",),
    "anonymous": ("匿名",),
    "external_no": ("编号", "留言编号", "id"),
}
"""Every field a file can fill, with the headings it is also known by."""

YES = frozenset({"1", "true", "yes", "y", "是", "√"})
NO = frozenset({"", "0", "false", "no", "n", "否"})
_NUMBERS = re.compile(r"\d+")


def matched(header: Sequence[str], wanted: Mapping[str, str]) -> dict[str, str]:
    """`{field: column}`: the columns mapped by hand, then those whose heading is known. Invalid names what is not."""
    wrong: dict[str, str] = {}
    for field, column in wanted.items():
        if field not in ALIASES:
            wrong[field] = _("There is no such field; there are: %(names)s", names=", ".join(ALIASES))
        elif column not in header:
            wrong[field] = _("The file has no column “%(name)s”.", name=column)
    found = dict(wanted)
    for field, names in ALIASES.items():
        free = [name for name in (field, *names) if name in header and name not in found.values()]
        if free:
            found.setdefault(field, free[0])
    for field in ("title", "content"):
        if field not in found:
            wrong[field] = _("No column holds this; map one with --map %(name)s=COLUMN.", name=field)
    if wrong:
        raise Invalid(fields=wrong)
    return found


def moment(text: str) -> datetime:
    """`2017/6/5 21:50:33`, `2017-06-05 21:50`, `2017年6月5日`: the city's time."""
    parts = [int(n) for n in _NUMBERS.findall(text)[:6]]
    try:
        year, month, day, hour, minute, second = [*parts, *(0, 0, 0)[: 6 - len(parts)]]
        return datetime(year, month, day, hour, minute, second, tzinfo=clock.city_zone())
    except (ValueError, OverflowError) as error:
        raise ValueError(_("This is not a date and time.")) from error


def flag(text: str) -> bool:
    """Yes or no, in both languages."""
    plain = text.strip().lower()
    if plain in YES:
        return True
    if plain in NO:
        return False
    raise ValueError(_("This must be yes or no."))


def word(words: type[Word]) -> Callable[[str], Word]:
    """By the stored word or by its label in the language of the run."""

    def read(text: str) -> Word:
        plain = text.strip()
        for each in words:
            if plain.lower() == each.value or plain == each.label:
                return each
        raise ValueError(_("There is no such choice: %(text)s", text=plain[:40]))

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "request_type": word(RequestType),
    "urgency": word(Urgency),
    "channel": word(Channel),
    "citizen_sex": word(Sex),
    "citizen_kind": word(CitizenKind),
    "registered_at": moment,
    "occurred_at": moment,
    "confidential": flag,
    "anonymous": flag,
}
