"""The id of a request, in its logs and its answer, and the language it is answered in."""

from __future__ import annotations

import re
import time

import structlog
from flask import Flask, Response, g, has_request_context, request, session

from config.ids import new_id
from config.settings import settings

LANGUAGES = ("zh", "en")
log = structlog.get_logger("hotline.request")
_SANE = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_end)


def language() -> str:
    """The language of the person reading: their own choice, else the city's default."""
    if has_request_context():
        chosen = session.get("language")
        if chosen in LANGUAGES:
            return str(chosen)
    return settings().default_language


def request_id() -> str:
    """The id of the current request; empty outside one."""
    return g.get("request_id", "") if has_request_context() else ""


def client_address() -> str:
    """Where the current request comes from, as far as the trusted proxies tell; empty outside one."""
    return (request.remote_addr or "") if has_request_context() else ""


def _begin() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _SANE.match(given) else new_id()
    g.request_began = time.perf_counter()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = request_id()
    began = g.get("request_began")
    if began is not None and not request.path.startswith(("/static/", "/socket.io/")):
        took = (time.perf_counter() - began) * 1000
        response.headers["Server-Timing"] = f"app;dur={took:.1f}"
        log.debug(
            "request",
            method=request.method,
            path=request.path,
            status=response.status_code,
            ms=round(took, 1),
        )
    return response
