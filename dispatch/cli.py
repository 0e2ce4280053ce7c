"""`./manage cases …`"""

from __future__ import annotations

import click
from flask.cli import AppGroup

from dispatch.services.reference import seed_reference

cases = AppGroup("cases", help="Cases and their code tables.")


@cases.command("reference")
def reference() -> None:
    """Fill the category tree and the clock rules where they are empty."""
    click.echo(f"{seed_reference()} rows added")
