"""Sealed files: what goes in comes out, in any range; what was touched does not open."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import vault
from config.errors import NotFound
from tests.support.disk import room_for

SIZES = st.sampled_from([0, 1, vault.PIECE - 1, vault.PIECE, vault.PIECE + 1, 3 * vault.PIECE + 7])


def whole(name: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join(vault.read(name, start, end))


def sealed_path(app, name: str):
    return app.config["SETTINGS"].var_dir / "vault" / name[-2:] / name


@given(size=SIZES, data=st.data())
def test_every_range_is_the_range_of_what_was_kept(app, size, data):
    with app.app_context():
        content = bytes(number * 31 % 251 for number in range(size))
        vault.keep("ranges", content)
        start = data.draw(st.integers(0, size))
        end = data.draw(st.integers(start, size))
        assert whole("ranges", start, end) == content[start:end]
        assert whole("ranges") == content


def test_on_disk_nothing_can_be_read(app):
    vault.keep("secret", b"13912340042 " * 500)
    assert b"1391234" not in sealed_path(app, "secret").read_bytes()


@pytest.mark.parametrize("harm", ["a bit", "the end", "the order", "the beginning"])
def test_what_was_altered_does_not_open(app, harm):
    vault.keep("altered", bytes(number % 251 for number in range(3 * vault.PIECE)))
    path = sealed_path(app, "altered")
    raw = bytearray(path.read_bytes())
    first = vault.HEAD
    second = first + vault.LENGTH + int.from_bytes(raw[first : first + vault.LENGTH])
    third = second + vault.LENGTH + int.from_bytes(raw[second : second + vault.LENGTH])
    match harm:
        case "a bit":
            raw[-1] ^= 1
        case "the end":
            raw = raw[:third]
        case "the order":
            raw[first:third] = raw[second:third] + raw[first:second]
        case "the beginning":
            raw[0] ^= 1
    path.write_bytes(bytes(raw))
    with pytest.raises(vault.Altered):
        whole("altered")


def test_silence_takes_no_room(app):
    vault.keep("silence", bytes(1_000_000))
    assert sealed_path(app, "silence").stat().st_size < 20_000


def test_what_was_forgotten_is_gone_and_forgetting_again_is_no_error(app):
    vault.keep("gone", b"sound")
    vault.forget("gone")
    vault.forget("gone")
    with pytest.raises(NotFound):
        vault.read("gone")


def test_a_name_cannot_lead_out_of_the_folder(app):
    with pytest.raises(ValueError, match="no name"):
        vault.keep("../outside", b"")


def test_a_full_disk_leaves_no_half_of_a_recording(app):
    var = app.config["SETTINGS"].var_dir
    before = set(var.rglob("*"))
    with room_for(100_000), pytest.raises(OSError, match="File too large"):
        vault.keep("f" * 32, os.urandom(1_000_000))
    assert [path for path in set(var.rglob("*")) - before if path.is_file()] == []
