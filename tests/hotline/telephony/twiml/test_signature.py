"""The carrier's signature, against the published vector and the carrier's own library."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator

from hotline.telephony.twiml.signature import sign, verify

URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
    "Caller": "+14158675309",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def listed(form: dict[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in form.items()}


def test_the_published_example_has_the_published_signature():
    assert sign("12345", URL, listed(FORM)) == SIGNATURE
    assert verify("12345", URL, listed(FORM), SIGNATURE)


@given(
    st.dictionaries(st.text(max_size=12), st.text(max_size=24), max_size=8), st.text(min_size=1, max_size=40)
)
def test_whatever_is_posted_the_carriers_library_signs_it_as_we_do(form, token):
    signed = RequestValidator(token).compute_signature(URL, form)
    assert sign(token, URL, listed(form)) == signed
    assert verify(token, URL, listed(form), signed)


@pytest.mark.parametrize(
    "url", ["https://a.example/x", "https://a.example:8443/x?y=1", "http://a.example:80/x"]
)
def test_with_or_without_its_port_the_address_is_the_same(url):
    validator = RequestValidator("t")
    for spelt in (url, url.replace(":8443", "").replace(":80/", "/")):
        assert verify("t", url, listed(FORM), validator.compute_signature(spelt, FORM))


@pytest.mark.parametrize(
    ("what", "how"),
    [
        ("nothing", {"header": None}),
        ("rubbish", {"header": "rubbish"}),
        ("not even ASCII", {"header": "签名"}),
        ("another token", {"token": "other"}),
        ("another address", {"url": URL + "&more=1"}),
        ("an altered field", {"form": {**FORM, "Digits": "1235"}}),
        ("a field more", {"form": {**FORM, "SpeechResult": "x"}}),
        ("a field less", {"form": {k: v for k, v in FORM.items() if k != "Digits"}}),
    ],
)
def test_everything_else_is_refused(what, how):
    asked = {"token": "12345", "url": URL, "form": FORM, "header": SIGNATURE} | how
    assert not verify(asked["token"], asked["url"], listed(asked["form"]), asked["header"])


def test_without_a_token_nobody_is_the_carrier():
    assert not verify("", URL, listed(FORM), sign("", URL, listed(FORM)))
