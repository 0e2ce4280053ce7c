"""A call as a picture: who was in it from when to when, who heard whom, and what happened at which moment.

Everybody is a line across time; its pieces say what that person heard. Drawn as SVG from numbers alone, so that it
needs no script, prints, and scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from config.words import Hue, Word
from hotline.models import Call, CallDeed, CallEvent, CallLeg
from hotline.words import Direction, LegRole, ListenMode

WIDTH = 100  # per cent


class Piece(Word):
    """What a stretch of somebody's line is."""

    WAITS = "waits", _l("hears prompts or music"), Hue.WAITING
    RINGS = "rings", _l("rings"), Hue.QUIET
    TALKS = "talks", _l("speaks and is heard"), Hue.RUNNING
    HELD = "held", _l("on hold, hears music"), Hue.WAITING
    LISTENS = "listens", _l("hears all, is not heard"), Hue.GOOD
    WHISPERS = "whispers", _l("hears all, only the agent hears them"), Hue.LATE


@dataclass(frozen=True)
class Stretch:
    """From and to in per cent of the picture's width."""

    piece: Piece
    start: float
    end: float
    title: str

    @property
    def width(self) -> float:
        return round(max(0.15, self.end - self.start), 2)


@dataclass(frozen=True)
class Mark:
    """Something that happened at one moment."""

    at: float
    title: str
    hue: Hue


@dataclass
class Line:
    name: str
    role: str
    stretches: list[Stretch] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)


@dataclass(frozen=True)
class Course:
    """`ticks`: (place, seconds since the beginning)."""

    lines: list[Line]
    ticks: list[tuple[float, float]]
    pieces: tuple[Piece, ...] = tuple(Piece)


def course(
    call: Call,
    legs: Sequence[CallLeg],
    deeds: Iterable[CallDeed],
    events: Sequence[CallEvent],
    names: dict[str, str],
    now: datetime,
) -> Course:
    """The picture; a call that goes on ends at `now`."""
    begin = min(filter(None, (call.arrived_at, call.first_heard_at)))
    last = max([at for at in (call.ended_at, *(leg.ended_at for leg in legs)) if at], default=now)
    end = now if call.ended_at is None else last
    scale = _Scale(begin, max((end - begin).total_seconds(), 1.0))
    known = [leg for leg in legs if leg.role is not None]
    lines = {leg.key: Line(names[leg.key], leg.role.label if leg.role else "") for leg in known}
    citizen = next((leg for leg in known if leg.role is LegRole.CITIZEN), None)
    for leg in known:
        for piece, start, stop in _pieces(call, leg, citizen, known, end):
            label = f"{names[leg.key]}: {piece.label} ({(stop - start).total_seconds():.0f} s)"
            lines[leg.key].stretches.append(Stretch(piece, scale(start), scale(stop), label))
    for event in events:
        if event.type == "digits" and event.leg in lines:
            title = _("Keys pressed: %(keys)s", keys=event.body.get("value", ""))
            lines[event.leg].marks.append(Mark(scale(event.at), title, Hue.QUIET))
    for deed in deeds:
        own = next((leg for leg in known if leg.agent_id == deed.person_id), None)
        if own is not None:
            title = f"{deed.deed.label} {' '.join(str(v) for v in deed.detail.values())}".strip()
            lines[own.key].marks.append(Mark(scale(deed.at), title, deed.deed.hue))
    return Course(list(lines.values()), scale.ticks())


def _pieces(
    call: Call, leg: CallLeg, citizen: CallLeg | None, legs: Sequence[CallLeg], end: datetime
) -> Iterable[tuple[Piece, datetime, datetime]]:
    over = min(filter(None, (leg.ended_at, leg.given_up_at)), default=end)
    over = min(over, end)
    if leg is citizen:
        yield from _of_citizen(call, leg, legs, over)
        return
    begun = leg.rung_at or leg.ringing_at
    if begun is not None and begun < (until := min(leg.connected_at or leg.answered_at or over, over)):
        yield Piece.RINGS, begun, until
    if leg.connected_at is None or leg.connected_at >= over:
        return
    piece = Piece.TALKS
    if leg.role is LegRole.SUPERVISOR and leg.heard != ListenMode.BARGE:
        piece = Piece.WHISPERS if leg.heard == ListenMode.WHISPER else Piece.LISTENS
    yield piece, leg.connected_at, over


def _of_citizen(
    call: Call, leg: CallLeg, legs: Sequence[CallLeg], over: datetime
) -> Iterable[tuple[Piece, datetime, datetime]]:
    """Music and prompts until somebody is there; then talk, with the holds cut out of it."""
    met = [one.connected_at for one in legs if one is not leg and one.connected_at and not one.hears]
    begun = call.arrived_at or leg.rung_at or call.first_heard_at
    first = min(met, default=over)
    if begun < first:
        out = call.direction is Direction.OUT and leg.answered_at is None
        yield Piece.RINGS if out else Piece.WAITS, begun, min(first, over)
    at = first
    for held in sorted(leg.held_at):
        back = next((moment for moment in sorted(leg.resumed_at) if moment >= held), over)
        if held < at or held >= over:
            continue
        if at < held:
            yield Piece.TALKS, at, held
        yield Piece.HELD, held, min(back, over)
        at = min(back, over)
    if at < over and met:
        yield Piece.TALKS, at, over


@dataclass(frozen=True)
class _Scale:
    begin: datetime
    seconds: float

    def __call__(self, at: datetime) -> float:
        share = (at - self.begin).total_seconds() / self.seconds
        return round(max(0.0, min(1.0, share)) * WIDTH, 2)

    def ticks(self) -> list[tuple[float, float]]:
        """Some five of them, at round seconds."""
        step: float = next(
            (one for one in (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600) if self.seconds / one <= 6),
            7200,
        )
        count = int(self.seconds // step) + 1
        return [(round(n * step / self.seconds * WIDTH, 2), n * step) for n in range(count)]
