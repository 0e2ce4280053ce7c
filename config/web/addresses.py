"""A variable part of an address is text or a number that the database takes; anything else leads to no page."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, PathConverter, UnicodeConverter, ValidationError

LARGEST_KEY = 2**63 - 1


class Key(IntegerConverter):
    """`<int:…>`: a row's number, as large as a `bigint`."""

    def to_python(self, value: str) -> int:
        # Not by its length: leading zeros are allowed. But Python itself refuses to read some thousand digits.
        if len(value) > 100 or (number := super().to_python(value)) > LARGEST_KEY:
            raise ValidationError
        return int(number)


def _without_nul(value: str) -> str:
    if "\x00" in value:
        raise ValidationError
    return value


class Text(UnicodeConverter):
    """`<…>`: PostgreSQL's text holds every character but NUL."""

    def to_python(self, value: str) -> str:
        return _without_nul(super().to_python(value))


class Path(PathConverter):
    """`<path:…>`, likewise."""

    def to_python(self, value: str) -> str:
        return _without_nul(super().to_python(value))


def init_app(app: Flask) -> None:
    """Must come before the first route."""
    app.url_map.converters.update(default=Text, string=Text, int=Key, path=Path)
