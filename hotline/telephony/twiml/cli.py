"""`./manage twiml …`: speak to the carrier, put seats on it, say what it must be told."""

from __future__ import annotations

import asyncio

import click
from flask import Flask
from flask.cli import AppGroup

from config.settings import Settings
from hotline.services import seats
from hotline.telephony.link.serving import until_told
from hotline.telephony.twiml import PROVIDER
from hotline.telephony.twiml.addresses import door


def register_cli(app: Flask) -> None:
    """Add `twiml` to the app's commands."""
    group = AppGroup("twiml", help="A carrier that speaks TwiML.")

    @group.command("run")
    def run() -> None:
        """Carry out what happens in mid-call; a second one stands by."""
        # Not above: web and worker know the command, and have no use for it.
        from hotline.telephony.twiml.agent import Agent

        _must_be_set(app.config["SETTINGS"])
        asyncio.run(until_told(Agent(app)))

    @group.command("seat")
    @click.argument("numbers", nargs=-1, required=True)
    @click.option(
        "--client", is_flag=True, help="A client of the carrier's own (`client:1001`) instead of SIP."
    )
    def seat(numbers: tuple[str, ...], client: bool) -> None:
        """Put seats on this carrier, making those that are not there."""
        kind = "client" if client else ""
        seats.put_on(PROVIDER, numbers, online=True, kind=kind)  # a carrier does not tell of seats
        click.echo(f"{len(numbers)} seats on {PROVIDER}")

    @group.command("addresses")
    def addresses() -> None:
        """What to enter at the carrier for our number."""
        click.echo(f"a call comes in:      POST {door('voice')}")
        click.echo(f"call status changes:  POST {door('status')}")

    app.cli.add_command(group)


def _must_be_set(ours: Settings) -> None:
    missing = [name for name in ("twiml_account", "twiml_token", "twiml_number") if not getattr(ours, name)]
    if missing:
        raise click.ClickException("set " + ", ".join(name.upper() for name in missing))
