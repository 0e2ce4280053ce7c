"""`/healthz`: this process runs. `/readyz`: all it needs is there. `/metrics`: figures for Prometheus."""

from __future__ import annotations

import time
from collections.abc import Callable

from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import text

from config import migrations
from config.extensions import csrf, db, limiter, redis_client
from config.settings import settings
from config.shelf import shelf

Check = Callable[[], str | None]
"""Returns a remark, or raises with what is wrong."""

blueprint = Blueprint("health", __name__)


def add_readiness_check(name: str, check: Check) -> None:
    """Add a line to `/readyz` of the app being made."""
    _checks[name] = check


_checks: dict[str, Check] = {}


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)
    limiter.exempt(blueprint)
    add_readiness_check("database", _database)
    add_readiness_check("redis", _redis)
    add_readiness_check("migrations", _migrations)
    add_readiness_check("files", _files)


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    found = report()
    ready = all(line["ok"] for line in found.values())
    return jsonify(status="ready" if ready else "not ready", checks=found), 200 if ready else 503


def report() -> dict[str, dict[str, object]]:
    """What `/readyz` says of each part: `{ok, ms, remark}`, or `{ok: False, error, remark}`."""
    return {name: _asked(check) for name, check in _checks.items()}


def _asked(check: Check) -> dict[str, object]:
    began = time.perf_counter()
    try:
        remark = check()
    except Exception as error:
        db.session.rollback()
        # The kind of error is enough for a probe; its text may name hosts and users.
        return {"ok": False, "error": type(error).__name__, "remark": str(error).split("\n")[0][:200]}
    return {"ok": True, "ms": round((time.perf_counter() - began) * 1000, 1), "remark": remark or ""}


def _database() -> None:
    db.session.execute(text("SELECT 1"))


def _files() -> str:
    """A store that is away fails to say whether it has a file."""
    shelf("files").has("0")
    return f"bucket {settings().s3_bucket}" if settings().s3_bucket else "folder"


def _redis() -> None:
    redis_client().ping()


def _migrations() -> str:
    found = migrations.current()
    if found != migrations.newest():
        raise RuntimeError("the database is not at the newest migration: run ./manage db upgrade")
    return found
