"""What a leg hears, one thing after the other, and the keys pressed meanwhile."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass

from hotline.telephony.simulator.model import Leg
from hotline.telephony.simulator.pace import Pace

PROMPT_SECONDS = 4.0
SECONDS_PER_CHARACTER = 0.22  # Mandarin, spoken calmly
SECONDS_PER_KEY = 0.35


@dataclass(frozen=True)
class Heard:
    """A prompt of so many seconds; with `keys` it also waits for up to so many keys, `timeout` after its end."""

    prompt: str
    seconds: float
    keys: int = 0
    timeout: float = 0.0


@dataclass(frozen=True)
class Spoken:
    """What the citizen says into the silence after a prompt, for `longest` seconds at most."""

    prompt: str
    longest: float


class Media:
    """Plays to one leg. `report(leg, type, **facts)` becomes an event; `keep(leg, prompt, seconds)` what was spoken."""

    def __init__(
        self,
        leg: Leg,
        pace: Pace,
        report: Callable[..., None],
        keep: Callable[[Leg, str, float], None] = lambda leg, prompt, seconds: None,
    ) -> None:
        self._leg = leg
        self._pace = pace
        self._report = report
        self._keep = keep
        self._next: deque[Heard | Spoken] = deque()
        self._asked: Counter[str] = Counter()
        self._player: asyncio.Task[None] | None = None

    @property
    def is_playing(self) -> bool:
        """Whether there is something to be heard."""
        return self._player is not None and not self._player.done()

    def add(self, heard: Heard | Spoken) -> None:
        """To be heard after what is already waiting to be heard."""
        self._next.append(heard)
        if self._player is None or self._player.done():
            self._player = asyncio.create_task(self._play(), name=f"media {self._leg.id}")

    def silence(self) -> None:
        """Stop at once and forget the rest: the leg is put through, or gone."""
        self._next.clear()
        if self._player is not None and self._player is not asyncio.current_task():
            self._player.cancel()
        self._player = None

    async def _play(self) -> None:
        while self._next and not self._leg.ended:
            heard = self._next.popleft()
            if isinstance(heard, Spoken):
                await self._listen(heard)
            elif heard.keys:
                await self._gather(heard)
            else:
                await self._pace.sleep(heard.seconds)
                self._report(self._leg, "prompt.done", prompt=heard.prompt)

    async def _listen(self, spoken: Spoken) -> None:
        """However it ends: what was said until then is kept."""
        began, citizen = self._pace.mark(), self._leg.citizen
        self._report(self._leg, "recording.started", prompt=spoken.prompt)
        try:
            await self._pace.sleep(min(spoken.longest, citizen.message if citizen else 0.0))
        finally:
            self._keep(self._leg, spoken.prompt, min(spoken.longest, self._pace.elapsed(began)))

    async def _gather(self, heard: Heard) -> None:
        citizen = self._leg.citizen
        place = heard.prompt.partition("~")[0]  # asked again, a question of a flow has another number
        keys = citizen.keys_at(place, heard.keys, self._asked[place]) if citizen else ""
        self._asked[place] += 1
        if citizen and keys:
            await self._pace.sleep(citizen.reaction + SECONDS_PER_KEY * len(keys))
        else:
            await self._pace.sleep(heard.seconds + heard.timeout)
        self._report(self._leg, "digits", value=keys, prompt=heard.prompt)
