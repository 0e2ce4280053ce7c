"""The words of a call's life and of an agent's day (domain § 2)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word


class Direction(Word):
    """Who began the call."""

    IN = "in", _l("Incoming"), Hue.QUIET
    OUT = "out", _l("Outgoing"), Hue.QUIET


class CallState(Word):
    """Where a call is now. Derived from what is known of its legs, never set by hand."""

    ARRIVED = "arrived", _l("Arrived"), Hue.QUIET
    IVR = "ivr", _l("In the menu"), Hue.QUIET
    QUEUED = "queued", _l("Waiting"), Hue.WAITING
    RINGING = "ringing", _l("Ringing"), Hue.WAITING
    TALKING = "talking", _lp("call", "Talking"), Hue.RUNNING
    HELD = "held", _l("On hold"), Hue.WAITING
    SURVEY = "survey", _l("Rating the call"), Hue.QUIET
    VOICEMAIL = "voicemail", _lp("call", "Leaving a message"), Hue.QUIET
    ENDED = "ended", _l("Ended"), Hue.QUIET


class EndReason(Word):
    """Why a call is over."""

    CALLER_HUNG_UP = "caller_hung_up", _l("Caller hung up"), Hue.GOOD
    AGENT_HUNG_UP = "agent_hung_up", _l("Agent hung up"), Hue.GOOD
    ENDED_IN_IVR = "ended_in_ivr", _l("Ended in the menu"), Hue.QUIET
    PUT_THROUGH = "put_through", _l("Put through outside by the menu"), Hue.GOOD
    ABANDONED_IN_QUEUE = "abandoned_in_queue", _l("Abandoned in the queue"), Hue.LATE
    ABANDONED_IN_RING = "abandoned_in_ring", _l("Abandoned while ringing"), Hue.LATE
    OVERFLOWED = "overflowed", _l("Overflowed"), Hue.WAITING
    VOICEMAIL = "voicemail", _l("Voicemail"), Hue.QUIET
    CALLBACK_TAKEN = "callback_taken", _l("Callback taken"), Hue.QUIET
    BLOCKED = "blocked", _l("Blocked"), Hue.QUIET
    FAILED = "failed", _l("Failed"), Hue.LATE


ABANDONED_REASONS = (EndReason.ABANDONED_IN_QUEUE, EndReason.ABANDONED_IN_RING)
SHORT_ABANDON_SECONDS = 5
COMES_AGAIN_WITHIN = timedelta(minutes=30)
"""Who gets through by themselves within that time is owed no call (domain § 2, missed calls)."""


CALL_OVER = "call_over"
"""How a ring ends that a switch refuses, because to it the call is over."""
GONE = "gone"
"""Why a leg ended whose telephone fell silent in mid-call: nobody hung up."""


class LegRole(Word):
    """What somebody is in a call's room."""

    CITIZEN = "citizen", _l("Citizen"), Hue.QUIET
    AGENT = "agent", _l("Agent"), Hue.QUIET
    COLLEAGUE = "colleague", _l("Colleague"), Hue.QUIET
    DEPARTMENT = "department", _l("Department"), Hue.QUIET
    SUPERVISOR = "supervisor", _l("Supervisor"), Hue.QUIET
    OUTSIDE = "outside", _l("Outside"), Hue.QUIET


class Purpose(Word):
    """What somebody was rung for, other than a citizen's call: beside the agent, or the agent whose telephone fell
    silent."""

    CONSULT = "consult", _lp("leg", "Consulted"), Hue.RUNNING
    TRANSFER = "transfer", _lp("leg", "Transferred to"), Hue.WAITING
    LISTEN = "listen", _lp("leg", "Listens"), Hue.QUIET
    THROUGH = "through", _lp("leg", "Put through"), Hue.RUNNING
    RETURN = "return", _lp("leg", "Rung anew"), Hue.WAITING


class ListenMode(Word):
    """What a shift lead hears and who hears them."""

    MONITOR = "monitor", _lp("mode", "Listen"), Hue.QUIET
    WHISPER = "whisper", _lp("mode", "Whisper"), Hue.WAITING
    BARGE = "barge", _lp("mode", "Barge in"), Hue.RUNNING


class Deed(Word):
    """What somebody pressed in a call."""

    HOLD = "hold", _lp("deed", "Put on hold"), Hue.WAITING
    RESUME = "resume", _lp("deed", "Took off hold"), Hue.RUNNING
    HANG_UP = "hang_up", _lp("deed", "Hung up"), Hue.QUIET
    HELP = "help", _lp("deed", "Asked for help"), Hue.LATE
    HELP_TAKEN_BACK = "help_taken_back", _lp("deed", "Took the request for help back"), Hue.QUIET
    CONSULT = "consult", _lp("deed", "Consulted"), Hue.RUNNING
    TRANSFER = "transfer", _lp("deed", "Transferred"), Hue.WAITING
    EMERGENCY = "emergency", _lp("deed", "Called an emergency number into the call"), Hue.LATE
    TOGETHER = "together", _lp("deed", "Brought all together"), Hue.RUNNING
    HAND_OVER = "hand_over", _lp("deed", "Handed over"), Hue.RUNNING
    SEND_AWAY = "send_away", _lp("deed", "Went back to the citizen"), Hue.QUIET
    PAUSE_RECORDING = "pause_recording", _lp("deed", "Paused the recording"), Hue.WAITING
    RESUME_RECORDING = "resume_recording", _lp("deed", "Resumed the recording"), Hue.RUNNING
    MONITOR = "monitor", _lp("deed", "Listened"), Hue.QUIET
    WHISPER = "whisper", _lp("deed", "Whispered"), Hue.WAITING
    BARGE = "barge", _lp("deed", "Came into the call"), Hue.RUNNING
    TAKE_OVER = "take_over", _lp("deed", "Took the call over"), Hue.LATE


LISTENING_DEEDS = (Deed.MONITOR, Deed.WHISPER, Deed.BARGE)
MOVING_DEEDS = (Deed.TRANSFER, Deed.HAND_OVER, Deed.TAKE_OVER)
"""The citizen went to somebody else."""


class LegPhase(Word):
    """What the agent of a leg was last made: the leg's facts decide, the agent's state follows."""

    RESERVED = "reserved", _l("Reserved"), Hue.WAITING
    TALKING = "talking", _lp("agent", "Talking"), Hue.RUNNING
    RELEASED = "released", _lp("leg", "Released"), Hue.QUIET


class AgentState(Word):
    """What an agent is doing."""

    SIGNED_OUT = "signed_out", _l("Signed out"), Hue.QUIET
    IDLE = "idle", _l("Idle"), Hue.GOOD
    RESERVED = "reserved", _l("Ringing"), Hue.WAITING
    TALKING = "talking", _lp("agent", "Talking"), Hue.RUNNING
    WRAP_UP = "wrap_up", _l("Wrap-up"), Hue.WAITING
    NOT_READY = "not_ready", _l("Not ready"), Hue.LATE


ON_DUTY_STATES = tuple(state for state in AgentState if state is not AgentState.SIGNED_OUT)
IN_CALL_STATES = (AgentState.RESERVED, AgentState.TALKING)


class NotReadyReason(Word):
    """Why an agent takes no calls."""

    BREAK = "break", _l("Break"), Hue.QUIET
    MEAL = "meal", _l("Meal"), Hue.QUIET
    MEETING = "meeting", _l("Meeting"), Hue.QUIET
    COACHING = "coaching", _l("Coaching"), Hue.QUIET
    TRAINING = "training", _l("Training"), Hue.QUIET
    FORCED = "forced", _l("Set by the shift lead"), Hue.LATE
    NO_ANSWER = "no_answer", _l("Did not answer"), Hue.LATE
    NO_TELEPHONE = "no_telephone", _l("Telephone does not work"), Hue.LATE


CHOOSABLE_REASONS = tuple(
    reason
    for reason in NotReadyReason
    if reason not in (NotReadyReason.FORCED, NotReadyReason.NO_ANSWER, NotReadyReason.NO_TELEPHONE)
)


class QueueExit(Word):
    """How somebody left a queue."""

    ANSWERED = "answered", _l("Answered"), Hue.GOOD
    ABANDONED = "abandoned", _l("Abandoned"), Hue.LATE
    OVERFLOWED = "overflowed", _l("Overflowed"), Hue.WAITING
    CALLBACK = "callback", _l("Callback taken"), Hue.QUIET
    VOICEMAIL = "voicemail", _l("Voicemail"), Hue.QUIET
    FAILED = "failed", _l("Failed"), Hue.LATE


class OtherWay(Word):
    """What becomes of a caller whom a queue does not take, or takes in vain."""

    WAIT = "wait", _l("They wait all the same"), Hue.QUIET
    NEXT_QUEUE = "next_queue", _l("They wait in the next queue"), Hue.QUIET
    VOICEMAIL = "voicemail", _l("They leave a message"), Hue.QUIET
    TURN_AWAY = "turn_away", _l("They hear an announcement, then we hang up"), Hue.QUIET


class KeptPlaceState(Word):
    """What became of a caller who hung up and left us their place in the queue."""

    WAITING = "waiting", _lp("kept place", "Waits for their turn"), Hue.WAITING
    REACHED = "reached", _lp("kept place", "Called back"), Hue.GOOD
    CAME_THROUGH = "came_through", _lp("kept place", "Called again and got through"), Hue.GOOD
    NOT_REACHED = "not_reached", _lp("kept place", "Not reached"), Hue.LATE
    EXPIRED = "expired", _lp("kept place", "Not called in time"), Hue.LATE
    CLOSED = "closed", _lp("missed call", "Closed without a call"), Hue.QUIET


class VoicemailState(Word):
    """What became of a message."""

    OPEN = "open", _lp("voicemail", "To be dealt with"), Hue.WAITING
    DONE = "done", _lp("voicemail", "Dealt with"), Hue.GOOD


class NumberRuleKind(Word):
    """What a telephone number is known for."""

    BLOCKED = "blocked", _l("Blocked"), Hue.LATE
    PRIORITY = "priority", _l("Priority"), Hue.RUNNING


class MissedState(Word):
    """What became of a caller who gave up."""

    OPEN = "open", _lp("missed call", "To be called"), Hue.WAITING
    REACHED = "reached", _lp("missed call", "Reached"), Hue.GOOD
    CAME_THROUGH = "came_through", _lp("missed call", "Called again and got through"), Hue.GOOD
    NOT_REACHED = "not_reached", _lp("missed call", "Not reached three times"), Hue.LATE
    CLOSED = "closed", _lp("missed call", "Closed without a call"), Hue.QUIET


class MissedReason(Word):
    """Why a missed call is closed though nobody called back."""

    SPOKEN = "spoken", _lp("missed call", "Has been spoken to since"), Hue.GOOD
    NO_CONCERN = "no_concern", _lp("missed call", "Dialled by mistake, or nobody speaks"), Hue.QUIET
    NUISANCE = "nuisance", _lp("missed call", "Nuisance"), Hue.LATE
    OTHER = "other", _lp("missed call", "Something else, see the note"), Hue.QUIET


class RuleState(Word):
    """Where a rule for a number stands."""

    PROPOSED = "proposed", _lp("number rule", "Proposed"), Hue.WAITING
    IN_FORCE = "in_force", _lp("number rule", "In force"), Hue.LATE
    REFUSED = "refused", _lp("number rule", "Refused"), Hue.QUIET
    LIFTED = "lifted", _lp("number rule", "Lifted"), Hue.QUIET


class VoiceQuality(Word):
    """How a voice sounds to people, from the mean opinion score that loss, jitter and delay let expect."""

    GOOD = "good", _lp("voice", "Good"), Hue.GOOD
    FAIR = "fair", _lp("voice", "Fair"), Hue.WAITING
    POOR = "poor", _lp("voice", "Poor"), Hue.LATE


VOICE_GRADES = ((4.0, VoiceQuality.GOOD), (3.6, VoiceQuality.FAIR), (0.0, VoiceQuality.POOR))
"""From which score on (ITU-T G.107: above 4.03 users are satisfied, above 3.6 some are not)."""


def voice_quality(score: float) -> VoiceQuality:
    """The word for a mean opinion score."""
    return next(word for least, word in VOICE_GRADES if score >= least)


class TelephoneTrouble(Word):
    """Why the telephone in the browser does not work."""

    INSECURE = (
        "insecure",
        _l("The page is not opened over https, so the browser lends it no microphone."),
        Hue.LATE,
    )
    DENIED = "denied", _l("The browser may not use the microphone."), Hue.LATE
    NO_MICROPHONE = "no_microphone", _l("There is no microphone."), Hue.LATE
    IN_USE = "in_use", _l("Another program holds the microphone."), Hue.LATE
    UNPLUGGED = "unplugged", _l("The microphone was unplugged."), Hue.LATE
    NOT_REGISTERED = "not_registered", _l("The switch does not take this telephone."), Hue.LATE
    TAKEN = "taken", _l("Another telephone has registered as your seat: calls ring there."), Hue.LATE
