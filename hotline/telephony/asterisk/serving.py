"""Being the agent, until told to leave."""

from __future__ import annotations

import asyncio

from config.settings import Settings
from hotline.telephony.asterisk.agent import Agent, Where
from hotline.telephony.link.serving import until_told


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
    asyncio.run(until_told(Agent(where)))
