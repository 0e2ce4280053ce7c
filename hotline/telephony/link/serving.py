"""Being the agent of a switch, until told to leave."""

from __future__ import annotations

import asyncio
import signal
from typing import Protocol


class Agent(Protocol):
    """Who carries a switch's events to the hotline and its commands back."""

    async def run(self) -> None: ...

    def stop(self) -> None:
        """Have `run` return when its work in hand is done."""


async def until_told(agent: Agent) -> None:
    """Run it; SIGINT and SIGTERM tell it to stop."""
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, agent.stop)
    await agent.run()
