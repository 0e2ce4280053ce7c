"""`./manage demo city` and `./manage demo history`."""

from __future__ import annotations

import os
import time
from datetime import datetime

import click
from flask.cli import AppGroup

from config.transaction import transaction
from console.demonstration.city.people import TEAMS

demo = AppGroup("demo", help="The demonstration city.")


@demo.command("city")
def city() -> None:
    """Found the city: departments, places, people, telephones, knowledge. Again: add what is missing."""
    from console.demonstration.city import CITY_NAME, found_city
    from console.demonstration.city.people import PASSWORD
    from console.demonstration.history.order import begin_after_history

    began = time.monotonic()
    with transaction():
        begin_after_history()
    made = ", ".join(f"{n} {what}" for what, n in found_city().items() if n)
    click.echo(f"{CITY_NAME}: {made or 'nothing was missing'} ({time.monotonic() - began:.1f} s)")
    click.echo(f"Everybody's password is {PASSWORD}; the sign-in page names the people.")


@demo.command("history")
@click.option(
    "--days",
    type=click.IntRange(1, 400),
    default=90,
    show_default=True,
    help="So many days, today's included.",
)
@click.option(
    "--cases", type=click.IntRange(1, 100_000), default=5000, show_default=True, help="Cases in all."
)
@click.option(
    "--processes",
    type=click.IntRange(1, TEAMS),
    default=min(2, os.cpu_count() or 1),
    show_default=True,
    help="Write so many days at once.",
)
def history(days: int, cases: int, processes: int) -> None:
    """Write the city's past, newest days first. Days that have a past already are left alone."""
    from console.demonstration.history import write_history

    write_history(days, cases, processes, say=click.echo)


@demo.command("history-part", hidden=True)
@click.option("--days", type=int, required=True)
@click.option("--cases", type=int, required=True)
@click.option("--now", type=click.DateTime(["%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%dT%H:%M:%S%z"]), required=True)
@click.option("--part", type=int, required=True)
@click.option("--parts", type=int, required=True)
def history_part(days: int, cases: int, now: datetime, part: int, parts: int) -> None:
    """One process's days; `history` starts these."""
    from console.demonstration.history.processes import part_of, write_part

    write_part(part_of(days, cases, now, part, parts), click.echo)
