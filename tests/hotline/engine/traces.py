"""Whole calls as a switch tells them, and what each must come to: in this order, in any other, told twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.engine.snapshot import Snapshot, blank_call, blank_leg
from hotline.telephony.contract import EventMessage
from hotline.words import EndReason, LegRole

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CITIZEN, FIRST, SECOND = "c", "s1", "s2"


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@dataclass(frozen=True)
class Trace:
    """`told`: (second, type, leg, facts). `rung`: our own deeds, leg → the second we rang it.

    `expected` are columns of the call when all is told.
    """

    name: str
    told: list[tuple[float, str, str, dict[str, Any]]]
    rung: dict[str, float] = field(default_factory=dict)
    given_up: dict[str, float] = field(default_factory=dict)
    expected: dict[str, Any] = field(default_factory=dict)
    queued: bool = True

    def events(self) -> list[EventMessage]:
        return [
            EventMessage.model_validate(
                {
                    "id": f"e{n}",
                    "at": after(second),
                    "seq": n,
                    "provider": "p",
                    "call": "call",
                    "leg": leg,
                    "type": kind,
                    **facts,
                }
            )
            for n, (second, kind, leg, facts) in enumerate(self.told)
        ]

    def snapshot(self) -> Snapshot:
        """What we know by our own deeds, before the switch said anything."""
        call = blank_call("p", "call", "261123-100000-AAAAA", START)
        call.queue_id = 1 if self.queued else None
        call.asked_at = after(6) if self.queued else None  # the flow has led to a queue
        legs = {}
        for agent_id, (key, second) in enumerate(self.rung.items(), 1):
            leg = legs[key] = blank_leg(key)
            leg.role, leg.agent_id, leg.rung_at = LegRole.AGENT, agent_id, after(second)
            if key in self.given_up:
                leg.given_up_at = after(self.given_up[key])
        return Snapshot(call, legs)


BEGIN = [
    (0, "call.incoming", CITIZEN, {"from": "+8613912340042", "to": "12345"}),
    (1, "leg.answered", CITIZEN, {}),
    (6, "digits", CITIZEN, {"value": "1", "prompt": "welcome"}),
    (6, "queue.joined", CITIZEN, {}),
]
TALK = [
    *BEGIN,
    (7, "leg.ringing", FIRST, {}),
    (10, "leg.answered", FIRST, {}),
    (10, "queue.left", CITIZEN, {"reason": "connected", "waited": 4}),
    (10, "bridge.joined", CITIZEN, {}),
    (10, "bridge.joined", FIRST, {}),
    (10, "recording.started", CITIZEN, {}),
]
CALLER = {"cause": "normal", "by": "caller"}
AGENT = {"cause": "normal", "by": "agent"}
WE = {"cause": "normal", "by": "hotline"}
READY = {"url": "file:///r.wav", "seconds": 1.0, "sha256": "0" * 64}

TRACES = [
    Trace(
        "answered, the caller hangs up",
        [
            *TALK,
            (70, "leg.ended", CITIZEN, CALLER),
            (71, "leg.ended", FIRST, WE),
            (72, "recording.ready", CITIZEN, READY),
        ],
        rung={FIRST: 6},
        expected={
            "end_reason": EndReason.CALLER_HUNG_UP,
            "wait_seconds": 4,
            "talk_seconds": 60,
            "agent_id": 1,
        },
    ),
    Trace(
        "answered, the agent hangs up",
        [*TALK, (70, "leg.ended", FIRST, AGENT), (71, "leg.ended", CITIZEN, WE)],
        rung={FIRST: 6},
        expected={
            "end_reason": EndReason.AGENT_HUNG_UP,
            "wait_seconds": 4,
            "talk_seconds": 60,
            "agent_id": 1,
        },
    ),
    Trace(
        "held, resumed, held again until the end",
        [
            *TALK,
            (20, "leg.held", CITIZEN, {}),
            (35, "leg.resumed", CITIZEN, {}),
            (60, "leg.held", CITIZEN, {}),
            (70, "leg.ended", CITIZEN, CALLER),
            (71, "leg.ended", FIRST, WE),
        ],
        rung={FIRST: 6},
        expected={"end_reason": EndReason.CALLER_HUNG_UP, "hold_seconds": 25, "talk_seconds": 35},
    ),
    Trace(
        "abandoned in the welcome",
        [*BEGIN[:2], (3, "leg.ended", CITIZEN, CALLER)],
        queued=False,
        expected={"end_reason": EndReason.ENDED_IN_IVR, "wait_seconds": None, "talk_seconds": None},
    ),
    Trace(
        "abandoned in the queue",
        [*BEGIN, (40, "queue.left", CITIZEN, {"reason": "ended"}), (40, "leg.ended", CITIZEN, CALLER)],
        expected={"end_reason": EndReason.ABANDONED_IN_QUEUE, "wait_seconds": 34, "agent_id": None},
    ),
    Trace(
        "abandoned while it rings",
        [
            *BEGIN,
            (7, "leg.ringing", FIRST, {}),
            (12, "leg.ended", CITIZEN, CALLER),
            (13, "leg.ended", FIRST, WE),
        ],
        rung={FIRST: 6},
        expected={"end_reason": EndReason.ABANDONED_IN_RING, "wait_seconds": 6, "ring_seconds": 6},
    ),
    Trace(
        "nobody picks up, another agent does",
        [
            *BEGIN,
            (7, "leg.ringing", FIRST, {}),
            (22, "leg.ended", FIRST, {"cause": "no_answer", "by": "switch"}),
            (23, "leg.ringing", SECOND, {}),
            (25, "leg.answered", SECOND, {}),
            (85, "leg.ended", CITIZEN, CALLER),
            (86, "leg.ended", SECOND, WE),
        ],
        rung={FIRST: 6, SECOND: 22},
        expected={
            "end_reason": EndReason.CALLER_HUNG_UP,
            "agent_id": 2,
            "wait_seconds": 19,
            "talk_seconds": 60,
        },
    ),
    Trace(
        "picked up in the moment we gave up, another agent has the caller",
        [
            *BEGIN,
            (7, "leg.ringing", FIRST, {}),
            (22, "leg.answered", FIRST, {}),
            (23, "leg.ended", FIRST, WE),
            (25, "leg.answered", SECOND, {}),
            (85, "leg.ended", CITIZEN, CALLER),
            (86, "leg.ended", SECOND, WE),
        ],
        rung={FIRST: 6, SECOND: 21},
        given_up={FIRST: 21},
        expected={"end_reason": EndReason.CALLER_HUNG_UP, "agent_id": 2, "talk_seconds": 60},
    ),
    Trace(
        "the switch died in the talk",
        [
            *TALK,
            (50, "leg.ended", CITIZEN, {"cause": "lost", "by": "switch"}),
            (50, "leg.ended", FIRST, {"cause": "lost", "by": "switch"}),
        ],
        rung={FIRST: 6},
        expected={"end_reason": EndReason.FAILED, "talk_seconds": 40, "agent_id": 1},
    ),
    Trace(
        "told again as lost by a switch that was restarted; keys pressed in the talk",
        [
            *TALK,
            (30, "digits", CITIZEN, {"value": "5", "prompt": ""}),
            (70, "leg.ended", CITIZEN, CALLER),
            (71, "leg.ended", FIRST, WE),
            (300, "leg.ended", CITIZEN, {"cause": "lost", "by": "switch"}),
            (300, "leg.ended", FIRST, {"cause": "lost", "by": "switch"}),
        ],
        rung={FIRST: 6},
        expected={
            "end_reason": EndReason.CALLER_HUNG_UP,
            "wait_seconds": 4,
            "talk_seconds": 60,
            "asked_key": "",
        },
    ),
]
