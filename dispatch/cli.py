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
from dispatch.services.importing import ImportReport, import_cases, read_meanings, write_unknown
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
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Which column fills which field; FIELD:VALUE=OURS says what a value of the file means.",
)
@click.option(
    "--values",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Table (field, value, becomes) of what the file's values mean.",
)
@click.option("--as", "login", required=True, help="The login of the agent or dispatcher who imports.")
@click.option("--encoding", help="Of a CSV file; by default UTF-8, then GB 18030.")
@click.option("--channel", type=click.Choice([c.value for c in Channel]), default=Channel.WEB.value)
@click.option("--category", help="Code for rows whose category we do not know; its name is kept.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), help="CSV of the refused rows.")
@click.option(
    "--unknown",
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV of the values we do not know, to be filled in and given as --values.",
)
@click.option("--dry-run", is_flag=True, help="Check every row and keep nothing.")
def import_command(
    file: Path,
    pairs: tuple[str, ...],
    values: Path | None,
    login: str,
    encoding: str | None,
    channel: str,
    category: str | None,
    report: Path | None,
    unknown: Path | None,
    dry_run: bool,
) -> None:
    """Register the rows of FILE (CSV or XLSX) as cases."""
    person = db.session.scalar(select(Person).where(Person.login == login))
    if person is None:
        raise click.ClickException(f"there is nobody with the login {login}")
    columns, meanings = _pairs(pairs)
    try:
        for name, words in (read_meanings(values) if values else {}).items():
            meanings[name] = {**words, **meanings.get(name, {})}
        with acting_as(person):
            done = import_cases(
                person,
                file,
                columns,
                meanings=meanings,
                encoding=encoding,
                channel=Channel(channel),
                category_code=category,
                dry_run=dry_run,
            )
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    _tell(done, report, dry_run)
    _tell_unknown(done, unknown)


def _pairs(pairs: tuple[str, ...]) -> tuple[dict[str, str], dict[str, dict[str, str]]]:
    """`{field: column}` and `{field: {value: ours}}`. Only a value may hold an equals sign of its own."""
    columns: dict[str, str] = {}
    meanings: dict[str, dict[str, str]] = {}
    for pair in pairs:
        if "=" not in pair:
            raise click.ClickException(f"--map wants FIELD=COLUMN or FIELD:VALUE=OURS, not {pair!r}")
        name, colon, value = pair.partition(":")
        if colon and "=" not in name:
            theirs, _equals, ours = value.rpartition("=")
            meanings.setdefault(name, {})[theirs.strip()] = ours.strip()
        else:
            field, column = pair.split("=", 1)
            columns[field] = column
    return columns, meanings


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


def _tell_unknown(done: ImportReport, unknown: Path | None) -> None:
    if done.unknown:
        click.echo(
            "values we do not know (say what they mean with --map FIELD:VALUE=OURS, or --values FILE):"
        )
    for (name, value), rows in done.unknown.most_common(20):
        click.echo(f"  {name} {value or '(empty)'}: {rows} rows")
    if len(done.unknown) > 20:
        click.echo(
            f"  … and {len(done.unknown) - 20} more" + ("" if unknown else "; --unknown FILE lists all")
        )
    if unknown is not None:
        write_unknown(unknown, done.unknown)
        click.echo(f"unknown values: {unknown}")
