"""Recordings under way: start, pause, stop, and the finished file told to the hotline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from hotline.telephony.simulator.model import Call, Leg, Tape
from hotline.telephony.simulator.pace import Pace
from hotline.telephony.simulator.recording import write_recording

log = structlog.get_logger(__name__)


class Tapes:
    """One tape per call at a time. `report(leg, type, **facts)` becomes an event."""

    def __init__(self, folder: Path, pace: Pace, report: Callable[..., None]) -> None:
        self._folder = folder
        self._pace = pace
        self._report = report
        self._writing: set[asyncio.Task[None]] = set()
        self._made = 0

    def start(self, call: Call) -> None:
        """Begin, or go on after a pause."""
        if call.tape is None:
            self._made += 1
            call.tape = Tape(f"{call.id}-{self._made}")
            self._report(call.first_leg, "recording.started")
        if call.tape.running_since is None:
            call.tape.running_since = self._pace.mark()

    def pause(self, call: Call) -> None:
        tape = call.tape
        if tape is not None and tape.running_since is not None:
            tape.taken += self._pace.elapsed(tape.running_since)
            tape.running_since = None

    def stop(self, call: Call) -> None:
        """Finish the file, if there is one, and report it."""
        self.pause(call)
        tape, call.tape = call.tape, None
        if tape is not None:
            self._write(tape, call.first_leg)

    def message(self, leg: Leg, prompt: str, seconds: float) -> None:
        """What one citizen said for us to hear later."""
        self._made += 1
        self._write(Tape(f"{leg.call.id}-m{self._made}", seconds), leg, prompt=prompt)

    async def finished(self) -> None:
        """Wait until every file is written."""
        await asyncio.gather(*self._writing, return_exceptions=True)

    def _write(self, tape: Tape, leg: Leg, **facts: str) -> None:
        writing = asyncio.create_task(self._finish(tape, leg, facts))
        self._writing.add(writing)
        writing.add_done_callback(self._writing.discard)

    async def _finish(self, tape: Tape, leg: Leg, facts: dict[str, str]) -> None:
        try:
            made = await asyncio.to_thread(write_recording, self._folder, tape.name, tape.taken)
        except OSError as error:
            log.error("recording_lost", name=tape.name, error=str(error))
            return
        told = {"url": made.path.as_uri(), "seconds": round(made.seconds, 1), "sha256": made.sha256}
        self._report(leg, "recording.ready", **told, **facts)
