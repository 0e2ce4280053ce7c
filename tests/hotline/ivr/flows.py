"""Flows of any shape, callers who press anything, and a world that is whatever a test says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from hypothesis import strategies as st

from hotline.ivr import document as doc
from hotline.ivr.document import PERSON, Flow, Prompt
from hotline.ivr.steps import Begin, End, Found, Heard, Keys, Played, Position, Rate, Wait, Waits
from hotline.ivr.walk import walk

NAMES = [f"n{number}" for number in range(6)]
MONDAY = datetime(2026, 11, 23, 10, 0)


@dataclass
class SomeWorld:
    """The world of a test."""

    at: datetime = MONDAY
    working: bool = True
    says: Prompt | None = None
    name: str = ""

    def now(self) -> datetime:
        return self.at

    def is_working_day(self) -> bool:
        return self.working

    def broadcast(self) -> Prompt | None:
        return self.says

    def department(self) -> str:
        return self.name


targets = st.sampled_from([*NAMES, PERSON, "", "nowhere"])
texts = st.builds(Prompt, text=st.sampled_from(["", "您好", "{department}"]))
spans = st.builds(
    doc.Span,
    days=st.frozensets(st.integers(0, 6), min_size=1),
    since=st.just(time(9)),
    until=st.just(time(17)),
)
tries = st.integers(1, 3)
nodes = st.one_of(
    st.builds(doc.Play, prompt=texts, next=targets),
    st.builds(
        doc.Menu,
        prompt=texts,
        choices=st.dictionaries(st.sampled_from("0123456789*#"), targets, max_size=4),
        silence=targets,
        tries=tries,
        otherwise=targets,
    ),
    st.builds(doc.Digits, prompt=texts, next=targets, tries=tries, otherwise=targets),
    st.builds(doc.Hours, spans=st.lists(spans, max_size=2).map(tuple), open=targets, closed=targets),
    st.builds(doc.Holiday, working_day=targets, day_off=targets),
    st.builds(doc.Broadcast, next=targets),
    st.builds(doc.Queue, queue=st.sampled_from(["", "enterprise"]), priority=st.integers(0, 9)),
    st.builds(doc.Transfer, prompt=texts, number=st.sampled_from(["", "110"]), otherwise=targets),
    st.builds(doc.Voicemail, prompt=texts, otherwise=targets),
    st.builds(doc.CaseProgress, next=targets, tries=tries, otherwise=targets),
    st.builds(doc.CallbackOffer, prompt=texts, next=targets),
    st.builds(doc.Survey, prompt=texts, next=targets),
    st.builds(doc.HangUp, prompt=texts),
)
flows = st.builds(Flow, start=targets, nodes=st.dictionaries(st.sampled_from(NAMES), nodes, max_size=6))
worlds = st.builds(
    SomeWorld,
    at=st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),
    working=st.booleans(),
    says=st.sampled_from([None, Prompt(text="停水通知")]),
    name=st.sampled_from(["", "水务局"]),
)
pressed = st.one_of(st.just(""), st.text("0123456789*#", min_size=1, max_size=32))


def answer_to(position: Position, keys: str, found: str | None) -> Heard:
    """What can be heard where a caller stands."""
    if position.waits is Waits.KEYS:
        return Keys(keys)
    return Played() if position.waits is Waits.PLAYED else Found(found)


def walked(flow: Flow, world: SomeWorld, draw) -> tuple[Position, list]:
    """From the beginning to the end, `draw()` → (keys, found) at every question. Everything that was done."""
    position, done = walk(flow, Position(), Begin(), world)
    for _ in range(200):
        if position.over:
            return position, done
        position, outputs = walk(flow, position, answer_to(position, *draw()), world)
        done += outputs
    raise AssertionError(f"still at {position}")


__all__ = ["End", "Rate", "SomeWorld", "Wait", "answer_to", "flows", "pressed", "walked", "worlds"]
