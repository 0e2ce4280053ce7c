"""The engines there are, and the one this hotline uses (`SEARCH_ENGINE`)."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable

import structlog

from knowledge_base.search.engine import Engine

log = structlog.get_logger(__name__)

TO_INSTALL = 'pip install "hotline-12345[tantivy]"'
"""What brings the second engine."""


def _whoosh() -> Engine:
    from knowledge_base.search.whoosh_engine import WhooshEngine

    return WhooshEngine()


def _tantivy() -> Engine:
    from knowledge_base.search.tantivy_engine import TantivyEngine

    return TantivyEngine()


ENGINES: dict[str, Callable[[], Engine]] = {"whoosh": _whoosh, "tantivy": _tantivy}
DEFAULT = "whoosh"


def missing(name: str) -> str:
    """The command that installs what engine `name` needs; empty where nothing is missing."""
    needs = name == "tantivy" and importlib.util.find_spec("tantivy") is None
    return TO_INSTALL if needs else ""


def chosen(name: str) -> Engine:
    """Engine `name`, or the default where its library is not installed: a hotline without search helps nobody."""
    if to_install := missing(name):
        log.warning("search_engine_missing", wanted=name, used=DEFAULT, to_install=to_install)
        name = DEFAULT
    return ENGINES[name]()
