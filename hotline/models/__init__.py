"""Tables of calls, agents and queues, by aggregate."""

from hotline.models.agent import AgentPresence, AgentStateChange
from hotline.models.call import Call
from hotline.models.deed import CallDeed
from hotline.models.floor import AgentMessage, BreakAllowance
from hotline.models.ivr import IvrFlow, IvrNumber, IvrSound, IvrSwitch, IvrVersion
from hotline.models.kept_place import KeptPlace
from hotline.models.leg import CallLeg
from hotline.models.message import CallCommand, CallEvent
from hotline.models.missed import MissedCall
from hotline.models.number_rule import NumberRule
from hotline.models.quality import CallQuality
from hotline.models.queue import CallQueue, QueueEntry
from hotline.models.recording import Recording
from hotline.models.seat import AgentSkill, Seat, Skill
from hotline.models.trunk import Trunk
from hotline.models.voicemail import Voicemail

__all__ = [
    "AgentMessage",
    "AgentPresence",
    "AgentSkill",
    "AgentStateChange",
    "BreakAllowance",
    "Call",
    "CallCommand",
    "CallDeed",
    "CallEvent",
    "CallLeg",
    "CallQuality",
    "CallQueue",
    "IvrFlow",
    "IvrNumber",
    "IvrSound",
    "IvrSwitch",
    "IvrVersion",
    "KeptPlace",
    "MissedCall",
    "NumberRule",
    "QueueEntry",
    "Recording",
    "Seat",
    "Skill",
    "Trunk",
    "Voicemail",
]
