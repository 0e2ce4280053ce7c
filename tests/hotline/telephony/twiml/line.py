"""A telephone at the carrier: it executes its document verb by verb, and can be interrupted at any moment."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin
from xml.etree import ElementTree

if TYPE_CHECKING:
    from tests.hotline.telephony.twiml.carrier import Carrier

PROMPT_SECONDS = 0.4


class Redirected(Exception):
    """It is to go on with another document."""


class PutDown(Exception):
    """It is over."""


@dataclass
class Person:
    """Somebody in a conference."""

    starts: bool
    muted: bool
    coaches: Line | None
    held: bool = False


@dataclass(eq=False)
class Room:
    """A conference: silent until somebody enters who starts it."""

    carrier: Carrier
    name: str
    sid: str
    news: str
    people: dict[Line, Person] = field(default_factory=dict)
    started: bool = False
    sequence: int = 0

    def tell(self, event: str, line: Line | None = None) -> None:
        self.sequence += 1
        facts = {"ConferenceSid": self.sid, "FriendlyName": self.name, "StatusCallbackEvent": event}
        facts |= {"CallSid": line.sid} if line is not None else {}
        self.carrier.tell(self.news, {**facts, "SequenceNumber": str(self.sequence)})

    def heard_by(self, listener: Line) -> set[str]:
        mine = self.people[listener]
        if not self.started or mine.held:
            return {"music"}
        return {
            line.person
            for line, person in self.people.items()
            if line is not listener
            and not (person.held or person.muted)
            and person.coaches in (None, listener)
        }


class Line(threading.Thread):
    """`status` as the carrier calls it. `person` is who speaks: a seat's number, or a citizen's."""

    def __init__(self, carrier: Carrier, sid: str, from_: str, to: str, *, inbound: bool) -> None:
        super().__init__(daemon=True, name=f"line {sid[-4:]}")
        self.carrier, self.sid, self.from_, self.to, self.inbound = carrier, sid, from_, to, inbound
        self.status = "ringing"
        self.url = self.status_url = ""
        self.status_events: set[str] = set()
        self.ring_timeout = 20.0
        self.recording: str | None = None
        self.room: Room | None = None
        self.documents: list[str] = []
        self._plays = ""
        self._keys: deque[str] = deque()
        self._interrupt: Exception | None = None
        self._picked_up = False
        self._began = 0

    def __str__(self) -> str:
        return f"{self.person} {self.sid[-4:]} {self.status} in {self.room and self.room.name}"

    @property
    def person(self) -> str:
        """`sip:1001@…` and `client:1001` are seat 1001."""
        other = self.from_ if self.inbound else self.to
        return other.partition("@")[0].rpartition(":")[2]

    @property
    def is_over(self) -> bool:
        return self.status not in ("ringing", "in-progress")

    def hears(self) -> set[str]:
        if self.room is not None and self in self.room.people:
            return self.room.heard_by(self)
        return {self._plays} if self._plays else set()

    # -- what people do

    def pick_up(self) -> None:
        with self.carrier.changed:
            self._picked_up = True
            self.carrier.changed.notify_all()

    def press(self, keys: str) -> None:
        with self.carrier.changed:
            self._keys.extend(keys)
            self.carrier.changed.notify_all()

    def hang_up(self) -> None:
        self.put_down("completed" if self.status == "in-progress" or self.inbound else "busy")

    # -- what the carrier does

    def put_down(self, status: str) -> None:
        self._interrupted(PutDown(status))

    def redirect(self, url: str) -> None:
        self._interrupted(Redirected(url))

    def _interrupted(self, how: Exception) -> None:
        with self.carrier.changed:
            if not isinstance(self._interrupt, PutDown):
                self._interrupt = how
            self.carrier.changed.notify_all()

    def run(self) -> None:
        try:
            if not self.inbound:
                self._ring()
            self._execute(self._fetch(self.url))
        except PutDown as end:
            self._over(str(end))
        except Exception:
            self._over("failed")
            raise

    def _ring(self) -> None:
        self._tell("ringing")
        with self.carrier.changed:
            done = self.carrier.changed.wait_for(
                lambda: self._picked_up or self._interrupt, self.ring_timeout
            )
            self._raise()
            if not done:
                raise PutDown("no-answer")
            self.status = "in-progress"
            self.carrier.changed.notify_all()

    def _execute(self, document: str) -> None:
        while True:
            try:
                for verb in ElementTree.fromstring(document):
                    if (following := getattr(self, f"_{verb.tag.lower()}")(verb)) is not None:
                        document = following
                        break
                else:
                    raise PutDown("completed")
            except Redirected as elsewhere:
                document = self._fetch(str(elsewhere))

    def _fetch(self, url: str, **facts: str) -> str:
        document = self.carrier.fetch(url, {**self._facts(), **facts})
        with self.carrier.changed:
            self.documents.append(document)
        return document

    def _facts(self) -> dict[str, str]:
        direction = "inbound" if self.inbound else "outbound-api"
        about = {"AccountSid": "AC" + "0" * 32, "ApiVersion": "2010-04-01", "CallSid": self.sid}
        return {**about, "From": self.from_, "To": self.to, "CallStatus": self.status, "Direction": direction}

    def _tell(self, status: str) -> None:
        name = "completed" if self.is_over else status
        if name in self.status_events:
            self._began += 1
            self.carrier.tell(self.status_url, {**self._facts(), "SequenceNumber": str(self._began)})

    def _over(self, status: str) -> None:
        with self.carrier.changed:
            self.status, self._plays = status, ""
            self.carrier.finish_recording(self)
            self._leave()
            self.carrier.changed.notify_all()
        self._tell(status)

    def _raise(self) -> None:
        if (how := self._interrupt) is not None:
            if isinstance(how, Redirected):
                self._interrupt = None
            raise how

    def _until(self, truth: Any, seconds: float) -> bool:
        with self.carrier.changed:
            self.carrier.changed.wait_for(lambda: self._interrupt or truth(), seconds)
            self._raise()
            return bool(truth())

    # -- verbs

    def _answered(self) -> None:
        with self.carrier.changed:
            self.status = "in-progress"
            self.carrier.changed.notify_all()

    def _say(self, verb: Any) -> None:
        self._answered()
        self._listen_to(verb)

    _play = _say

    def _listen_to(self, verb: Any, unless: Any = lambda: False) -> None:
        with self.carrier.changed:
            self._plays = "prompt"
            self.carrier.changed.notify_all()
        try:
            self._until(unless, PROMPT_SECONDS)
        finally:
            self._plays = ""

    def _pause(self, verb: Any) -> None:
        self._answered()
        self._until(lambda: False, float(verb.get("length", "1")))

    def _redirect(self, verb: Any) -> str:
        return self._fetch(urljoin(self.url, verb.text))

    def _gather(self, verb: Any) -> str | None:
        self._answered()
        for prompt in verb:
            self._listen_to(prompt, unless=lambda: self._keys)
        wanted, digits = int(verb.get("numDigits", "32")), ""
        while len(digits) < wanted and self._until(lambda: self._keys, float(verb.get("timeout", "5"))):
            key = self._keys.popleft()
            if key == verb.get("finishOnKey", "#"):
                break
            digits += key
        if not digits and verb.get("actionOnEmptyResult") != "true":
            return None
        return self._fetch(verb.get("action"), Digits=digits)

    def _reject(self, verb: Any) -> None:
        raise PutDown("busy")

    def _hangup(self, verb: Any) -> None:
        raise PutDown("completed")

    def _dial(self, verb: Any) -> str:
        self._answered()
        (conference,) = verb
        assert conference.tag == "Conference", "with a plain Dial nobody could listen in"
        self._enter(conference)
        try:
            self._until(lambda: False, 3600)
        except PutDown:
            with self.carrier.changed:
                self._leave()
            raise
        except Redirected:
            with self.carrier.changed:
                self._leave()
            raise
        return self._fetch(verb.get("action"))

    def _enter(self, conference: Any) -> None:
        carrier, name = self.carrier, conference.text
        with carrier.changed:
            room = carrier.rooms.get(name)
            if room is None or not room.people:
                room = carrier.rooms[name] = Room(
                    carrier, name, carrier.name("CF"), conference.get("statusCallback")
                )
            starts = conference.get("startConferenceOnEnter", "true") == "true"
            coached = carrier.lines.get(conference.get("coach", ""))
            room.people[self] = Person(starts, conference.get("muted") == "true", coached)
            self.room = room
            room.tell("participant-join", self)
            if starts and not room.started:
                room.started = True
                room.tell("conference-start")
            carrier.changed.notify_all()

    def _leave(self) -> None:
        if (room := self.room) is not None and self in room.people:
            del room.people[self]
            self.room = None
            room.tell("participant-leave", self)
            if not room.people:
                room.tell("conference-end")
                self.carrier.rooms.pop(room.name, None)
            self.carrier.changed.notify_all()
