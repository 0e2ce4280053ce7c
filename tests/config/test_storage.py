"""Files are taken for what they are, refused by name for what they are not."""

from __future__ import annotations

import io

import pytest

from config import storage
from config.errors import NoRoom, Refused, TooLarge
from config.extensions import db
from tests.support.disk import room_for

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


def test_a_file_comes_back_as_it_was_given(app):
    row = storage.store(io.BytesIO(PNG), "路灯.png")
    found, stream = storage.open_file(row.id)
    with stream:
        assert stream.read() == PNG
    assert (found.filename, found.mime, found.size) == ("路灯.png", "image/png", len(PNG))


@pytest.mark.parametrize("name", ["run.exe", "page.html", "x.svg", "noending", ".png"])
def test_a_type_we_do_not_take_is_refused_by_name(app, name):
    with pytest.raises(Refused, match=name.replace(".", r"\.")):
        storage.store(io.BytesIO(PNG), name)


def test_a_file_that_is_not_what_its_name_says_is_refused(app):
    with pytest.raises(Refused, match=r"photo\.jpg"):
        storage.store(io.BytesIO(b"MZ\x90 a program"), "photo.jpg")


def test_an_empty_file_is_refused(app):
    with pytest.raises(Refused, match="empty"):
        storage.store(io.BytesIO(b""), "empty.txt")


def test_a_file_past_the_limit_is_refused_without_filling_the_disk(app, monkeypatch):
    monkeypatch.setattr(app.config["SETTINGS"], "upload_max_mb", 1)
    with pytest.raises(TooLarge, match="1 MB"):
        storage.store(io.BytesIO(b"x" * (1 << 20) + b"y"), "big.txt")


def test_a_path_in_a_name_goes_nowhere(app):
    row = storage.store(io.BytesIO(PNG), "../../etc/passwd\\..\\photo.png")
    assert row.filename == "photo.png"


def files_of(app):
    return {path for path in app.config["SETTINGS"].var_dir.rglob("*") if path.is_file()}


@pytest.mark.parametrize("more", [0, 1_000_000], ids=["small", "large"])
def test_a_full_disk_is_told_with_the_files_name_and_leaves_nothing_half_written(app, more):
    before = files_of(app)
    with room_for(20), pytest.raises(NoRoom, match=r"lamp\.png"):
        storage.store(io.BytesIO(PNG + b"y" * more), "lamp.png")
    assert files_of(app) == before
    assert db.session.query(storage.StoredFile).count() == 0
    assert storage.store(io.BytesIO(PNG + b"y" * more), "lamp.png").size == len(PNG) + more
