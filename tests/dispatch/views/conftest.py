"""The people of a small hotline, each with a client of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from config.extensions import db
from tests.factories.dispatch import Staff, make_staff

HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(app: Flask) -> Staff:
    made = make_staff()
    db.session.commit()
    return made


@pytest.fixture
def at(sign_in: Callable[[Any], Any], staff: Staff) -> Callable[[str], Any]:
    """`at("dispatcher")` is that person's client."""
    return lambda part: sign_in(getattr(staff, part))


def text_of(answer: Any) -> str:
    """The words of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))
