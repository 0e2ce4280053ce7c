"""Both shelves keep what they are given: the folder, and a bucket of a store that speaks S3 on a real port."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator

import httpx
import pytest
from flask import Flask

from config import vault
from config.embedded import processes
from config.embedded.redis import free_port
from config.errors import NotFound
from config.settings import ROOT
from config.shelf import Shelf, shelf
from config.shelf.bucket import READ_AHEAD, client
from config.storage import open_file, store

LONG = bytes(number * 31 % 251 for number in range(2 * READ_AHEAD + 7))


@pytest.fixture(scope="module")
def a_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an S3-compatible store with one bucket."""
    folder, port = tmp_path_factory.mktemp("store"), free_port()
    node = shutil.which("node") or str(ROOT / ".venv" / "bin" / "node")
    program = str(ROOT / "node_modules" / "s3rver" / "bin" / "s3rver.js")
    address = f"http://127.0.0.1:{port}"
    where = ("-a", "127.0.0.1", "-p", str(port), "-d", str(folder), "--configure-bucket", "hotline")
    running = processes.start((node, program, *where), log=folder / "log", environment={})
    try:
        processes.wait_until(lambda: _answers(address), 60, "the store")
        yield address
    finally:
        processes.stop(running)


def _answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


@pytest.fixture
def with_bucket(app: Flask, a_store: str) -> Iterator[None]:
    """The app keeps its files there."""
    before = app.config["SETTINGS"]
    changes = {
        "s3_bucket": "hotline",
        "s3_endpoint": a_store,
        "s3_access_key": "S3RVER",
        "s3_secret_key": "S3RVER",
    }
    app.config["SETTINGS"] = before.model_copy(update=changes)
    yield
    app.config["SETTINGS"] = before
    client.cache_clear()


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, app: Flask) -> Shelf:
    if request.param == "bucket":
        request.getfixturevalue("with_bucket")
    return shelf("vault")


def test_what_is_put_there_is_there_until_it_is_deleted(kept: Shelf):
    assert not kept.has("abc")
    kept.put("abc", io.BytesIO(LONG))
    assert kept.has("abc")
    with kept.open("abc") as file:
        assert file.read() == LONG
    kept.delete("abc")
    kept.delete("abc")
    assert not kept.has("abc")
    with pytest.raises(FileNotFoundError):
        kept.open("abc")


def test_any_part_of_it_is_read_without_the_rest(kept: Shelf):
    kept.put("abd", io.BytesIO(LONG))
    with kept.open("abd") as file:
        file.seek(READ_AHEAD + 5)
        assert file.read(9) == LONG[READ_AHEAD + 5 : READ_AHEAD + 14]
        file.seek(-3, io.SEEK_END)
        assert (file.read(), file.read()) == (LONG[-3:], b"")


def test_the_newer_takes_the_place_of_the_older(kept: Shelf):
    kept.put("abe", io.BytesIO(b"older"))
    kept.put("abe", io.BytesIO(b"new"))
    with kept.open("abe") as file:
        assert file.read() == b"new"


@pytest.mark.parametrize("name", ["../secret", "", "a/b", "a.b"])
def test_a_name_leads_nowhere_else(kept: Shelf, name: str):
    with pytest.raises(ValueError):
        kept.open(name)


def test_files_and_recordings_go_through_a_bucket_as_through_a_folder(with_bucket: None, app: Flask):
    row = store(io.BytesIO("名称,数\n路灯,3\n".encode()), "统计.csv", ("csv",))
    with open_file(row.id)[1] as file:
        assert file.read().decode() == "名称,数\n路灯,3\n"
    vault.keep("abf", LONG)
    assert b"".join(vault.read("abf", 70_000, 140_000)) == LONG[70_000:140_000]
    vault.forget("abf")
    with pytest.raises(NotFound):
        vault.read("abf")
    assert not (app.config["SETTINGS"].var_dir / "files" / row.sha256[:2] / row.sha256).exists()


def test_a_store_that_is_away_fails_as_a_full_disk_does(app: Flask, with_bucket: None):
    nowhere = {"s3_endpoint": f"http://127.0.0.1:{free_port()}", "s3_region": "us-east-1"}
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update=nowhere)
    with pytest.raises(OSError, match="MaxRetryError"):
        vault.keep("abg", b"a talk")
