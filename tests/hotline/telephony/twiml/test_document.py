"""Documents, against the carrier's own library: what it would write is what we write."""

from __future__ import annotations

from xml.etree.ElementTree import canonicalize

import pytest
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from hotline.telephony.spoken import BUILT_IN
from hotline.telephony.twiml.document import document, music
from hotline.telephony.twiml.models import TwimlCall, TwimlLeg

BASE = "https://hotline.example/telephony/twiml"


@pytest.fixture(autouse=True)
def public(app, tmp_path):
    before = app.config["SETTINGS"]
    changes = {"twiml_public_url": "https://hotline.example/", "prompts_dir": tmp_path}
    app.config["SETTINGS"] = before.model_copy(update=changes)
    yield
    app.config["SETTINGS"] = before


def leg(**facts) -> TwimlLeg:
    plain = {
        "key": "CA1",
        "sid": "CA1",
        "place": "",
        "music": "",
        "hears": [],
        "mode": "",
        "hangup_asked": "",
    }
    made = TwimlLeg(**{**plain, "heard": 0, "version": 1, "told": 1, **facts})
    made.call = TwimlCall(key="CA1", room=2, tape="", obeyed=[])
    return made


def item(**facts):
    plain = {"n": 0, "prompt": "", "text": "", "language": "", "keys": 0, "timeout": 3.0, "finish": ""}
    return {**plain, **facts}


def same(ours: str, theirs: VoiceResponse) -> bool:
    return canonicalize(ours) == canonicalize(str(theirs))


def test_a_prompt_that_waits_for_a_key():
    theirs = VoiceResponse()
    gather = Gather(
        input="dtmf", action=f"{BASE}/legs/CA1/digits/0", method="POST", num_digits=1, timeout=3, finish_on_key="",
        action_on_empty_result=True,
    )  # fmt: skip
    gather.say(BUILT_IN["apology"], language="zh-CN")
    theirs.append(gather)
    assert same(document(leg(hears=[item(prompt="apology", keys=1)])), theirs)


def test_what_the_city_has_recorded_is_played_and_its_end_is_told(tmp_path):
    (tmp_path / "notice.wav").write_bytes(b"RIFF")
    theirs = VoiceResponse()
    theirs.play(f"{BASE}/sounds/notice.wav")
    theirs.redirect(f"{BASE}/legs/CA1/heard/3", method="POST")
    assert same(document(leg(hears=[item(n=3, prompt="notice")])), theirs)


def test_a_message_is_recorded_after_a_beep():
    theirs = VoiceResponse()
    theirs.record(
        action=f"{BASE}/legs/CA1/spoken/2", method="POST", max_length=180, timeout=8, finish_on_key="#", play_beep=True,
        recording_status_callback=f"{BASE}/recordings/voicemail",
        recording_status_callback_event="in-progress completed absent", recording_status_callback_method="POST",
    )  # fmt: skip
    assert same(document(leg(hears=[item(n=2, prompt="voicemail", message=180, finish="#")])), theirs)


def test_words_are_spoken_in_their_language_and_harm_no_xml():
    theirs = VoiceResponse()
    theirs.say('Fish & "chips" <now>', language="en-US")
    theirs.redirect(f"{BASE}/legs/CA1/heard/0", method="POST")
    assert same(document(leg(hears=[item(text='Fish & "chips" <now>', language="en")])), theirs)


def conference(**facts) -> VoiceResponse:
    theirs, dial = VoiceResponse(), Dial(action=f"{BASE}/legs/CA1", method="POST")
    plain = {
        "beep": "false",
        "start_conference_on_enter": True,
        "end_conference_on_exit": False,
        "status_callback": f"{BASE}/rooms/CA1",
        "status_callback_event": "start end join leave mute hold",
        "status_callback_method": "POST",
    }
    dial.conference("CA1.2", **{**plain, **facts})
    theirs.append(dial)
    return theirs


def test_who_waits_is_in_a_conference_that_has_not_begun(tmp_path):
    assert same(document(leg(place="queue", music="calm")), conference(start_conference_on_enter=False))
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "calm.wav").write_bytes(b"RIFF")
    theirs = conference(start_conference_on_enter=False, wait_url=f"{BASE}/music/calm", wait_method="POST")
    assert same(document(leg(place="queue", music="calm")), theirs)
    theirs = VoiceResponse()
    theirs.play(f"{BASE}/sounds/music/calm.wav", loop=0)
    assert same(music("calm"), theirs)


def test_who_listens_is_muted_who_whispers_coaches_who_barges_in_is_one_of_them():
    agent = leg(sid="CA9")
    assert same(document(leg(place="room")), conference())
    for mode, facts in (("monitor", {"muted": True}), ("whisper", {"coach": "CA9"}), ("barge", {})):
        assert same(document(leg(place="room", listens_to="x", mode=mode), agent), conference(**facts)), mode


def test_who_is_not_wanted_is_refused_before_it_costs_them_anything():
    rejected, busy, over = VoiceResponse(), VoiceResponse(), VoiceResponse()
    rejected.reject(reason="rejected")
    busy.reject(reason="busy")
    over.hangup()
    assert same(document(leg(hangup_asked="blocked")), rejected)
    assert same(document(leg(hangup_asked="busy")), busy)
    assert same(document(leg(hangup_asked="normal", key="x.1", seat="1001")), over)


def test_who_waits_for_nothing_yet_is_kept_on_the_line():
    theirs = VoiceResponse()
    theirs.pause(length=30)
    theirs.redirect(f"{BASE}/legs/CA1", method="POST")
    assert same(document(leg()), theirs)
