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


@pytest.mark.parametrize(
    "kind", ["ChannelDestroyed", "ChannelStateChange", "ChannelDtmfReceived", "Brandnew"]
)
def test_news_of_channels_nobody_knows_changes_nothing(kind: str) -> None:
    switch = Switch()
    hear(switch, {"type": kind, "channel": {"id": "x", "state": "Up"}, "digit": "1", "cause": 16})
    assert switch.counts[f"ari_{kind}"] == 1


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
