"""`./manage cases …`"""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from sqlalchemy import select

from accounts.identity import acting_as
from accounts.models import Person
from config.errors import HotlineError
from config.extensions import db
from config.settings import ROOT
from dispatch.services.importing import ImportReport, import_cases
from dispatch.services.reference import seed_reference
from dispatch.workflow import Channel, diagram

cases = AppGroup("cases", help="Cases and their code tables.")
PAGE = ROOT / "docs" / "workflow.md"


@cases.command("reference")
def reference() -> None:
    """Fill the category tree and the clock rules where they are empty."""
    click.echo(f"{seed_reference()} rows added")


@cases.command("diagram")
@click.option("--write", is_flag=True, help="Write docs/workflow.md instead of printing the picture.")
@click.option("--check", is_flag=True, help="Write nothing; fail if docs/workflow.md is not up to date.")
def diagram_command(write: bool, check: bool) -> None:
    """Print the workflow as a Mermaid state diagram."""
    if check and PAGE.read_text() != diagram.page():
        raise click.ClickException("docs/workflow.md is not up to date: run ./manage cases diagram --write")
    if write:
        PAGE.write_text(diagram.page())
    if not (write or check):
        click.echo(diagram.mermaid(), nl=False)


@cases.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--map", "pairs", multiple=True, metavar="FIELD=COLUMN", help="Which column fills which field.")
@click.option("--as", "login", required=True, help="The login of the agent or dispatcher who imports.")
@click.option("--encoding", help="Of a CSV file; by default UTF-8, then GB 18030.")
@click.option("--channel", type=click.Choice([c.value for c in Channel]), default=Channel.WEB.value)
@click.option("--category", help="Code for rows whose category we do not know.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV of the refused rows.")
@click.option("--dry-run", is_flag=True, help="Check every row and keep nothing.")
def import_command(
    file: Path,
    pairs: tuple[str, ...],
    login: str,
    encoding: str | None,
    channel: str,
    category: str | None,
    report: Path | None,
    dry_run: bool,
) -> None:
    """Register the rows of FILE (CSV or XLSX) as cases."""
    person = db.session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise click.ClickException(f"there is nobody with the login {login}")
    try:
        with acting_as(person):
            done = import_cases(
                person,
                file,
                _pairs(pairs),
                encoding=encoding,
                channel=Channel(channel),
                category_code=category,
                dry_run=dry_run,
            )
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    _tell(done, report, dry_run)


def _pairs(pairs: tuple[str, ...]) -> dict[str, str]:
    if wrong := [pair for pair in pairs if "=" not in pair]:
        raise click.ClickException(f"--map wants FIELD=COLUMN, not {wrong[0]!r}")
    return dict(pair.split("=", 1) for pair in pairs)


def _tell(done: ImportReport, report: Path | None, dry_run: bool) -> None:
    click.echo("columns: " + ", ".join(f"{name} ← {column}" for name, column in done.columns.items()))
    verb = "would be registered" if dry_run else "registered"
    click.echo(f"{done.taken} {verb}, {done.known} known already, {len(done.refused)} refused")
    for line, reason, _row in done.refused[:10]:
        click.echo(f"  line {line}: {reason}")
    if len(done.refused) > 10:
        click.echo(
            f"  … and {len(done.refused) - 10} more" + ("" if report else "; --report FILE lists them all")
        )
    if report is not None:
        done.write(report)
        click.echo(f"refused rows: {report}")
