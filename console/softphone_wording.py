"""The words of the telephone in the browser, for its scripts."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import pgettext as _p

from hotline.words import TelephoneTrouble, VoiceQuality


def softphone_words() -> dict[str, Any]:
    """`trouble`: by kind, what is wrong, the same in two words, and what to do."""
    return {
        "telephone": _("Telephone in this browser"),
        "deskPhone": _("Desk phone"),
        "whichTelephone": _("Which telephone"),
        "starting": _p("softphone", "Connecting …"),
        "ready": _p("softphone", "Telephone ready"),
        "readyLong": _("Calls ring in this window."),
        "lost": _p("softphone", "Connecting again …"),
        "lostLong": _(
            "The line to the switch is interrupted. A talk goes on; new calls wait until it is back."
        ),
        "elsewhere": _p("softphone", "In another window"),
        "elsewhereLong": _("Your calls ring in another window or browser."),
        "useHere": _("Use it here"),
        "takenAway": _("Your telephone is in another window or browser now."),
        "takenHere": _("Your telephone is here now; the other browser is silent."),
        "seatTaken": _(
            "Another telephone has registered as seat %(number)s: calls ring there. "
            "If it is not yours, tell your shift lead.",
            number="{n}",
        ),
        "retry": _("Try again"),
        "mute": _p("softphone", "Mute"),
        "muted": _p("softphone", "Muted"),
        "unmuted": _p("softphone", "The microphone is on again"),
        "keypad": _p("softphone", "Keypad"),
        "keypadHint": _("Tones for the other side; type or press"),
        "voice": _p("softphone", "Voice: %(quality)s", quality="{q}"),
        "grades": {quality.value: str(quality.label) for quality in VoiceQuality},
        "figures": _(
            "Loss %(loss)s %% · jitter %(jitter)s ms · round trip %(trip)s ms · score %(score)s",
            loss="{loss}",
            jitter="{jitter}",
            trip="{trip}",
            score="{score}",
        ),
        "device": {
            "microphone": _("Microphone"),
            "speaker": _("Headset or loudspeaker"),
            "ring": _("Ringing sound on"),
        },
        "systemChoice": _("The system's choice"),
        "level": _("How loud the microphone is"),
        "noise": _("Take out background noise"),
        "test": _("Play a test tone"),
        "otherMicrophone": _("The microphone was unplugged; %(name)s is used now.", name="{n}"),
        "trouble": {
            trouble.value: [str(trouble.label), *_what_to_do()[trouble]] for trouble in TelephoneTrouble
        },
    }


def _what_to_do() -> dict[TelephoneTrouble, tuple[str, str]]:
    return {
        TelephoneTrouble.INSECURE: (
            _p("softphone", "No https"),
            _("Open the hotline with an address that begins with https."),
        ),
        TelephoneTrouble.DENIED: (
            _p("softphone", "Microphone blocked"),
            _("Press the lock beside the address, allow the microphone, then try again."),
        ),
        TelephoneTrouble.NO_MICROPHONE: (
            _p("softphone", "No microphone"),
            _("Plug in your headset. It is found by itself."),
        ),
        TelephoneTrouble.IN_USE: (
            _p("softphone", "Microphone in use"),
            _("Close the other program, or choose another microphone, then try again."),
        ),
        TelephoneTrouble.UNPLUGGED: (
            _p("softphone", "Microphone unplugged"),
            _("Plug it in again. It is found by itself."),
        ),
        TelephoneTrouble.NOT_REGISTERED: (
            _p("softphone", "No line"),
            _("Try again in a minute. If it stays so, tell your shift lead: the switch may be down."),
        ),
        TelephoneTrouble.TAKEN: (
            _p("softphone", "Telephone taken"),
            _(
                "Try again to take it back. If it happens again, tell your shift lead: the seat needs a new password."
            ),
        ),
    }
