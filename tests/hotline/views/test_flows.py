"""Supervisors change what callers hear, without a developer."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config.extensions import db
from hotline.ivr.document import Flow
from hotline.models import IvrFlow, IvrSound, IvrSwitch, IvrVersion
from hotline.telephony.signature import HEADER, sign
from tests.factories.accounts import make_department, make_person
from tests.factories.hotline import SwitchCall

AT = "/administration/ivr"


@pytest.fixture
def draft(lead):
    assert lead.post(f"{AT}/default/draft").status_code == 302
    return lambda: db.session.query(IvrVersion).filter_by(state="draft").populate_existing().one()


def tone(seconds: float = 0.5, rate: int = 8000, channels: int = 1) -> io.BytesIO:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(channels)
        sound.setsampwidth(2)
        sound.setframerate(rate)
        sound.writeframes(struct.pack("<h", 900) * int(seconds * rate) * channels)
    return io.BytesIO(made.getvalue())


def menu(**changes: str) -> dict[str, str]:
    said = {
        "title": "欢迎词",
        "prompt-text": "一请按一。",
        "prompt-sound": "",
        "prompt-language": "zh",
        "wait": "3",
        "tries": "2",
        "silence": "person",
        "otherwise": "person",
        **{f"choices-{key}": "" for key in "1234567890*#"},
        "choices-1": "general",
    }
    return {**said, **changes}


def test_every_page_opens_before_anybody_changed_anything(lead):
    department = make_department("水务局")
    department.former_numbers = ["96166"]
    db.session.commit()
    page = lead.get(AT).text
    assert "水务局" in page
    assert "96166" in page
    for code in ("default", "former"):
        assert "<svg" in lead.get(f"{AT}/{code}").text
        assert lead.get(f"{AT}/{code}/try").status_code == 200
    assert lead.get(f"{AT}/nothing").status_code == 404
    assert lead.get(f"{AT}/default?version=77").status_code == 404
    assert lead.get(f"{AT}/default?version=x").status_code == 404


def test_a_menu_is_changed_published_and_put_back(lead, draft):
    row = draft()
    answer = lead.post(f"{AT}/default/nodes/welcome", data={**menu(), "revision": row.revision})
    assert answer.status_code == 302
    changed = Flow.model_validate(draft().body).nodes["welcome"]
    assert (changed.prompt.text, changed.choices) == ("一请按一。", {"1": "general"})
    refused = lead.post(f"{AT}/default/publish", data={"note": "short", "revision": draft().revision})
    assert refused.status_code == 409, "nodes nobody comes to any more are named"
    assert "progress" in refused.text
    full = {
        "choices-2": "enterprise",
        "choices-3": "progress",
        "choices-4": "departmental",
        "choices-8": "dialect",
    }
    lead.post(f"{AT}/default/nodes/welcome", data={**menu(**full), "revision": draft().revision})
    for queue in ("enterprise", "departmental", "dialect"):
        name = {"title": queue, "queue": "", "priority": "0", "revision": draft().revision}
        assert lead.post(f"{AT}/default/nodes/{queue}", data=name).status_code == 302
    first = lead.post(f"{AT}/default/publish", data={"note": "短欢迎词", "revision": draft().revision})
    assert first.status_code == 302, first.text
    (asked,) = SwitchCall().arrive()[1:]
    assert asked.text == "一请按一。"

    lead.post(f"{AT}/default/draft")
    other = menu(**full, **{"prompt-text": "二请按二。"})
    lead.post(f"{AT}/default/nodes/welcome", data={**other, "revision": draft().revision})
    compared = lead.get(f"{AT}/default/compare?after=draft").text
    assert "一请按一。" in compared
    assert "二请按二。" in compared
    assert "prompt" not in compared.split('id="main"')[1].split("</main>")[0], "fields have names"
    lead.post(f"{AT}/default/publish", data={"note": "二", "revision": draft().revision})
    assert SwitchCall().arrive()[1].text == "二请按二。"
    assert lead.post(f"{AT}/default/versions/1/roll-back").status_code == 302
    assert SwitchCall().arrive()[1].text == "一请按一。"
    verbs = [verb for (verb,) in db.session.query(AuditEntry.verb).order_by(AuditEntry.id)]
    assert [verb for verb in verbs if verb in ("ivr:publish", "ivr:roll_back")] == [
        "ivr:publish",
        "ivr:publish",
        "ivr:roll_back",
    ]


def test_who_changes_an_older_draft_is_told_and_changes_nothing(lead, draft):
    lead.post(f"{AT}/default/nodes/welcome", data={**menu(), "revision": draft().revision})
    late = lead.post(f"{AT}/default/nodes/welcome", data={**menu(title="late"), "revision": 0})
    assert late.status_code == 409
    assert draft().body["nodes"]["welcome"]["title"] == "欢迎词"


def test_nodes_are_added_begun_with_and_removed(lead, draft):
    new = {"kind": "hours", "name": "night", "title": "夜间", "revision": draft().revision}
    assert lead.post(f"{AT}/default/nodes", data=new).headers["Location"].endswith("/nodes/night")
    hours = {
        "title": "夜间", "days-0": ["0", "1", "2", "3", "4"], "since-0": "09:00", "until-0": "17:30",
        "open": "welcome", "closed": "person", "revision": draft().revision,
    }  # fmt: skip
    assert lead.post(f"{AT}/default/nodes/night", data=hours).status_code == 302
    assert draft().body["nodes"]["night"]["spans"][0]["until"] == "17:30:00"
    assert "09:00" in lead.get(f"{AT}/default/nodes/night").text
    lead.post(f"{AT}/default/nodes/night/start", data={"revision": draft().revision})
    assert draft().body["start"] == "night"
    lead.post(f"{AT}/default/nodes/broadcast/remove", data={"revision": draft().revision})
    assert "broadcast" not in draft().body["nodes"]
    twice = lead.post(f"{AT}/default/nodes", data={**new, "revision": draft().revision})
    assert twice.status_code == 422
    lead.post(f"{AT}/default/discard")
    assert db.session.query(IvrVersion).count() == 0


@pytest.mark.parametrize("kind", ["play", "menu", "digits", "hours", "holiday", "broadcast", "queue", "transfer",
                                  "voicemail", "case_progress", "callback_offer", "survey", "hang_up"])  # fmt: skip
def test_every_kind_of_node_has_a_page_that_keeps_what_it_shows(lead, draft, kind):
    lead.post(f"{AT}/default/nodes", data={"kind": kind, "name": "n", "title": "", "revision": 0})
    page = lead.get(f"{AT}/default/nodes/n")
    assert page.status_code == 200
    bad = lead.post(f"{AT}/default/nodes/n", data={"title": "x" * 500, "revision": 1})
    assert bad.status_code == 422


def test_the_switches_are_the_managers_too_and_need_words(app, sign_in):
    manager = sign_in(make_person([Role.MANAGER]))
    assert manager.post(f"{AT}/straight", data={"on": "1"}).status_code == 302
    assert db.session.query(IvrSwitch).one().straight
    assert manager.post(f"{AT}/broadcast", data={"on": "1", "text": "", "sound": ""}).status_code == 422
    said = {"on": "1", "text": "今夜停水。", "sound": ""}
    assert manager.post(f"{AT}/broadcast", data=said).status_code == 302
    assert "今夜停水。" in manager.get(AT).text
    assert manager.post(f"{AT}/default/draft").status_code == 403
    assert sign_in(make_person([Role.AGENT])).get(AT).status_code == 403


def test_a_former_number_gets_a_flow_of_its_own(lead):
    data = {"code": "water", "name": "水务热线", "numbers": "96166 0571-88881234"}
    assert lead.post(AT, data=data).status_code == 302
    flow = db.session.query(IvrFlow).filter_by(code="water").one()
    assert [one.number for one in flow.numbers] == ["057188881234", "96166"]
    again = lead.post(AT, data={**data, "code": "other"})
    assert again.status_code == 422
    assert db.session.query(IvrFlow).filter_by(code="other").count() == 0


def test_a_flow_is_tried_by_keys(lead):
    page = lead.get(f"{AT}/default/try?heard=k3&heard=k123&heard=k456").text
    assert "请输入工单编号" in page
    assert "查询工单" in page
    end = lead.get(f"{AT}/default/try?heard=k2").text
    assert "enterprise" in end
    rubbish = lead.get(f"{AT}/default/try?heard=zz&heard=k%00&at=yesterday&day=never&keys=%3Cblink%3E")
    assert rubbish.status_code == 200
    assert "<blink>" not in rubbish.text
    assert "应急广播内容" in lead.get(f"{AT}/default/try?broadcast=1").text


def test_a_recording_is_kept_listened_to_and_reached_by_the_switch(app, lead):
    data = {"title": "欢迎", "file": (tone(), "welcome.wav")}
    assert lead.post(f"{AT}/sounds", data=data).status_code == 302
    sound = db.session.query(IvrSound).one()
    assert sound.seconds == pytest.approx(0.5)
    assert lead.get(f"{AT}/sounds/{sound.key}.wav").data[:4] == b"RIFF"
    path = f"/telephony/prompts/{sound.key}.wav"
    switch = app.test_client()
    assert switch.get(path).status_code == 401
    signed = {HEADER: sign(app.config["SETTINGS"].telephony_secret, path.encode())}
    assert switch.get(path, headers=signed).data[:4] == b"RIFF"
    other = {HEADER: sign(app.config["SETTINGS"].telephony_secret, b"/telephony/prompts/p-0.wav")}
    assert switch.get(path, headers=other).status_code == 401


def test_a_prompt_is_listened_to_as_callers_hear_it(lead, draft, monkeypatch):
    lead.post(f"{AT}/sounds", data={"title": "欢迎", "file": (tone(), "welcome.wav")})
    key = db.session.query(IvrSound).one().key
    data = {**menu(**{"prompt-sound": key}), "revision": draft().revision}
    assert lead.post(f"{AT}/default/nodes/welcome", data=data).status_code == 302
    heard = lead.get(f"{AT}/default/nodes/welcome/prompt.wav?version=draft").data
    assert heard == lead.get(f"{AT}/sounds/{key}.wav").data
    monkeypatch.setattr("hotline.speech.spoken", lambda *_args: None)
    refused = lead.get(f"{AT}/default/nodes/welcome/prompt.wav")
    assert refused.status_code == 409
    assert "espeak-ng" in refused.text
    for nothing in ("welcome/wrong.wav", "general/prompt.wav", "gone/prompt.wav"):
        assert lead.get(f"{AT}/default/nodes/{nothing}").status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.wav", b""),
        ("text.wav", b"hello"),
        ("broken.wav", b"RIFF0000WAVEnothing"),
        ("picture.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_what_is_no_sound_is_refused_by_its_name(lead, name, data):
    answer = lead.post(f"{AT}/sounds", data={"title": "x", "file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert name in answer.text
    assert db.session.query(IvrSound).count() == 0


def test_a_recording_that_is_too_long_is_refused_by_its_name(lead, monkeypatch):
    monkeypatch.setattr("hotline.services.sounds.LONGEST", 1.0)
    answer = lead.post(f"{AT}/sounds", data={"title": "x", "file": (tone(2), "long.wav")})
    assert answer.status_code == 422
    assert "long.wav" in answer.text


def test_the_numbers_that_lead_to_a_flow_are_changed_on_its_page(lead):
    for code, number in (("water", "96166"), ("heat", "96777")):
        lead.post(AT, data={"code": code, "name": code, "numbers": number})
    page = lead.get(f"{AT}/water").text
    assert 'value="96166"' in page
    assert lead.post(f"{AT}/water/numbers", data={"numbers": "96166，96167"}).status_code == 302
    assert [row.number for row in db.session.query(IvrFlow).filter_by(code="water").one().numbers] == [
        "96166",
        "96167",
    ]
    taken = lead.post(f"{AT}/water/numbers", data={"numbers": "96777"})
    assert taken.status_code == 422
    assert "96777" in taken.text


def test_the_flows_of_the_house_have_no_numbers_of_their_own_to_change(lead):
    assert f"{AT}/default/numbers" not in lead.get(f"{AT}/default").text


def test_a_node_that_cannot_be_is_refused_in_words_people_read(lead, draft):
    lead.post(
        f"{AT}/default/nodes",
        data={"kind": "transfer", "name": "out", "title": "转外线", "revision": draft().revision},
    )
    said = {"title": "转外线", "prompt-text": "", "prompt-sound": "", "prompt-language": "zh"}
    wrong = {**said, "number": "abc", "otherwise": "person", "revision": draft().revision}
    refused = lead.post(f"{AT}/default/nodes/out", data=wrong)
    assert refused.status_code == 422
    assert "请填 2 至 20 位数字" in refused.text
    assert "should match" not in refused.text
    kept = lead.post(f"{AT}/default/nodes/out", data={**wrong, "number": "8001"})
    assert kept.status_code == 302
    assert Flow.model_validate(draft().body).nodes["out"].number == "8001"


def test_the_flows_of_the_house_are_named_in_the_language_of_who_reads(lead):
    assert "所有来电" in lead.get(AT).text
    lead.post("/preferences", data={"language": "en", "next": AT})
    page = lead.get(AT).text
    assert "Everybody who calls" in page
    assert "所有来电" not in page
