"""What a leg is played, one thing after the other, and the keys pressed meanwhile."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog

from hotline.telephony.asterisk.ari import Ari, Away, Refused

log = structlog.get_logger(__name__)

BETWEEN_KEYS = 4.0  # seconds after which a number half typed is taken as it is
KEYS_KEPT = 64  # a telephone that floods us with keys fills no memory
LONGEST_PROMPT = 300.0
SILENCE_ENDS_A_MESSAGE = 8


@dataclass(frozen=True)
class Heard:
    """`sound`: Asterisk's media URI, None if there is nothing to play. With `keys` > 0 so many keys are waited for,
    `timeout` seconds after the end of the sound; `finish` ends them early."""

    prompt: str
    sound: str | None
    keys: int = 0
    timeout: float = 0.0
    finish: str = ""


@dataclass(frozen=True)
class Spoken:
    """What the leg itself says is recorded under `name`, for `longest` seconds at most; `finish` ends it early."""

    name: str
    longest: int
    finish: str = ""


async def _nothing() -> None:
    return None


class Media:
    """Plays to one channel. `report(type, **facts)` becomes an event of its leg; `at_rest()` is done when all has been
    heard: who waits gets their music back."""

    def __init__(
        self,
        ari: Ari,
        channel: str,
        report: Callable[..., None],
        at_rest: Callable[[], Awaitable[None]] = _nothing,
    ) -> None:
        self._ari = ari
        self._channel = channel
        self._report = report
        self._at_rest = at_rest
        self._next: deque[Heard | Spoken] = deque()
        self._asks = False
        self._keys: asyncio.Queue[str] = asyncio.Queue(KEYS_KEPT)
        self._player: asyncio.Task[None] | None = None
        self._playing: dict[str, asyncio.Event] = {}
        self._played = 0
        self.dropped = 0

    @property
    def player(self) -> asyncio.Task[None] | None:
        """What is playing."""
        return self._player

    def add(self, heard: Heard | Spoken) -> None:
        """To be heard after what is already waiting to be heard."""
        self._next.append(heard)
        if self._player is None or self._player.done():
            self._player = asyncio.create_task(self._play(), name=f"media {self._channel}")

    def silence(self) -> None:
        """Stop at once and forget the rest: the leg is put through, or gone."""
        self._next.clear()
        if self._player is not None and self._player is not asyncio.current_task():
            self._player.cancel()
        self._player = None

    def key(self, digit: str, *, kept: bool = True) -> None:
        """A key was pressed. While nobody waits for keys it is kept for who asks next, or not: in a talk or to the
        music nobody has been asked anything, and what was pressed there is no answer to a later question."""
        if not kept and not self._asks:
            return
        if self._keys.full():
            self.dropped += 1
        else:
            self._keys.put_nowait(digit)

    def finished(self, playback: str) -> None:
        """Asterisk has played it to its end, or was told to stop."""
        if (ended := self._playing.get(playback)) is not None:
            ended.set()

    async def _play(self) -> None:
        while self._next:
            heard = self._next.popleft()
            playback = None
            if isinstance(heard, Spoken):
                await self._record(heard)
                continue
            try:
                self._asks = bool(heard.keys)
                playback = await self._start(heard)
                if heard.keys:
                    self._report("digits", value=await self._gather(heard, playback), prompt=heard.prompt)
                else:
                    await self._end_of(playback)
                    self._report("prompt.done", prompt=heard.prompt)
            finally:
                self._asks = False
                if playback is not None:
                    await self._stop(playback)
        await self._at_rest()

    async def _record(self, spoken: Spoken) -> None:
        """Until it is finished, which the switch tells by itself.

        Without Asterisk's beep: where its sounds are not installed it would end the recording and the call.
        """
        self._playing[spoken.name] = asyncio.Event()
        try:
            await self._ari.post(
                f"/channels/{self._channel}/record",
                name=spoken.name,
                format="wav",
                maxDurationSeconds=spoken.longest,
                maxSilenceSeconds=SILENCE_ENDS_A_MESSAGE,
                beep="false",
                terminateOn=spoken.finish or "none",
                ifExists="fail",
            )
            await asyncio.wait_for(self._playing[spoken.name].wait(), spoken.longest + 30)
        except (Refused, Away, TimeoutError) as error:
            log.warning("message_not_recorded", name=spoken.name, error=str(error))
        finally:
            self._playing.pop(spoken.name, None)

    async def _start(self, heard: Heard) -> str | None:
        """The playback's id; None if nothing is to be heard."""
        if heard.sound is None:
            return None
        self._played += 1
        playback = f"{self._channel}.p{self._played}"
        self._playing[playback] = asyncio.Event()
        try:
            await self._ari.post(f"/channels/{self._channel}/play/{playback}", media=heard.sound)
        except (Refused, Away) as error:
            log.warning("prompt_not_played", prompt=heard.prompt, error=str(error))
            self._playing.pop(playback, None)
            return None
        return playback

    async def _gather(self, heard: Heard, playback: str | None) -> str:
        """The keys; the first one cuts the prompt short."""
        waiting = asyncio.create_task(self._keys.get())
        try:
            ended = asyncio.create_task(self._end_of(playback))
            await asyncio.wait({waiting, ended}, return_when=asyncio.FIRST_COMPLETED)
            ended.cancel()
            if not waiting.done():
                await asyncio.wait({waiting}, timeout=heard.timeout)
            if not waiting.done():
                return ""
            key, keys = waiting.result(), ""
        finally:
            waiting.cancel()
        if playback is not None:
            await self._stop(playback)
        while key != heard.finish:
            keys += key
            if len(keys) >= heard.keys:
                break
            try:
                key = await asyncio.wait_for(self._keys.get(), BETWEEN_KEYS)
            except TimeoutError:
                break
        return keys

    async def _end_of(self, playback: str | None) -> None:
        if playback is not None:
            try:
                await asyncio.wait_for(self._playing[playback].wait(), LONGEST_PROMPT)
            except TimeoutError:
                log.warning("prompt_without_end", playback=playback)

    async def _stop(self, playback: str) -> None:
        ended = self._playing.pop(playback, None)
        if ended is not None and not ended.is_set():
            try:
                await self._ari.delete(f"/playbacks/{playback}")
            except (Refused, Away) as error:
                log.info("prompt_not_stopped", playback=playback, error=str(error))
