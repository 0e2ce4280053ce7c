"""`./manage switch …`: run the agent of an Asterisk, write its configuration.

What a command needs is loaded by the command: web and worker know the commands too, and have no use for it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup


def register_cli(app: Flask) -> None:
    """Add `switch` to the app's commands."""
    group = AppGroup("switch", help="The telephone switch (Asterisk).")

    @group.command("run")
    @click.option("--address", default="", help="Where the hotline is; default: HOST:PORT of the settings.")
    def run(address: str) -> None:
        """Be the agent between an Asterisk and the hotline; a second one stands by."""
        from hotline.telephony.asterisk.serving import serve

        serve(app.config["SETTINGS"], address)

    @group.command("config")
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    @click.option(
        "--bind", default="0.0.0.0:5060", show_default=True, help="Where telephones reach Asterisk."
    )
    @click.option("--rtp", type=(int, int), default=(20_000, 24_999), show_default=True, help="UDP ports.")
    @click.option("--fallback", default="", help="Number for callers while the hotline cannot be asked.")
    @click.option("--tls-bind", default="", help="Where browsers reach Asterisk by wss, e.g. 0.0.0.0:8089.")
    @click.option("--certificate", type=click.Path(path_type=Path), help="For wss: the chain, PEM.")
    @click.option("--key", type=click.Path(path_type=Path), help="For wss: the certificate's key, PEM.")
    @click.option("--nat", type=(str, str), help="Asterisk's own address and the one browsers outside see.")
    def config(folder: Path, **facts: Any) -> None:
        """Write Asterisk's configuration from the seats and trunks in the database to FOLDER."""
        from hotline.telephony.asterisk.configuration import Place, write_configuration

        try:
            place = Place(**facts)
            changed = asyncio.run(write_configuration(folder, app.config["SETTINGS"], place))
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{len(changed)} files changed: {', '.join(path.name for path in changed) or '-'}")

    @group.command("trunk")
    @click.argument("name")
    @click.argument("host")
    @click.option("--port", type=click.IntRange(1, 65535), default=5060, show_default=True)
    @click.option("--username", default="", help="What we call ourselves there.")
    @click.option("--registers", is_flag=True, help="Tell the carrier where we are.")
    @click.option("--off", is_flag=True, help="Use it no more.")
    def trunk(name: str, host: str, off: bool, **facts: Any) -> None:
        """Add or change the line NAME to a carrier at HOST; a password is asked for where there is a user name."""
        from hotline.telephony.asterisk.configuration import save_trunk

        secret = click.prompt("Password", hide_input=True, default="") if facts["username"] else ""
        save_trunk(name, host, active=not off, secret=secret or None, **facts)
        click.echo(f"{name}: {host}")

    @group.command("seat")
    @click.argument("numbers", nargs=-1, required=True)
    @click.option(
        "--browser/--telephone", "in_browser", default=False, help="The workbench is the telephone."
    )
    def seat(numbers: tuple[str, ...], in_browser: bool) -> None:
        """Put seats on this switch, making those that are not there."""
        from hotline.telephony.asterisk.configuration import put_on_switch
        from hotline.telephony.asterisk.switch import PROVIDER

        put_on_switch(numbers, in_browser=in_browser)
        click.echo(f"{len(numbers)} seats on {PROVIDER}")

    app.cli.add_command(group)
