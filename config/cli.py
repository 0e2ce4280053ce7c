"""Commands of floor 0: `./manage settings docs`, `calendar seed`, `calendar day`, `clock`, `worker`."""

from __future__ import annotations

from datetime import datetime

import click
from flask import Flask
from flask.cli import AppGroup

from config import calendar, clock, clockwork
from config.settings import ROOT, Settings

settings_group = AppGroup("settings", help="The hotline's settings.")
calendar_group = AppGroup("calendar", help="Working days and make-up days.")


def init_app(app: Flask) -> None:
    app.cli.add_command(settings_group)
    app.cli.add_command(calendar_group)

    @app.cli.command("clock")
    def clock_command() -> None:
        """Run the clock process: due timers, the outbox, periodic jobs."""
        clockwork.run(app)

    @app.cli.command("worker")
    def worker_command() -> None:
        """Run a worker for background jobs."""
        clockwork.work()


@settings_group.command("docs")
@click.option("--check", is_flag=True, help="Write nothing; fail if the page is not up to date.")
def settings_docs(check: bool) -> None:
    """Write docs/settings.md from the settings' own definitions."""
    page = ROOT / "docs" / "settings.md"
    text = settings_page()
    if not check:
        page.write_text(text)
    elif page.read_text() != text:
        raise click.ClickException("docs/settings.md is not up to date: run ./manage settings docs")


def settings_page() -> str:
    """The page, as Markdown."""
    rows = ["# Settings", "", "Read from the environment at start. Written by `./manage settings docs`.", ""]
    rows += ["| setting | default | meaning |", "| --- | --- | --- |"]
    for name, field in Settings.model_fields.items():
        default = (
            "made and kept under VAR_DIR" if name in ("secret_key", "telephony_secret", "field_key") else ""
        )
        shown = default or (f"`{field.default}`" if field.default not in ("", None) else "–")
        rows.append(f"| `{name.upper()}` | {shown} | {field.description} |")
    return "\n".join(rows) + "\n"


@calendar_group.command("seed")
@click.argument("years", nargs=-1, type=int)
def calendar_seed(years: tuple[int, ...]) -> None:
    """Fill YEARS (default: last, this and, if published, next year) with holidays and make-up days."""
    this = clock.today().year
    for year in years or (this - 1, this, this + 1):
        try:
            click.echo(f"{year}: {calendar.seed_year(year)} exceptional days added")
        except Exception as error:
            if years:
                raise click.ClickException(str(error)) from error
            click.echo(f"{year}: {error}")


@calendar_group.command("day")
@click.argument("day", type=click.DateTime(["%Y-%m-%d"]))
@click.argument("kind", type=click.Choice(["working", "off"]))
@click.option("--note", default="", help="Why: at most 80 characters.")
def calendar_day(day: datetime, kind: str, note: str) -> None:
    """Make DAY a working day or a day off, whatever was published: a typhoon, a city's own holiday."""
    calendar.set_day(day.date(), kind == "working", note[:80])
    click.echo(f"{day:%Y-%m-%d}: {kind}")
