"""`/healthz`: this process runs. `/readyz`: all it needs is there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import structlog
from flask import Blueprint, Flask, Response, jsonify
from sqlalchemy import func, select, text

from config import clock, key_mark, migrations
from config.extensions import csrf, db, limiter, redis_client
from config.settings import settings
from config.shelf import shelf

log = structlog.get_logger(__name__)
Check = Callable[[], str | None]
"""Returns a remark, or raises with what is wrong: a RuntimeError of ours says it in a sentence anybody may read."""
SKEW = 30.0
"""Seconds by which clocks may differ before somebody is told; at 300 no signature holds any more."""

LEAST_ROOM = 200 * 2**20
"""Bytes: some hours of recordings and logs."""

blueprint = Blueprint("health", __name__)
_checks: dict[str, Check] = {}
_essential: set[str] = set()
_unwell: set[str] = set()


def add_readiness_check(name: str, check: Check, *, essential: bool = False) -> None:
    """Add a line to `/readyz` of the app being made. Without what is `essential` nobody is to be sent to this web; what
    else is missing takes something from everybody, wherever they are sent."""
    _checks[name] = check
    if essential:
        _essential.add(name)


def init_app(app: Flask) -> None:
    app.register_blueprint(blueprint)
    csrf.exempt(blueprint)
    limiter.exempt(blueprint)
    add_readiness_check("database", _database, essential=True)
    add_readiness_check("migrations", _migrations, essential=True)
    add_readiness_check("field key", key_mark.held, essential=True)
    add_readiness_check("clock", _clock)
    add_readiness_check("redis", _redis)
    add_readiness_check("files", _files)


@blueprint.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@blueprint.get("/readyz")
def readyz() -> tuple[Response, int]:
    found = report()
    away = {name for name, line in found.items() if not line["ok"]}
    if away & _essential:
        return jsonify(status="not ready", checks=found), 503
    return jsonify(status="degraded" if away else "ready", checks=found), 200


def report() -> dict[str, dict[str, object]]:
    """What `/readyz` says of each part: `{ok, ms, remark}`, or `{ok: False, error, remark}`."""
    return {name: _asked(name, check) for name, check in _checks.items()}


def _asked(name: str, check: Check) -> dict[str, object]:
    began = time.perf_counter()
    try:
        remark = check()
    except Exception as error:
        db.session.rollback()
        if name not in _unwell:  # a probe asks every few seconds
            log.error("not_well", check=name, error=type(error).__name__, why=str(error).split("\n")[0][:300])
        _unwell.add(name)
        # Anybody may ask. A library's text names hosts and users; the log has it.
        ours = type(error) is RuntimeError
        return {"ok": False, "error": type(error).__name__, "remark": str(error) if ours else ""}
    if name in _unwell:
        _unwell.discard(name)
        log.info("well_again", check=name)
    return {"ok": True, "ms": round((time.perf_counter() - began) * 1000, 1), "remark": remark or ""}


def _database() -> None:
    db.session.execute(text("SELECT 1"))


def _files() -> str:
    """A store that is away fails to say whether it has a file; a folder says that too when nothing more goes in."""
    shelf("files").has("0")
    room = os.statvfs(settings().var_dir)
    if room.f_flag & os.ST_RDONLY:
        raise RuntimeError("VAR_DIR can only be read")
    if (free := room.f_bavail * room.f_frsize) < LEAST_ROOM:
        raise RuntimeError(f"room in VAR_DIR ends: {free // 2**20} MB are left")
    return f"bucket {settings().s3_bucket}" if settings().s3_bucket else "folder"


def _redis() -> None:
    redis_client().ping()


def _migrations() -> str:
    """Newer than ours is well: while machines are brought up to date one by one, the old ones go on."""
    found, ours = migrations.current(), migrations.newest()
    if found < ours:
        raise RuntimeError("the database is not at the newest migration: run ./manage db upgrade")
    return found if found == ours else f"{found}, newer than this program's {ours}"


def _clock() -> None:
    there = db.session.scalar(select(func.clock_timestamp()))
    ahead = (clock.now() - there).total_seconds() if there is not None else 0.0
    if abs(ahead) > SKEW:
        way = "ahead of" if ahead > 0 else "behind"
        raise RuntimeError(f"this machine's clock is {abs(ahead):.0f} s {way} the database's")
