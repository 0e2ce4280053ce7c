"""A synthetic voice is whatever program the city sets; without one nobody speaks, and nothing breaks."""

from __future__ import annotations

import io
import shutil
import struct
import wave

import pytest

from config.settings import settings
from hotline import speech

needs_sox = pytest.mark.skipif(
    shutil.which("sox") is None, reason="sox is missing: make test-switch installs it"
)


@pytest.fixture
def voice(app, monkeypatch, tmp_path):
    """`voice(command)` sets the program that speaks."""

    def set_command(command: str) -> None:
        changed = settings().model_copy(update={"speech_command": command})
        monkeypatch.setattr(speech, "settings", lambda: changed)

    return set_command


def a_wav() -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(22_050)
        sound.writeframes(struct.pack("<h", 3000) * 22_050)
    return made.getvalue()


@needs_sox
def test_any_program_that_writes_a_wav_file_can_speak_and_is_asked_once(voice, tmp_path):
    (tmp_path / "theirs.wav").write_bytes(a_wav())
    voice(f"cp {tmp_path}/theirs.wav {{file}}")
    path = speech.spoken("您好", "zh", tmp_path / "spoken")
    assert path is not None
    with wave.open(str(path)) as sound:
        assert (sound.getframerate(), sound.getnchannels(), sound.getsampwidth()) == (8000, 1, 2)
    (tmp_path / "theirs.wav").unlink()
    assert speech.spoken("您好", "zh", tmp_path / "spoken") == path


@pytest.mark.parametrize("command", ["no-such-program {file} {text}", "false {file} {text}"])
def test_where_nobody_can_speak_there_is_no_file(voice, tmp_path, command):
    voice(command)
    assert speech.spoken("您好", "zh", tmp_path) is None
    assert list(tmp_path.iterdir()) == []


@needs_sox
def test_words_that_look_like_options_or_fields_are_words(voice, tmp_path):
    (tmp_path / "theirs.wav").write_bytes(a_wav())
    voice(f"cp {tmp_path}/theirs.wav {{file}}")
    assert speech.spoken("--help {file} $(reboot)", "zh", tmp_path / "spoken") is not None
