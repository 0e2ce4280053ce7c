"""Structured logs: one event per line with its facts, and the request id that the person saw."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

from config.discretion import discreet_facts, discreetly
from config.settings import Settings


def configure(settings: Settings) -> None:
    """Route our logs and the libraries' through one formatter."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info
        if settings.log_format == "json"
        else structlog.processors.StackInfoRenderer(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(settings.log_level)),
        cache_logger_on_first_use=True,
    )
    drawn: list[Any] = (
        [discreet_facts, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if settings.log_format == "json"
        else [
            discreetly(
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    exception_formatter=structlog.dev.plain_traceback,  # the pretty one prints locals: personal data
                )
            )
        ]
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *drawn],
            foreign_pre_chain=shared,
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    for noisy in ("werkzeug", "engineio", "socketio", "httpx", "httpcore", "rq.cron"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
