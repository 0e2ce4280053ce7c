"""The one place that turns what went wrong into a page, a fragment or a problem document (RFC 9457)."""

from __future__ import annotations

import errno
from contextlib import suppress
from typing import Any

import structlog
from flask import Flask, Response, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateNotFound
from psycopg.errors import QueryCanceled
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from config.errors import HotlineError, Invalid, NoRoom, Unauthorised
from config.extensions import db
from config.web.requests import request_id

log = structlog.get_logger("hotline.problem")


def init_app(app: Flask) -> None:
    app.register_error_handler(HotlineError, _expected)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database)
    app.register_error_handler(NoConnectionFree, _away)
    app.register_error_handler(Exception, _unexpected)


def wants_json() -> bool:
    """Whether a machine is asking."""
    if request.path.startswith(("/api/", "/telephony/")):
        return True
    if request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json", "application/problem+json"])
    return best is not None and best != "text/html"


def problem(status: int, code: str, message: str, **more: Any) -> Response:
    """An `application/problem+json` answer."""
    body = {
        "type": f"urn:hotline:problem:{code}",
        "title": code.replace("-", " "),
        "status": status,
        "detail": message,
        "instance": request.path,
        "request_id": request_id(),
        **more,
    }
    answer = jsonify(body)
    answer.status_code = status
    answer.mimetype = "application/problem+json"
    return answer


def _tell(status: int, code: str, message: str, **more: Any) -> Any:
    if wants_json():
        return problem(status, code, message, **more)
    fragment = "HX-Request" in request.headers and "HX-Boosted" not in request.headers
    template = "errors/fragment.html" if fragment else "errors/page.html"
    facts = {"status": status, "code": code, "message": message, "request_id": request_id(), **more}
    try:
        return render_template(template, **facts), status
    except (TemplateNotFound, SQLAlchemyError):  # the page's head names who is signed in
        with suppress(SQLAlchemyError):
            db.session.rollback()
        return Response(f"{status} {message}\n{request_id()}\n", status, mimetype="text/plain")


def _expected(error: HotlineError) -> Any:
    db.session.rollback()
    if isinstance(error, Unauthorised) and not wants_json():
        return _to_sign_in()
    more: dict[str, Any] = {
        name: value for name, value in error.detail.items() if isinstance(value, str | int | float | bool)
    }
    if isinstance(error, Invalid):
        more["errors"] = {name: str(what) for name, what in error.fields.items()}
    return _tell(error.status, error.code, error.message, **more)


def _to_sign_in() -> Any:
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    there = url_for("accounts.sign_in", next=here)
    if "HX-Request" in request.headers:
        return Response(status=401)  # the page stands: a dialog over it asks for the password
    return redirect(there)


def stale_form(_error: CSRFError) -> Any:
    """A form without the session's token."""
    return _tell(
        400, "stale-form", _("This page is too old to be sent. Load it again; what you typed is kept.")
    )


_WORDS = {
    400: lambda: _("The request could not be understood."),
    403: lambda: _("You may not do this."),
    404: lambda: _("There is no such page."),
    405: lambda: _("This page cannot be asked in this way."),
    413: lambda: _("This is larger than what we take."),
    429: lambda: _("Too many attempts. Wait a moment."),
    500: lambda: _("Something went wrong on our side. Nothing was changed; please try again."),
    503: lambda: _("The hotline's system is busy or being looked after. Please try again in a moment."),
}


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    code = (error.name or "error").lower().replace(" ", "-")
    words = _WORDS.get(error.code) or _WORDS[400 if error.code < 500 else 500]
    answer = _tell(error.code, code, words())
    if error.code == 405 and getattr(error, "valid_methods", None):
        response = answer if isinstance(answer, Response) else Response(*answer)
        response.headers["Allow"] = ", ".join(error.valid_methods or ())  # type: ignore[attr-defined]
        return response
    return answer


def _database(error: OperationalError) -> Any:
    """`STATEMENT_TIMEOUT_MS` ended a question that would have held up everybody's; or the database is not there, which
    is no fault of the one who asked nor of the code that did; any other fault is ours."""
    if not isinstance(error.orig, QueryCanceled):
        return _away(error) if _is_away(error) else _unexpected(error)
    db.session.rollback()
    log.error("question_too_slow", path=request.path, method=request.method, statement=error.statement)
    return _tell(
        503,
        "too-slow",
        _("This takes too long to find. Ask for less, such as a shorter period, and try again."),
    )


_AWAY = ("08", "53", "57P")
"""What PostgreSQL calls a lost connection, no room or connection left, and being stopped or started."""


def _is_away(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)  # none where nobody answered
    return state is None or state.startswith(_AWAY)


def _away(error: Exception) -> Any:
    """One line and no traceback: there is one of these for each request until it is back."""
    with suppress(Exception):
        db.session.rollback()
    why = str(getattr(error, "orig", None) or error).strip().split("\n")[0][:300]
    log.error("database_away", path=request.path, method=request.method, why=why)
    sentence = _(
        "The database does not answer at the moment. Try again in a minute; what you did last may be lost."
    )
    return _tell(503, "database-away", sentence)


_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})


def _unexpected(error: Exception) -> Any:
    db.session.rollback()
    if (
        isinstance(error, OSError) and error.errno in _NO_ROOM
    ):  # a large form is laid down on disk while it is read
        log.error("no_room", path=request.path, errno=error.errno)
        sentence = _("There is no room for files. Nothing was changed; please tell the administrator.")
        return _tell(NoRoom.status, NoRoom.code, sentence)
    log.exception("unexpected_error", path=request.path, method=request.method)
    if request_is_debugged():
        raise error
    return _tell(500, "internal-error", _WORDS[500]())


def request_is_debugged() -> bool:
    """Tests want the exception itself."""
    from flask import current_app

    return bool(current_app.config.get("RAISE_UNEXPECTED"))
