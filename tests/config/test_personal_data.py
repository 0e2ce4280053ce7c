"""Personal data is sealed in the database, found by a blind index, and masked on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.crypto import blind_index, seal, unseal
from config.errors import Invalid
from config.phones import format_phone, mask_phone, normalise_phone


@given(text=st.text(max_size=60))
def test_what_is_sealed_opens_again_and_never_looks_the_same_twice(app, text):
    with app.app_context():
        one, two = seal(text), seal(text)
        assert unseal(one) == unseal(two) == text
        assert one != two


def test_an_altered_value_does_not_open(app):
    sealed = bytearray(seal("13912340042"))
    sealed[-1] ^= 1
    with pytest.raises(ValueError, match="altered"):
        unseal(bytes(sealed))


def test_the_blind_index_depends_on_the_key(app, monkeypatch):
    before = blind_index("+8613912340042")
    monkeypatch.setattr(app.config["SETTINGS"], "field_key", "22" * 32)
    assert blind_index("+8613912340042") != before


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 1234 0042", "+8613912340042"),
        ("+86 139-1234-0042", "+8613912340042"),
        ("0571 8765 4321", "+8657187654321"),
        ("110", "110"),
        ("+1 415 867 5309", "+14158675309"),
    ],
)
def test_numbers_are_kept_in_one_form(app, typed, kept):
    assert normalise_phone(typed) == kept


@pytest.mark.parametrize("rubbish", ["", "abc", "1", "139", "+", "1391234004213912340042", "１３９"])
def test_what_is_no_number_is_refused_or_short(app, rubbish):
    if rubbish == "139":
        assert normalise_phone(rubbish) == "139"
        return
    with pytest.raises(Invalid):
        normalise_phone(rubbish)


def test_a_masked_number_can_be_recognised_and_not_dialled(app):
    assert mask_phone("+8613912340042") == "139****0042"
    assert mask_phone("110") == "110"
    assert mask_phone(None) == ""
    assert format_phone("+8613912340042") == "139 1234 0042"
