"""Commands of this floor: `people`, `departments`, `tokens`, `audit`."""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from sqlalchemy import select

from accounts.identity import acting_as
from accounts.models import Department, Person
from accounts.models.token import SCOPES
from accounts.queries import department_by_code
from accounts.roles import Role
from accounts.services import checking, department_files, sealing
from accounts.services.passwords import first_password
from accounts.services.people import create_person
from accounts.services.tokens import create_token
from config import clock
from config.errors import HotlineError
from config.extensions import db

people_group = AppGroup("people", help="People who work here.")
departments_group = AppGroup("departments", help="The department tree.")
tokens_group = AppGroup("tokens", help="Bearer tokens of API clients.")
audit_group = AppGroup("audit", help="The audit trail.")


def init_app(app: Flask) -> None:
    for group in (people_group, departments_group, tokens_group, audit_group):
        app.cli.add_command(group)


@people_group.command("create")
@click.argument("login")
@click.argument("name")
@click.option(
    "--role", "roles", multiple=True, type=click.Choice([r.value for r in Role]), help="Repeatable."
)
@click.option(
    "--department", "code", default="", help="Code of their department; without it: the whole city."
)
def people_create(login: str, name: str, roles: tuple[str, ...], code: str) -> None:
    """Make a person. The first password is printed once and must be changed at the first sign-in.

    This is how the first three administrators of a new hotline come to be.
    """
    password = first_password()
    try:
        create_person(login, name, _department(code), [Role(role) for role in roles], password)
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{login.strip().lower()}  first password: {password}")


@departments_group.command("export")
def departments_export() -> None:
    """Write all departments as CSV to the standard output."""
    sys.stdout.write(department_files.export_departments())


@departments_group.command("import")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "login", required=True, help="Login of who answers for it.")
@click.option("--dry-run", is_flag=True, help="Report, and keep nothing.")
def departments_import(path: Path, login: str, dry_run: bool) -> None:
    """Add and change departments by code from the CSV file at PATH."""
    person = db.session.scalar(select(Person).where(Person.login == login, Person.active))
    if person is None:
        raise click.ClickException(f"there is nobody named {login}")
    try:
        report = department_files.import_departments(person, path.read_bytes(), dry_run)
    except HotlineError as error:
        raise click.ClickException(error.message) from error
    for line, why in report.refused:
        click.echo(f"line {line}: {why}")
    click.echo(
        f"{'would be ' if dry_run else ''}added {report.added}, changed {report.changed}, "
        f"as they were {report.unchanged}, refused {len(report.refused)}"
    )
    if report.refused:
        raise SystemExit(1)


@tokens_group.command("create")
@click.argument("name")
@click.option(
    "--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="Repeatable."
)
@click.option(
    "--days", default=180, type=click.IntRange(1, 3650), show_default=True, help="How long it is valid."
)
@click.option("--by", "login", default="", help="Login of who answers for it.")
def tokens_create(name: str, scopes: tuple[str, ...], days: int, login: str) -> None:
    """Make a bearer token for NAME and print it. It is kept nowhere and shown only now."""
    by = db.session.scalar(select(Person).where(Person.login == login)) if login else None
    if login and by is None:
        raise click.ClickException(f"there is nobody named {login}")
    expires = clock.now() + timedelta(days=days)
    if by is None:
        _token, plain = create_token(name, list(scopes), expires)
    else:
        with acting_as(by):
            _token, plain = create_token(name, list(scopes), expires)
    click.echo(plain)


@audit_group.command("verify")
@click.option("--at-least", default=0, help="Rows that were sealed once, as the log said (`seal_no`).")
@click.option("--seal", default="", help="The seal that the log gave the last of them, in hex.")
def audit_verify(at_least: int, seal: str) -> None:
    """Recompute every seal of the audit trail; name the first row that does not fit. Fails if one does not.

    What earlier checks saw is asked of the database, whoever may have cut there; the log is elsewhere.
    """
    checking.seal_what_waits()
    known = checking.known_once()
    try:
        known[at_least] = bytes.fromhex(seal) or known.get(at_least, b"")
    except ValueError as error:
        raise click.ClickException(f"--seal wants hex digits, not {seal!r}") from error
    verdict = sealing.verify(known)
    if verdict.fault is None:
        click.echo(f"whole: {verdict.checked} rows checked, {verdict.unsealed} not sealed yet")
        return
    where = f"row {verdict.broken_id}" if verdict.broken_id else "the end of the chain"
    raise click.ClickException(
        f"broken at {where}: {verdict.fault} – {verdict.fault.label} ({verdict.checked} rows before it are whole)"
    )


def _department(code: str) -> Department | None:
    if not code:
        return None
    found = department_by_code(code)
    if found is None:
        raise click.ClickException(f"there is no department {code}")
    return found
