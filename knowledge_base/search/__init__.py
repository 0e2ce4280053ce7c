"""Search: one interface, whatever engine is behind it.

`search("公租房 申请 条件")` gives the passages valid today that answer, best first; `ask` says more: facets, and what
was perhaps meant. `engine.Engine` is what an engine must do, `closeness` the measured ranking, `follower` how the index
keeps in step with the database.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache

from flask import Flask, current_app

from config import bells
from config.extensions import db
from knowledge_base.models.revision import BELL
from knowledge_base.search.answers import Answer, Hit, answers
from knowledge_base.search.dictionary import KEY, Dictionary, current_thesaurus
from knowledge_base.search.engine import Filters
from knowledge_base.search.engines import chosen
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.follower import Follower, SearchNotReady
from knowledge_base.signals import wording_changed

__all__ = ["Answer", "Filters", "Hit", "SearchNotReady", "ask", "current_follower", "init_app", "search"]

_KEY = "knowledge_search"


def init_app(app: Flask) -> None:
    """Give the app a follower of its own, made when somebody searches: most processes never do, and save its memory."""
    one = threading.Lock()

    @lru_cache(maxsize=1)
    def made() -> Follower:
        settings = app.config["SETTINGS"]
        folder = settings.var_dir / "search"
        fresh = Follower(folder, chosen(settings.search_engine), DatabaseFeed(), _beside(app))
        if settings.redis_url:
            bells.answer(settings.redis_url, BELL, fresh.look_now)
        return fresh

    def follower() -> Follower:
        with one:
            return made()

    app.extensions[_KEY] = follower
    dictionary = app.extensions[KEY] = Dictionary()
    wording_changed.connect(dictionary.look_now)


def current_follower() -> Follower:
    """The follower of the current app."""
    found: Follower = current_app.extensions[_KEY]()
    return found


def search(query: str, limit: int = 10, filters: Filters | None = None) -> list[Hit]:
    """The passages that answer `query`, best first. Any text is a question; none is an error."""
    return ask(query, limit, filters).hits


def ask(query: str, limit: int = 10, filters: Filters | None = None) -> Answer:
    """What answers `query`, counted by kind, department, audience and region, and what was perhaps meant instead."""
    return answers(current_follower(), current_thesaurus(), query, limit, filters)


def check() -> str:
    """For `/readyz`: opens the index, or says what is wrong with it."""
    reader = current_follower().reader()
    stamp = current_follower().stamp
    return f"{reader.passage_count()} passages at revision {stamp.number if stamp else 0}"


def _beside(app: Flask) -> Callable[[Callable[[], None]], None]:
    def start(work: Callable[[], None]) -> None:
        def within_app() -> None:
            with app.app_context():
                try:
                    work()
                finally:
                    db.session.remove()

        threading.Thread(target=within_app, name="search-index", daemon=True).start()

    return start
