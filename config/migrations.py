"""The history of the tables (Flask-Migrate over Alembic), loaded only by who changes them: it takes 11 MB."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from config.extensions import db
from config.settings import ROOT

FOLDER = ROOT / "migrations"


def bind(app: Flask) -> None:
    """What `flask db …` needs of the app."""
    from flask_migrate import Migrate

    Migrate(app, db, directory=str(FOLDER))


def upgrade(app: Flask) -> None:
    """Bring the database to the newest revision."""
    from flask_migrate import upgrade as go_up

    with app.app_context():
        bind(app)
        go_up(directory=str(FOLDER))


def newest() -> str:
    """The last revision there is. They are numbered, one after the other, and their files carry the number."""
    return max(path.name.partition("_")[0] for path in (FOLDER / "versions").glob("*_*.py"))


def current() -> str:
    """The revision the database is at."""
    return str(db.session.scalar(text("SELECT version_num FROM alembic_version")))
