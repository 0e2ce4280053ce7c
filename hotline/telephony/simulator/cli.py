"""`./manage simulate`: citizens call, simulated agents answer, over the same webhook as any switch.

What the command needs is loaded by it: web and worker know the command too, and have no use for it.
"""

from __future__ import annotations

import asyncio
import re
import signal
from typing import TYPE_CHECKING, Any

import click
from flask import Flask

from config.settings import Settings

if TYPE_CHECKING:
    from hotline.telephony.simulator.simulation import Simulation

_UNITS = {"": 1, "s": 1, "m": 60, "h": 3600}


class Rate(click.ParamType):
    """`30` or `30/min`, `2/s`, `900/h`: calls a minute."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, int | float):
            return float(value)
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(?:/(s|min|h))?", value.strip())
        if match is None:
            self.fail(f"{value!r} is not a rate like 30/min", param, ctx)
        return float(match[1]) * {"s": 60.0, "h": 1 / 60}.get(match[2], 1.0)


class Duration(click.ParamType):
    """`90`, `90s`, `5m` or `1h`: seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        match = re.fullmatch(r"(\d+(?:\.\d+)?)(s|m|h)?", str(value).strip())
        if match is None:
            self.fail(f"{value!r} is not a duration like 5m", param, ctx)
        return float(match[1]) * _UNITS[match[2] or ""]


def register_cli(app: Flask) -> None:
    """Add `simulate` to the app's commands."""

    @app.cli.command("simulate")
    @click.option(
        "--rate", type=Rate(), default=4.0, show_default=True, help="Calls a minute; 0: only on request."
    )
    @click.option(
        "--agents", type=click.IntRange(0, 2000), default=6, show_default=True, help="Simulated agents."
    )
    @click.option(
        "--speed",
        type=click.FloatRange(0.1, 1000),
        default=1.0,
        show_default=True,
        help="How fast people live.",
    )
    @click.option("--seed", type=int, default=None, help="The same seed draws the same people.")
    @click.option(
        "--duration", type=Duration(), default=None, help="Stop after so long; default: when told to."
    )
    @click.option("--calls", type=click.IntRange(1), default=None, help="Stop after so many calls.")
    @click.option(
        "--chaos",
        type=click.FloatRange(0, 0.9),
        default=0.0,
        help="Share of events doubled, reordered, unanswered.",
    )
    @click.option("--follow-the-day", is_flag=True, help="Few calls at night, --rate in the peak hour.")
    @click.option("--address", default="", help="Where the hotline is; default: HOST:PORT of the settings.")
    def simulate(agents: int, address: str, **options: Any) -> None:
        """Play a city that calls the hotline, and agents who answer."""
        from hotline.telephony.simulator.people import AgentsOnShift
        from hotline.telephony.simulator.plan import Plan
        from hotline.telephony.simulator.simulation import Simulation

        settings: Settings = app.config["SETTINGS"]
        plan = Plan(
            address=address or f"http://{settings.host}:{settings.port}",
            secret=settings.telephony_secret,
            redis_url=settings.redis_url,
            recordings=settings.var_dir / "recordings" / "simulator",
            **options,
        )
        asyncio.run(_run(Simulation(plan, AgentsOnShift(app, agents, plan.speed))))


async def _run(simulation: Simulation) -> None:
    loop = asyncio.get_running_loop()
    for signum in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signum, simulation.stop)
    statistics = await simulation.run()
    click.echo(" ".join(f"{name}={value}" for name, value in statistics.line(0, 0).items()))
