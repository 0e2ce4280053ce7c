"""What a switch tells us (events) and what we tell it (commands): the contract every provider speaks.

An event is a fact. It has an id of the switch's making; sent again, it is answered with the stored answer. A command
carries an id of ours, so that carrying it out twice is harmless. docs/telephony.md describes both for implementers.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")]
Number = Annotated[str, StringConstraints(max_length=32, pattern=r"^(\+?[0-9*#]{1,31}|anonymous)?$")]
Digits = Annotated[str, StringConstraints(max_length=32, pattern=r"^[0-9*#]*$")]
Short = Annotated[str, StringConstraints(max_length=64, pattern=r"^[^\x00-\x1f]*$")]
Contact = Annotated[str, StringConstraints(max_length=128, pattern=r"^[^\x00-\x1f]*$")]
Long = Annotated[str, StringConstraints(max_length=1000, pattern=r"^[^\x00]*$")]


class EventType(StrEnum):
    """What can have happened."""

    CALL_INCOMING = "call.incoming"
    CALL_ADOPTED = "call.adopted"
    LEG_RINGING = "leg.ringing"
    LEG_ANSWERED = "leg.answered"
    LEG_HELD = "leg.held"
    LEG_RESUMED = "leg.resumed"
    LEG_ENDED = "leg.ended"
    DIGITS = "digits"
    PROMPT_DONE = "prompt.done"
    QUEUE_JOINED = "queue.joined"
    QUEUE_LEFT = "queue.left"
    BRIDGE_JOINED = "bridge.joined"
    BRIDGE_LEFT = "bridge.left"
    TRANSFER_REQUESTED = "transfer.requested"
    RECORDING_STARTED = "recording.started"
    RECORDING_READY = "recording.ready"
    SEAT_ONLINE = "seat.online"
    SEAT_OFFLINE = "seat.offline"
    TRUNK_ONLINE = "trunk.online"
    TRUNK_OFFLINE = "trunk.offline"
    LISTEN_STARTED = "listen.started"
    LISTEN_ENDED = "listen.ended"
    FALLBACK_ANSWERED = "fallback.answered"


class CommandType(StrEnum):
    """What a switch can be asked to do."""

    ANSWER = "answer"
    PLAY = "play"
    SAY = "say"
    GATHER = "gather"
    QUEUE = "queue"
    RING = "ring"
    CONNECT = "connect"
    HOLD = "hold"
    RESUME = "resume"
    ADD = "add"
    REMOVE = "remove"
    TRANSFER = "transfer"
    LISTEN = "listen"
    RECORD = "record"
    HANGUP = "hangup"


MOST_TOGETHER = 100
"""Events in one request."""
CITIZEN = "citizen"
OURS = frozenset({"agent", "colleague", "supervisor"})
"""Roles of a `ring`: a telephone of ours may stand anywhere; a number alone does not say that a citizen is called."""
FALLBACK = "fallback"
"""The cause of a `leg.ended`: the hotline could not be asked, so the switch sent the caller away by itself."""
SEAT_EVENTS = frozenset({EventType.SEAT_ONLINE, EventType.SEAT_OFFLINE})
TRUNK_EVENTS = frozenset({EventType.TRUNK_ONLINE, EventType.TRUNK_OFFLINE})
NEEDS: dict[EventType, tuple[str, ...]] = {
    EventType.CALL_INCOMING: ("leg",),
    EventType.CALL_ADOPTED: ("legs",),
    EventType.LEG_RINGING: ("leg",),
    EventType.LEG_ANSWERED: ("leg",),
    EventType.LEG_HELD: ("leg",),
    EventType.LEG_RESUMED: ("leg",),
    EventType.LEG_ENDED: ("leg", "cause"),
    EventType.DIGITS: ("value",),
    EventType.TRANSFER_REQUESTED: ("to",),
    EventType.RECORDING_READY: ("url", "seconds", "sha256"),
    EventType.SEAT_ONLINE: ("seat",),
    EventType.SEAT_OFFLINE: ("seat",),
    EventType.TRUNK_ONLINE: ("trunk",),
    EventType.TRUNK_OFFLINE: ("trunk",),
    EventType.LISTEN_STARTED: ("mode",),
    EventType.FALLBACK_ANSWERED: ("leg",),
}


class EventMessage(BaseModel):
    """One event. `at` is the switch's clock, `seq` counts within the call; neither need arrive in order.

    `call` and `leg` are the switch's own keys. `prefer_seat` on `call.incoming` asks that this seat be rung first.
    Unknown fields are ignored, so that a newer switch can talk to an older hotline.
    """

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: Key
    at: AwareDatetime
    seq: int = Field(0, ge=0, lt=2**31)
    provider: Key
    call: Key | None = None
    leg: Key | None = None
    legs: Annotated[list[Key], Field(max_length=100)] | None = None
    since: AwareDatetime | None = Field(None, description="so long the switch runs without a break")
    type: EventType

    from_: Number | None = Field(
        None, alias="from", description="Caller's number; empty or `anonymous` if withheld"
    )
    to: Number | None = None
    seat: Short | None = None
    trunk: Short | None = None
    prefer_seat: Short | None = None
    contact: Contact | None = Field(
        None, description="`name@host:port` under which that telephone registered"
    )
    cause: Short | None = None
    by: Short | None = None
    value: Digits | None = None
    prompt: Short | None = None
    reason: Short | None = None
    waited: float | None = Field(None, ge=0, description="seconds")
    url: Long | None = None
    seconds: float | None = Field(None, ge=0, lt=86_400)
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] | None = None
    mode: Short | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        wanted = NEEDS.get(self.type, ())
        if self.type not in SEAT_EVENTS | TRUNK_EVENTS:
            wanted = ("call", *wanted)
        missing = [name for name in wanted if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{self.type} needs {', '.join(missing)}")
        return self


class EventsMessage(BaseModel):
    """Several events in one request."""

    events: Annotated[list[EventMessage], Field(min_length=1, max_length=MOST_TOGETHER)]


class CommandMessage(BaseModel):
    """One command; only the fields its type uses are sent. `leg` in a `ring` names the leg to be made."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    id: Key
    call: Key
    type: CommandType

    leg: Key | None = None
    legs: list[Key] | None = None
    seat: Short | None = None
    number: Number | None = None
    role: Short | None = Field(
        None, description="whose telephone is rung: citizen, agent, colleague, supervisor, outside"
    )
    as_: Number | None = Field(None, alias="as", description="Number shown to who is rung")
    timeout: float | None = Field(None, ge=0, description="seconds")
    prompt: Short | None = None
    sound: Short | None = Field(None, description="name of a recorded prompt, heard instead of `text`")
    text: Long | None = None
    language: Short | None = None
    max: int | None = Field(None, ge=1, le=32)
    finish: Short | None = None
    music: Short | None = None
    to: Number | None = None
    target: Key | None = None
    by: Key | None = None
    mode: Short | None = None
    action: Short | None = Field(None, description="record: start, pause or stop")
    reason: Short | None = None

    def wire(self) -> dict[str, Any]:
        """The JSON object sent to the switch."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


class AnswerMessage(BaseModel):
    """What an event is answered with."""

    commands: list[CommandMessage] = []
