import hashlib
import wave
from pathlib import Path

from hotline.telephony.simulator.recording import write_recording


def test_a_recording_is_a_real_file_of_the_length_and_checksum_told(tmp_path: Path) -> None:
    recorded = write_recording(tmp_path, "r-1", 95.5)
    with wave.open(str(recorded.path)) as heard:
        assert heard.getframerate() == 8000
        assert heard.getnframes() / 8000 == recorded.seconds == 95.5
        assert any(heard.readframes(800))
    assert hashlib.sha256(recorded.path.read_bytes()).hexdigest() == recorded.sha256


def test_silence_costs_no_disk(tmp_path: Path) -> None:
    recorded = write_recording(tmp_path, "r-1", 3600)
    assert recorded.path.stat().st_size > 50_000_000
    assert recorded.path.stat().st_blocks * 512 < 100_000


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for number in range(6):
        write_recording(tmp_path, f"r-{number}", 1, keep=3)
    assert len(list(tmp_path.glob("*.wav"))) == 3
