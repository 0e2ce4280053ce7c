"""`./manage cti …`: addresses for switches that queue by themselves."""

from __future__ import annotations

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from config.errors import HotlineError
from config.extensions import db
from config.settings import settings
from hotline.telephony.cti.lines import all_lines, make_line, revoke_line
from hotline.telephony.cti.models import CtiLine


def register_cli(app: Flask) -> None:
    """Add `cti` to the app's commands."""
    group = AppGroup("cti", help="Switches that queue by themselves and tell us of their calls.")

    @group.command("token")
    @click.argument("name")
    def token(name: str) -> None:
        """Make a token for the switch NAME, and print the address it shall post to. It is shown once."""
        try:
            made = make_line(name)
        except HotlineError as error:
            raise click.ClickException(error.message) from error
        click.echo(f"{settings().public_base_url.rstrip('/')}/telephony/cti/{made}")

    @group.command("revoke")
    @click.argument("name")
    def revoke(name: str) -> None:
        """Refuse what the switch NAME sends from now on."""
        line = db.session.scalars(select(CtiLine).where(CtiLine.name == name)).one_or_none()
        if line is None:
            raise click.ClickException(f"there is no line named {name}")
        revoke_line(None, line.id)
        click.echo(f"{name}: revoked")

    @group.command("list")
    def list_lines() -> None:
        """Every line, and when it spoke last."""
        for line in all_lines():
            state = "revoked" if line.revoked_at else f"last heard {line.used_at or 'never'}"
            click.echo(f"{line.name}: {state}")

    app.cli.add_command(group)
