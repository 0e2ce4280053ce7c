"""Words are kept as they are seen."""

from __future__ import annotations

import pytest

from config.text import plain, whole_number


@pytest.mark.parametrize(
    "unseen", ["", " \n\t\u3000", "\x00", "\x1b\x7f\x85", "\u202e", "\u2066\u2069", "\u200b\ufeff\u2060"]
)
def test_what_nobody_can_see_is_nothing(unseen: str):
    assert plain(unseen) == ""
    assert plain(f"路{unseen.strip()}灯") == "路灯"


def test_what_can_be_seen_stays():
    for words in ("第一行\r\n\t第二行", "👨‍👩‍👧", "Straße 5 — “quoted”", "ئۇيغۇرچە", "བོད་སྐད", "𠮷野家"):
        assert plain(f" {words} ") == words


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9" * 18, 10**18 - 1)])
def test_a_whole_number_is_written_in_digits(text: str, number: int):
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.0", "²", "１２", "٣", "9" * 19])
def test_anything_else_is_no_number(text: str):
    assert whole_number(text) is None
