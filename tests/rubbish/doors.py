"""The addresses of the app, filled with what is really there and with rubbish."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, url_for
from werkzeug.routing import AnyConverter, Rule

from tests.rubbish.world import World

EVERYTHING = "RUBBISH" in os.environ
"""`RUBBISH=1 pytest tests/rubbish` takes minutes: every role at every door with everything. Otherwise each door gets
some of each, so that all doors together have seen all of it."""
WORDS = (
    "",
    "x" * 3000,
    "a\x00b",
    "-1",
    "9" * 24,
    "2026-99-99",
    "0001-01-01",
    "9999-12-31",
    "1e309",
    "NaN",
    "²",
    "１２",
    "💩%_\\'\";--",
    "[]",
    "WzAsMV0",
    "true",
    "0",
    "1",
)
PLACES = ("0", "-1", "9" * 24, "²", "x" * 300, "%00", "..%2F..%2Fetc", "%F0%9F%92%A9", "%ff")
"""As a part of a path, encoded."""
FILES = (
    ("a.png", b""),
    ("a.exe", b"MZ"),
    ("\u202e.png", b"\x89PNG\r\n\x1a\n"),
    ("x" * 300 + ".wav", b"RIFF"),
    ("a.wav", b"RIFF0000WAVEfmt "),
    ("a.csv", b"\xff\xfe\x00a"),
    ("a.xlsx", b"PK\x03\x04x"),
    ("a.pdf", b"%PDF-1.4"),
    ("a.txt", b"\x00\x01\xff"),
)
MACHINES = ("/api/", "/telephony/", "/static/")


@dataclass(frozen=True)
class Door:
    """`permission` of the view; None where it is public."""

    rule: Rule
    method: str
    permission: str | None
    addresses: tuple[str, ...]

    @property
    def endpoint(self) -> str:
        return self.rule.endpoint


def doors(app: Flask, world: World, *methods: str) -> Iterator[Door]:
    """Every page and form, in the order of their addresses."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.rule.startswith(MACHINES):
            continue
        access = getattr(app.view_functions[rule.endpoint], "access", ("public", ""))
        permission = access[1] if access[0] == "permission" else None
        for method in methods:
            if method in (rule.methods or ()):
                yield Door(rule, method, permission, tuple(_filled(app, rule, world)))


def _filled(app: Flask, rule: Rule, world: World) -> Iterator[str]:
    choices = [_values(rule, name, world) for name in sorted(rule.arguments)]
    with app.test_request_context():
        for values in itertools.product(*choices):
            yield url_for(rule.endpoint, **dict(zip(sorted(rule.arguments), values, strict=True)))


def _values(rule: Rule, name: str, world: World) -> list[Any]:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)
    return world.named.get(name) or ["1"]


def without_sense(rule: Rule) -> Iterator[str]:
    """The address with rubbish in each of its places."""
    for place in PLACES if rule.arguments else ():
        yield "".join(place if dynamic else part for dynamic, part in rule._trace).partition("|")[2]


def mixed(names: set[str], turn: int) -> dict[str, str]:
    """Rubbish for each of `names`, another with each turn."""
    return {name: WORDS[(place * 5 + turn) % len(WORDS)] for place, name in enumerate(sorted(names))}
