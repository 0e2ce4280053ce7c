"""The words that the browser's scripts say, translated here, so that no script holds a sentence of its own."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from flask_babel import pgettext as _p

from config import clock
from console.softphone_wording import softphone_words
from hotline.services.recording_pause import warned_before
from hotline.services.targets import EMERGENCIES


def words() -> dict[str, Any]:
    """By name; `{n}` and the like are filled in by the scripts. Units come as [one, many] with a number to replace."""
    return {
        **_units(),
        "zone": clock.city_zone().key,
        "left": _("%(duration)s left", duration="{d}"),
        "over": _("%(duration)s over", duration="{d}"),
        "saved": _("saved %(time)s", time="{t}"),
        "saving": _("saving …"),
        "keptHere": _("kept in this browser; will be saved when the connection is back"),
        "restored": _("What you typed before is back."),
        "conflict": _("Somebody else saved this form in the meantime. Your text is kept in this browser."),
        "online": _p("connection", "live"),
        "offline": _("no connection"),
        "offlineFor": _(
            "No connection for %(duration)s. What you see may be old. Connecting again by itself …",
            duration="{d}",
        ),
        "backOnline": _("Connected again."),
        "failed": _("This did not reach the hotline. Nothing was changed; please try again."),
        "signedInAgain": _("Signed in again. Nothing you typed was lost."),
        "idleSoon": _("Nobody has been here for a while: you will be signed out in %(time)s.", time="{t}"),
        "stay": _("Stay signed in"),
        "newRows": [ngettext("%(num)s new", "%(num)s new", 1), ngettext("%(num)s new", "%(num)s new", 2)],
        "changed": _("Something has changed here."),
        "show": _("Show"),
        "close": _("Close"),
        "copied": _("copied"),
        "copy": _("Copy"),
        "nothingFound": _("Nothing found"),
        "noAnswerField": _("There is no answer to write on this case now."),
        "remove": _("Remove %(name)s", name="{n}"),
        "choose": _("Type to choose"),
        "exportReady": _("The table with %(n)s rows is ready.", n="{n}"),
        "fetch": _("Fetch it"),
        "keys": _keys(),
        "call": _call(),
        "softphone": softphone_words(),
        "floor": {
            "breakOver": _("%(name)s is over the time of the break", name="{n}"),
            "seatAside": _(
                "Seat %(seat)s (%(name)s) is set aside: three rings running could not be",
                seat="{s}",
                name="{n}",
            ),
        },
    }


def _units() -> dict[str, list[str]]:
    return {
        "day": [ngettext("%(num)s day", "%(num)s days", n) for n in (1, 2)],
        "hour": [ngettext("%(num)s hour", "%(num)s hours", n) for n in (1, 2)],
        "minute": [ngettext("%(num)s minute", "%(num)s minutes", n) for n in (1, 2)],
        "second": [ngettext("%(num)s second", "%(num)s seconds", n) for n in (1, 2)],
    }


def _keys() -> dict[str, str]:
    return {
        "?": _("Show these keys"),
        "/": _("Search"),
        "j / k": _("Next / previous row"),
        "Enter": _("Open the row"),
        "x": _("Choose the row"),
        "Esc": _("Close; leave the field"),
        "F2": _("Answer; register; finish wrap-up"),
        "F4": _("Hold / resume"),
        "F8": _("Presence"),
        "F9": _("Hang up"),
        "Shift F4": _("Consult or transfer"),
        "Shift F8": _("Mute the microphone"),
        "Shift F7": _("Pause the recording; keep it paused"),
        "Shift F9": _("Emergency numbers: 1 police, 2 fire, 3 ambulance, 4 traffic"),
        "Shift F2": _("Ask the shift lead for help"),
    }


def _call() -> dict[str, str]:
    return {
        "none": _("No call"),
        "ringing": _("Ringing"),
        "talking": _p("call bar", "Talking"),
        "held": _p("call bar", "On hold"),
        "wrapUp": _("Wrap-up"),
        "answer": _p("call bar", "Answer"),
        "hangup": _p("call bar", "Hang up"),
        "hold": _p("call bar", "Hold"),
        "resume": _p("call bar", "Resume"),
        "resumeWithGuest": _p("call bar", "First talk all together, or go back to the citizen"),
        "finish": _p("call bar", "Finish wrap-up"),
        "extend": _p("call bar", "More time"),
        "dialling": _p("call bar", "Dialling"),
        "register": _p("call bar", "Register"),
        "idle": _p("call bar", "Idle"),
        "signOn": _p("call bar", "Sign on to calls"),
        "signOff": _p("call bar", "Sign off from calls"),
        "notReady": _("Not ready"),
        "seat": _("Seat"),
        "incoming": _p("call bar", "Call from %(number)s", number="{n}"),
        "waited": _p("call bar", "waited %(duration)s", duration="{d}"),
        "waiting": _p("call bar", "%(n)s waiting", n="{n}"),
        "unreachable": _("The call bar is out of reach"),
        "takeTo": _p("call bar", "Consult or transfer"),
        "takeToField": _p("call bar", "Colleague, queue, department or number"),
        "consult": _p("call bar", "Consult"),
        "transfer": _p("call bar", "Transfer"),
        "together": _p("call bar", "All together"),
        "areTogether": _p("call bar", "Everybody hears everybody already"),
        "guestIsRung": _p("call bar", "Only when they have answered"),
        "handOver": _p("call bar", "Hand over"),
        "sendAway": _p("call bar", "Back to the citizen"),
        "emergency": _p("call bar", "Emergency"),
        "emergencyNow": _p("call bar", "Rung into the call at once"),
        "emergencyRung": _p(
            "call bar", "%(n)s is being called into the talk. “Back to the citizen” takes it back.", n="{n}"
        ),
        "emergencies": {number: str(name) for number, name in EMERGENCIES},
        "forward": _p("call bar", "Forward"),
        "forwardTo": _p("call bar", "Forward my calls to"),
        "forwarded": _p("call bar", "Forwarded to %(n)s: back to the seat", n="{n}"),
        "help": _p("call bar", "Help"),
        "helpAsked": _p("call bar", "Help is asked for"),
        "pauseRecording": _p("call bar", "Pause recording"),
        "recordingPaused": _p("call bar", "Recording paused"),
        "recordingGoesOn": _p(
            "call bar", "Press to record again; it goes on by itself when the time is over"
        ),
        "keepPaused": _p("call bar", "Keep paused"),
        "recordingResumes": _p(
            "call bar",
            "The recording goes on in %(n)s s. Shift F7 keeps it paused.",
            n=round(warned_before().total_seconds()),
        ),
        "recordingWarns": str(round(warned_before().total_seconds())),
        "recordingResumed": _p("call bar", "The pause was long: the talk is being recorded again."),
        "leave": _p("call bar", "Leave"),
        "monitor": _p("call bar", "Listen"),
        "whisper": _p("call bar", "Whisper"),
        "barge": _p("call bar", "Come in"),
        "takeOver": _p("call bar", "Take over"),
        "isRung": _p("call bar", "is being rung"),
        "isHere": _p("call bar", "is on the line"),
        "read": _p("call bar", "Read"),
        "askedBy": _p("call bar", "asked by %(name)s", name="{n}"),
        "asksForHelp": _p("call bar", "%(name)s asks for help", name="{n}"),
        "notRung": _p("call bar", "Your telephone could not be rung just now."),
        "setAside": _p(
            "call bar",
            "Your telephone could not be rung three times running. No calls come until you are ready again.",
        ),
        "listenOver": _p(
            "call bar",
            "Your listening to call %(number)s is over: it went to somebody whom you do not lead.",
            number="{n}",
        ),
        "elsewhere": _p("call bar", "Call at your telephone: %(number)s", number="{n}"),
        "withheld": _p("call bar", "number withheld"),
        "leaveTyping": _p(
            "call bar", "What you typed on this page is not saved. Leave it and register the call?"
        ),
        "nobodyFound": _p("call bar", "Nobody of that name is on duty, and it is no number."),
    }
