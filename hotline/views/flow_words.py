"""What a comparison of two versions says of a field, in the words of the form it is changed in."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask_babel import gettext as _
from flask_babel import pgettext

from hotline.forms.flows import NUMBERS, WORDS
from hotline.ivr.check import exit_label, prompt_label

EXITS = ("next", "open", "closed", "working_day", "day_off", "silence", "otherwise")
PROMPTS = ("prompt", "number_prompt", "code_prompt", "wrong")
_PROMPT = re.compile(
    r"^(?:text )?(?P<text>.*?)(?:(?:^| · )sound (?P<sound>\S+))?(?: · language \w+)?$", re.DOTALL
)


def field_label(field: str) -> str:
    """`Where each key leads`, for `choices`."""
    if field in EXITS:
        return exit_label(field)
    if field in PROMPTS:
        return prompt_label(field)
    others = {
        "choices": _("Where each key leads"),
        "queue": _("Queue"),
        "spans": pgettext("node", "Hours"),
        "start": _("The flow begins at"),
        "title": _("Title"),
    }
    return str(NUMBERS.get(field) or WORDS.get(field) or others.get(field, field))


def value_words(field: str, value: str, name_of: Callable[[str], str]) -> str:
    """The value as people read it: nodes by their names, a prompt by what it says."""
    if not value:
        return ""
    if field in EXITS or field == "start":
        return name_of(value)
    if field == "choices":
        ways = (part.partition(" ") for part in value.split(" · "))
        return " · ".join(f"{key} → {name_of(target)}" for key, _blank, target in ways)
    if field in PROMPTS and (said := _PROMPT.match(value)):
        return said["text"] or _("(a recording)")
    return value
