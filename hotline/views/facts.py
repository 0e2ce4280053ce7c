"""The facts of a rung in the reader's words. What no words are known for is shown as it was told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from hotline.words import ListenMode

HIDDEN = ("url", "sha256", "language", "sound", "call", "role", "agent_id")
"""Told to machines; the recording has a card of its own on the page, and the rung of the ring names the colleague."""
NAMES: Mapping[str, Any] = {
    "action": "",
    "as": _l("Number shown"),
    "by": _l("Hung up by"),
    "cause": _lp("ladder", "Cause"),
    "finish": _l("Ends with"),
    "from": _lp("ladder", "From"),
    "max": _l("Keys at most"),
    "mode": _l("Way"),
    "music": _l("Music"),
    "number": _lp("ladder", "Number"),
    "prefer_seat": _l("Seat wished for"),
    "prompt": _l("Prompt"),
    "reason": _lp("ladder", "Cause"),
    "seat": _l("Seat"),
    "seconds": _l("Lasts"),
    "text": "",
    "timeout": _l("At most"),
    "to": _lp("ladder", "To"),
    "value": _l("Keys"),
    "waited": _l("Waited"),
}
SECONDS = ("seconds", "timeout", "waited")
CAUSES = {
    "busy": _l("busy"),
    "call_over": _l("the call is over"),
    "connected": _l("somebody answered"),
    "ended": _l("the call is over"),
    "removed": _l("taken out of the queue"),
    "fallback": _l("sent to the fallback number"),
    "gone": _l("the telephone fell silent"),
    "lost": _l("the switch lost it"),
    "no_answer": _l("nobody picked up"),
    "normal": _l("hung up"),
    "pause_kept": _l("the pause was kept on"),
    "pause_over": _l("the pause had lasted its time"),
    "rejected": _l("refused"),
    "shutdown": _l("the switch was stopped"),
    "transferred": _l("transferred"),
    "not_theirs": _l("the citizen went to somebody whom the lead does not lead"),
    "unreachable": _l("not reachable"),
}
VALUES: Mapping[str, Mapping[str, Any]] = {
    "action": {
        "start": _lp("ladder", "begins"),
        "pause": _lp("ladder", "pauses"),
        "stop": _lp("ladder", "ends"),
    },
    "by": {
        "agent": _l("agent"),
        "caller": _l("caller"),
        "hotline": _l("hotline"),
        "switch": _l("switch"),
    },
    "cause": CAUSES,
    "reason": CAUSES,
    "mode": {mode.value: mode._label for mode in ListenMode},
    "music": {"default": _l("the usual one")},
}


def facts_in_words(body: Mapping[str, Any]) -> str:
    """`Keys: 1 · At most: 20 s`, in the order of the names."""
    return " · ".join(
        _one(name, value)
        for name, value in sorted(body.items())
        if name not in HIDDEN and value not in (None, "")
    )


def _one(name: str, value: Any) -> str:
    said = VALUES.get(name, {}).get(str(value), value)
    if name in SECONDS:
        said = _("%(n)s s", n=f"{float(value):g}")
    elif name == "text":
        return f"“{value}”"
    elif name == "prompt":
        said = str(value).partition("~")[0]  # what follows counts the questions of a flow
    label = str(NAMES.get(name, name))
    return _("%(name)s: %(value)s", name=label, value=said) if label else str(said)
