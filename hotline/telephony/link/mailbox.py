"""What reaches a switch through Redis: commands in mid-call, and requests to ring somebody.

Redis may go away and come back; commands are pushed again until acknowledged, so nothing is lost by waiting.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import structlog
from pydantic import ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from hotline.telephony.contract import CommandMessage
from hotline.telephony.link.line import Line
from hotline.telephony.link.wire import Unreachable
from hotline.telephony.streams import commands_of, requests_of

log = structlog.get_logger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0


async def entries(
    client: Redis, stream: str, listens: asyncio.Event | None = None
) -> AsyncIterator[list[dict[str, str]]]:
    """What is added to `stream` from now on, in batches, through any outage of Redis. `listens` is set when "now" is:
    what was added before comes only when it is pushed again."""
    last, pause = b"$", FIRST_PAUSE
    while True:
        try:
            if last == b"$":  # pinned at once: between two reads nothing may slip through
                newest: Any = await client.xrevrange(stream, count=1)
                last = newest[0][0] if newest else b"0-0"
                if listens is not None:
                    listens.set()
            found: Any = await client.xread({stream: last}, count=100, block=2000)
        except (RedisError, OSError) as error:
            log.warning("redis_away", stream=stream, error=str(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
            continue
        pause = FIRST_PAUSE
        for _stream, batch in found or ():
            last = batch[-1][0]
            yield [{k.decode(): v.decode() for k, v in fields.items()} for _id, fields in batch]


async def take_commands(
    client: Redis,
    provider: str,
    obey: Callable[[list[CommandMessage]], None],
    line: Line,
    ready: asyncio.Event | None = None,
    listens: asyncio.Event | None = None,
) -> None:
    """Carry out mid-call commands and acknowledge them, none before `ready`: who does not know the calls yet would
    drop what is for them."""
    async for batch in entries(client, commands_of(provider), listens):
        if ready is not None:
            await ready.wait()
        commands = [command for fields in batch if (command := command_in(fields)) is not None]
        obey(commands)
        with contextlib.suppress(Unreachable):  # then it is pushed again, and obeying twice is harmless
            await line.acknowledge([command.id for command in commands])


async def take_requests(client: Redis, provider: str, act: Callable[[dict[str, str]], None]) -> None:
    """Hand on what the demonstration's pages ask for."""
    async for batch in entries(client, requests_of(provider)):
        for fields in batch:
            act(fields)


def command_in(fields: dict[str, str]) -> CommandMessage | None:
    """The command an entry carries; None, and a line in the log, if it carries none."""
    try:
        return CommandMessage.model_validate_json(fields["command"])
    except (KeyError, ValidationError) as error:
        log.error("command_not_understood", fields=sorted(fields), error=type(error).__name__)
        return None
