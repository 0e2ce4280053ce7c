"""What every request has: an id, a language, a content security policy, and errors told properly."""

from __future__ import annotations

from flask import Flask

from config.web import addresses, filters, headers, health, incoming, metrics, problems, requests
from config.web.health import add_readiness_check
from config.web.metrics import add_measure

__all__ = ["add_measure", "add_readiness_check", "init_app"]


def init_app(app: Flask) -> None:
    """Bind all of it to `app`."""
    addresses.init_app(app)
    incoming.init_app(app)
    requests.init_app(app)
    headers.init_app(app)
    problems.init_app(app)
    filters.init_app(app)
    health.init_app(app)
    metrics.init_app(app)
