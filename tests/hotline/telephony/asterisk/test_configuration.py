import asyncio
import re

import pytest

from config.extensions import db
from hotline.models import Seat
from hotline.telephony.asterisk.configuration import (
    Place,
    put_on_switch,
    render,
    save_trunk,
    write_configuration,
)


@pytest.fixture
def settings(app, tmp_path):
    return app.config["SETTINGS"].model_copy(update={"prompts_dir": tmp_path / "prompts"})


def test_every_seat_gets_a_password_of_its_own_and_keeps_it(settings):
    put_on_switch(["1001", "1002"])
    first = render(settings, Place())["pjsip.conf"]
    secrets = [seat.secret for seat in db.session.query(Seat).order_by(Seat.number)]
    assert len(set(secrets)) == 2
    assert all(f"password = {secret}" in first for secret in secrets)
    assert render(settings, Place())["pjsip.conf"] == first


def test_a_seat_in_the_browser_speaks_webrtc_and_a_telephone_does_not(settings):
    put_on_switch(["1001"])
    put_on_switch(["1010"], in_browser=True)
    text = render(settings, Place())["pjsip.conf"]
    assert "[1001](telephone)" in text
    assert "[1010](browser)" in text


def test_a_trunk_proves_who_we_are_only_where_it_has_a_user_name(settings):
    save_trunk("plain", "192.0.2.1", secret=None, port=5060, username="", registers=False, active=True)
    text = render(settings, Place())["pjsip.conf"]
    assert "match = 192.0.2.1" in text
    assert "outbound_auth" not in text
    save_trunk(
        "plain", "192.0.2.1", secret="s3cret", port=5060, username="12345", registers=True, active=True
    )
    text = render(settings, Place())["pjsip.conf"]
    assert "client_uri = sip:12345@192.0.2.1:5060" in text
    assert "password = s3cret" in text


def test_a_trunk_switched_off_is_not_written(settings):
    save_trunk("old", "192.0.2.9", secret=None, port=5060, username="", registers=False, active=False)
    assert "192.0.2.9" not in render(settings, Place())["pjsip.conf"]


@pytest.mark.parametrize("number", ["1001]\n[evil", "10 01", "10;01", "#exec"])
def test_text_that_would_mean_something_to_asterisk_is_refused_by_name(settings, number):
    with pytest.raises(ValueError, match="cannot stand"):
        put_on_switch([number])


def test_without_a_fallback_the_caller_hears_the_apology_and_no_more(settings):
    assert "Dial(" not in render(settings, Place())["extensions.conf"]
    assert "Dial(PJSIP/87654321@trunk,60)" in render(settings, Place(fallback="87654321"))["extensions.conf"]


def test_what_has_not_changed_is_not_written_again(settings, tmp_path):
    written = asyncio.run(write_configuration(tmp_path / "etc", settings, Place()))
    assert {path.name for path in written} == {
        "ari.conf", "extensions.conf", "http.conf", "musiconhold.conf", "pjsip.conf", "rtp.conf",
    }  # fmt: skip
    assert asyncio.run(write_configuration(tmp_path / "etc", settings, Place())) == []


def test_each_telephone_in_a_browser_makes_room_for_itself_and_for_the_line_it_lost(settings):
    def limit() -> int:
        return int(re.search(r"^sessionlimit = (\d+)$", render(settings, Place())["http.conf"], re.M)[1])

    put_on_switch(["1001"])
    before = limit()
    put_on_switch([str(number) for number in range(2000, 2300)], in_browser=True)
    assert limit() == before + 600


def test_with_a_certificate_browsers_reach_asterisk_by_wss(settings, tmp_path):
    chain, key = tmp_path / "chain.pem", tmp_path / "key.pem"
    chain.touch()
    key.touch()
    plain = render(settings, Place())["http.conf"]
    assert "tls" not in plain.split("\n", 3)[3]
    written = render(settings, Place(tls_bind="0.0.0.0:8089", certificate=chain, key=key))["http.conf"]
    assert "tlsbindaddr = 0.0.0.0:8089" in written
    assert f"tlscertfile = {chain}" in written


def test_half_a_certificate_and_one_that_is_not_there_are_refused(settings, tmp_path):
    with pytest.raises(ValueError, match="all three"):
        Place(tls_bind="0.0.0.0:8089")
    missing = tmp_path / "missing.pem"
    with pytest.raises(ValueError, match="is not there"):
        render(settings, Place(tls_bind="0.0.0.0:8089", certificate=missing, key=missing))


def test_behind_a_nat_browsers_outside_are_told_the_outer_address(settings):
    text = render(settings, Place(nat=("10.0.0.5", "203.0.113.7")))["rtp.conf"]
    assert "10.0.0.5 => 203.0.113.7,include_local_address" in text
    assert "ice_host_candidates" not in render(settings, Place())["rtp.conf"]


def test_a_line_is_kept_on_everybody_whom_nobody_took(settings):
    text = render(settings, Place())["extensions.conf"]
    assert "FILE(${ASTSPOOLDIR}/recording/unattended-${DAY}.wav,,,al,u)" in text
    for who in ("switch", "caller", "answered"):
        assert text.count(f"Gosub(hotline-unattended,s,1({who},") == 1
