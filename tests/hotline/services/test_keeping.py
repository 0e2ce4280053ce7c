"""Recordings are fetched, proved, kept sealed, played by range, held and deleted."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest

from accounts.audit import AuditEntry
from accounts.roles import Role
from config import vault
from config.errors import NotFound
from config.extensions import db
from config.shelf import shelf
from hotline.models import Recording
from hotline.services import keeping
from hotline.telephony.simulator.recording import write_recording
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent


@pytest.fixture
def call(app, clock):
    """A call whose recording the switch has told of."""
    agent = make_agent()
    made = SwitchCall()
    made.arrive()
    made.press()
    made.tell("leg.answered", leg=made.seat_leg)
    folder = app.config["SETTINGS"].var_dir / "recordings" / "simulator"
    file = write_recording(folder, made.key, 12.5)
    made.tell("recording.started")
    made.tell("recording.ready", url=file.path.as_uri(), seconds=12.5, sha256=file.sha256)
    made.agent, made.file = agent, file
    return made


def recording() -> Recording:
    db.session.expire_all()
    return db.session.query(Recording).one()


def test_what_is_ready_is_fetched_and_kept_sealed(call):
    assert keeping.fetch_recordings() == 1
    kept = recording()
    sound = b"".join(vault.read(kept.kept_as))
    assert hashlib.sha256(sound).hexdigest() == kept.sha256
    assert len(kept.peaks) == keeping.PEAKS
    assert kept.peaks[0] > 0 == kept.peaks[120]
    assert keeping.fetch_recordings() == 0


def test_what_is_not_what_was_told_is_not_kept_and_tried_again_later(call, clock):
    good = call.file.path.read_bytes()
    call.file.path.write_bytes(good[:-1] + b"x")
    assert keeping.fetch_recordings() == 0
    assert "checksum" in recording().failure
    call.file.path.write_bytes(good)
    assert keeping.fetch_recordings() == 0, "not at once again"
    clock.advance(minutes=3)
    assert keeping.fetch_recordings() == 1
    assert recording().failure == ""


def test_a_full_disk_is_said_and_survived(call, monkeypatch):
    def full(name: str, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(vault, "keep", full)
    assert keeping.fetch_recordings() == 0
    assert "No space left" in recording().failure


def test_an_address_outside_the_switch_is_not_followed(call):
    recording().url = "file:///etc/passwd"
    db.session.commit()
    assert keeping.fetch_recordings() == 0
    assert recording().kept_at is None


def test_the_same_recording_told_twice_is_one(call):
    kept = recording()
    call.tell("recording.ready", url=kept.url, seconds=12.5, sha256=kept.sha256)
    assert recording().url == kept.url


def test_after_its_time_it_is_deleted_unless_somebody_holds_it(call, clock):
    keeping.fetch_recordings()
    manager = make_person([Role.MANAGER])
    keeping.hold(manager, recording(), True)
    clock.advance(days=200)
    assert keeping.forget_recordings() == 0
    keeping.hold(manager, recording(), False)
    assert keeping.forget_recordings() == 1
    gone = recording()
    assert gone.deleted_at is not None
    assert not gone.is_here
    assert not shelf("vault").has(gone.kept_as)
    verbs = [
        row.verb for row in db.session.query(AuditEntry).filter(AuditEntry.verb.startswith("recording:"))
    ]
    assert verbs == ["recording:hold", "recording:release"]


def test_what_is_deleted_is_not_held_any_more(call, clock):
    keeping.fetch_recordings()
    row = recording()
    row.deleted_at = row.kept_at
    db.session.commit()
    with pytest.raises(NotFound):
        keeping.hold(make_person([Role.QC_INSPECTOR]), recording(), True)
    assert recording().held_by_id is None


class TestPlaying:
    @pytest.fixture
    def browser(self, call, sign_in):
        keeping.fetch_recordings()
        return sign_in(call.agent)

    @pytest.fixture
    def address(self, call, browser):
        return f"/calls/{call.row.call_no}/recordings/{recording().id}.wav"

    def test_it_is_played_whole_and_that_is_audited(self, browser, address):
        answer = browser.get(address)
        assert answer.status_code == 200
        assert hashlib.sha256(answer.data).hexdigest() == recording().sha256
        assert answer.headers["Cache-Control"] == "no-store"
        assert db.session.query(AuditEntry).filter_by(verb="recording:play").count() == 1

    def test_a_player_jumps_by_range_and_that_is_no_new_listening(self, browser, address):
        size = recording().size
        browser.get(address)
        answer = browser.get(address, headers={"Range": "bytes=100000-100099"})
        assert (answer.status_code, len(answer.data)) == (206, 100)
        assert answer.headers["Content-Range"] == f"bytes 100000-100099/{size}"
        assert browser.get(address, headers={"Range": "bytes=-10"}).headers["Content-Length"] == "10"
        assert db.session.query(AuditEntry).filter_by(verb="recording:play").count() == 1

    def test_who_passes_over_the_first_byte_is_written_down_too(self, browser, address):
        assert browser.get(address, headers={"Range": "bytes=1-"}).status_code == 206
        assert db.session.query(AuditEntry).filter_by(verb="recording:play").count() == 1

    def test_who_listens_again_hours_later_is_written_down_again(self, call, browser, clock):
        for _time in range(2):
            keeping.note_played(call.agent, recording(), begins=False)
            clock.advance(hours=2)
        assert db.session.query(AuditEntry).filter_by(verb="recording:play").count() == 2

    @pytest.mark.parametrize(
        "asked", ["bytes=999999999-", "bytes=9-5", "bytes=a-b", "chunks=1-2", "bytes=0-1,5-6"]
    )
    def test_a_range_that_is_none_is_refused_or_passed_over(self, browser, address, asked):
        assert browser.get(address, headers={"Range": asked}).status_code in (200, 416)

    def test_somebody_elses_call_is_not_played(self, sign_in, address):
        assert sign_in(make_person([Role.AGENT])).get(address).status_code == 403
        assert sign_in(make_person([Role.QC_INSPECTOR])).get(address).status_code == 200

    def test_a_number_that_is_not_of_this_call_is_not_there(self, browser, call):
        assert browser.get(f"/calls/{call.row.call_no}/recordings/999999.wav").status_code == 404

    def test_the_page_of_the_call_plays_it_and_offers_to_hold_it(self, call, sign_in, browser):
        page = sign_in(make_person([Role.QC_INSPECTOR])).get(f"/calls/{call.row.call_no}").text
        assert "<audio" in page
        assert "waveform" in page
        assert "/hold" in page


def test_what_waited_a_day_is_still_fetched(call, clock):
    clock.advance(days=timedelta(days=1).days)
    assert keeping.fetch_recordings() == 1
