"""What a switch may tell that nobody expects: it is counted, and the calls go on."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.telephony.asterisk.news import hear
from hotline.telephony.callers import number_of
from hotline.telephony.contract import EventMessage


class Switch:
    """Only what `hear` touches for channels nobody knows."""

    def __init__(self) -> None:
        from collections import Counter

        self.counts: Any = Counter()
        self.legs: dict[str, Any] = {}
        self.calls: dict[str, Any] = {}
        self.contacts: dict[str, str] = {}

    def start(self, doing: Any) -> None:
        doing.close()  # looking at the seat needs a switch


@pytest.mark.parametrize(
    "kind", ["ChannelDestroyed", "ChannelStateChange", "ChannelDtmfReceived", "Brandnew"]
)
def test_news_of_channels_nobody_knows_changes_nothing(kind: str) -> None:
    switch = Switch()
    hear(switch, {"type": kind, "channel": {"id": "x", "state": "Up"}, "digit": "1", "cause": 16})
    assert switch.counts[f"ari_{kind}"] == 1


def contact_of(uri: str, status: str) -> dict[str, Any]:
    return {
        "type": "ContactStatusChange",
        "endpoint": {"technology": "PJSIP", "resource": "1010"},
        "contact_info": {"uri": uri, "contact_status": status},
    }


@pytest.mark.parametrize("comes_first", [True, False])
def test_of_a_telephone_that_takes_anothers_place_the_newcomer_is_known(comes_first: bool) -> None:
    switch = Switch()
    hear(switch, contact_of("sip:a@10.0.0.7:5060;transport=ws", "NonQualified"))
    assert switch.contacts == {"1010": "a@10.0.0.7:5060"}
    news = [
        contact_of("sip:b@10.0.0.9:5060", "NonQualified"),
        contact_of("sip:a@10.0.0.7:5060;transport=ws", "Removed"),
    ]
    for event in news if comes_first else reversed(news):
        hear(switch, event)
    assert switch.contacts == {"1010": "b@10.0.0.9:5060"}
    hear(switch, contact_of("sip:b@10.0.0.9:5060", "Removed"))
    assert switch.contacts == {}


@given(st.text(max_size=40))
def test_whatever_the_network_calls_a_caller_the_contract_takes_it(text: str) -> None:
    found = number_of(text)
    EventMessage.model_validate(
        {"id": "e", "at": "2026-11-23T02:00:00Z", "provider": "asterisk", "call": "c", "leg": "l",
         "type": "call.incoming", "from": found}
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", None, "anonymous", "Unavailable", "<script>"])
def test_a_withheld_or_false_number_is_anonymous(text: str | None) -> None:
    assert number_of(text) == "anonymous"


def test_spaces_and_hyphens_do_not_hide_a_number() -> None:
    assert number_of("+86 139-1234-0042") == "+8613912340042"
