"""What must not be read in a log, whoever wrote the line: a library, a traceback, the database about a refused row."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from typing import Any

# Not within a longer word or number: identifiers of ours hold such runs of digits by chance.
_MOBILE = re.compile(r"(?<![0-9A-Za-z])((?:\+?86)?1[3-9]\d)\d{4}(\d{4})(?![0-9A-Za-z])")
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}(\d{3}[\dXx])(?![0-9A-Za-z])")
_LONG_NUMBER = re.compile(r"\d(?:[\d \-]{5,}\d)[\dXx]?")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ROW = re.compile(r"DETAIL:.*?(?=\n?CONTEXT:|\n?\[SQL|\Z)", re.S)
"""PostgreSQL quotes a whole row there: titles, names, addresses."""


def discreet(text: str) -> str:
    """`text` with mobile numbers and identity numbers masked, and without rows of the database."""
    text = _ROW.sub("DETAIL: left out", text)
    return _IDENTITY.sub(r"\1********\2", _MOBILE.sub(r"\1****\2", text))


def nameless(text: str) -> str:
    """`text` without what could tell who wrote it: mail addresses, and numbers of seven digits and more, of whatever.

    For what strangers type, where nothing of a number is needed; our own short numbers stay.
    """
    return _LONG_NUMBER.sub("…", _MAIL.sub("…", text))


def discreet_facts(_logger: Any, _method: str, facts: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For structlog, before facts become JSON."""
    return {name: _discreet(value) for name, value in facts.items()}


def _discreet(value: Any) -> Any:
    if isinstance(value, str):
        return discreet(value)
    if isinstance(value, dict):
        return {key: _discreet(one) for key, one in value.items()}
    return [_discreet(one) for one in value] if isinstance(value, list | tuple) else value


def discreetly(draw: Callable[..., str]) -> Callable[..., str]:
    """For structlog, around what draws a line with its traceback."""
    return lambda *about: discreet(str(draw(*about)))
