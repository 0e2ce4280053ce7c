"""Being the agent, until told to leave."""

from __future__ import annotations

import asyncio
import signal

from config.settings import Settings
from hotline.telephony.asterisk.agent import Agent, Where


def serve(found: Settings, address: str = "") -> None:
    """`address`: where the hotline is; empty: where these settings have it."""
    where = Where(
        hotline=address or f"http://{found.host}:{found.port}",
        secret=found.telephony_secret,
        redis_url=found.redis_url,
        database_url=found.database_url,
        asterisk=found.asterisk_url,
        user=found.asterisk_user,
        password=found.asterisk_password,
        trunk=found.asterisk_trunk,
        prompts=found.prompts_dir or found.var_dir / "prompts",
        patience=found.switch_patience,
    )
    asyncio.run(_run(Agent(where)))


async def _run(agent: Agent) -> None:
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, agent.stop)
    await agent.run()
