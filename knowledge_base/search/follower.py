"""Each process's own view of the index, in step with the database.

The index is a derived thing: each machine has its own, and it may be deleted at any time. A process asks the database
how far it is when the bell has rung, which each publication does once it is committed, and otherwise at most once a
second: a ring may be missed, and a changed department rings none. A small gap is caught up with at once, so that a
search sees what was published before it; a large one, or a rebuild, goes on beside while the live index still answers.
What the index says is never taken for true: `answers` asks the database about every hit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from flask_babel import lazy_gettext as _l

from config.errors import HotlineError
from knowledge_base.models import Stamp
from knowledge_base.search.engine import Damaged, Engine, Reader
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.folder import Busy, IndexFolder, meant_of, stamp_of
from knowledge_base.search.indexer import Indexer, is_earlier
from knowledge_base.search.lexicon import Lexicon
from knowledge_base.search.meaning import Meanings, Nothing, is_on, is_ready, opened

log = structlog.get_logger(__name__)

GLANCE_SECONDS = 1.0
GLANCE_AGAIN_SECONDS = 0.1
WAIT_FOR_WRITER_SECONDS = 0.5
ENCODE_AGAIN_SECONDS, ENCODE_AFTER_FAILURE_SECONDS = 5.0, 60.0
AT_ONCE_PASSAGES = 400
"""What is indexed within somebody's search, some 2 ms each; more than that goes on beside it."""

Beside = Callable[[Callable[[], None]], None]
"""Starts a function in a thread of its own, with the app around it."""


class SearchNotReady(HotlineError):
    """There is no index yet, and making it takes a while."""

    status = 503
    code = "search-not-ready"


class Follower:
    """One engine's index in one folder, as one process sees it."""

    def __init__(self, folder: Path, engine: Engine, feed: DatabaseFeed, beside: Beside) -> None:
        self.folder = IndexFolder(folder / engine.name)
        self.engine, self.feed = engine, feed
        self.indexer = Indexer(self.folder, engine, feed)
        self.stamp: Stamp | None = None
        self._beside = beside
        self._reader: Reader | None = None
        self._lexicon = Lexicon(None)
        self._meanings: Meanings = Nothing()
        self._meant = 0
        self._opened: Path | None = None
        self._next_glance = self._next_encoding = 0.0
        self._one = threading.RLock()
        self._working, self._encoding = threading.Event(), threading.Event()

    def reader(self) -> Reader:
        """The index, as of a second ago at most. SearchNotReady while a large one is made for the first time."""
        if (reader := self._reader) is not None and time.monotonic() < self._next_glance:
            return reader
        with self._one:
            if self._reader is None or time.monotonic() >= self._next_glance:
                self._glance()
            if self._reader is None:
                raise SearchNotReady(_l("The search index is being built. Try again in a minute."))
            return self._reader

    def lexicon(self) -> Lexicon:
        """The words of the index that `reader` gave last."""
        return self._lexicon

    def meanings(self) -> Meanings:
        """The vectors of the index that `reader` gave last."""
        return self._meanings

    def look_now(self) -> None:
        """The next search asks the database again, however short ago the last one did. May be called at any moment."""
        self._next_glance = 0.0

    def catch_up(self) -> None:
        """Take in all that is missing, however much, before anybody asks: for commands, which end with their answer
        and have no beside."""
        self.indexer.catch_up()
        self.look_now()

    def catch_up_meanings(self) -> None:
        """Encode all that is not, which for a large stock takes minutes; for commands too."""
        self.indexer.catch_up_meanings(wait=None)
        self.look_now()

    def rebuild(self) -> Reader:
        """Make the index anew, beside the live one, and open it. What its texts mean follows."""
        self.indexer.rebuild()
        with self._one:
            self._open()
            assert self._reader is not None
            return self._reader

    def found_damaged(self, error: Exception) -> Reader:
        """Somebody tripped over the open index: make it anew."""
        log.error("search_index_damaged", error=repr(error))
        with self._one:
            self._forget()
            return self.rebuild()

    def _glance(self) -> None:
        """Ask the database how far it is, and get there or have somebody get there."""
        self._next_glance = time.monotonic() + GLANCE_SECONDS  # first: whoever rings from here on is heard
        wanted = self.feed.stamp()
        self._open()  # another process may have been there already
        if self.stamp == wanted:
            self._encode_beside()
            return
        since = self.stamp.number if self.stamp is not None and is_earlier(self.stamp, wanted) else 0
        if self.feed.passage_count(since) > AT_ONCE_PASSAGES:
            self._work_beside(self.indexer.catch_up)
            return
        try:
            self.indexer.catch_up(wait=WAIT_FOR_WRITER_SECONDS)
        except Busy:
            self._next_glance = time.monotonic() + GLANCE_AGAIN_SECONDS
        self._open()
        if self._opened is not None and self.engine.is_in_pieces(self._opened):
            self._work_beside(self.indexer.tidy)
        self._encode_beside()

    def _work_beside(self, do: Callable[[], None]) -> None:
        if self._working.is_set():
            return
        self._working.set()

        def work() -> None:
            try:
                do()
            except Exception:
                log.exception("search_index_not_made")
            finally:
                self._working.clear()
                self.look_now()

        self._beside(work)

    def _encode_beside(self) -> None:
        """Have made what the index is without of what its texts mean. One process of a machine does."""
        if not is_on() or self._encoding.is_set() or time.monotonic() < self._next_encoding:
            return
        if self.stamp is None or (self._meant >= self.stamp.number and is_ready()):
            return
        self._encoding.set()
        self._next_encoding = time.monotonic() + ENCODE_AGAIN_SECONDS

        def work() -> None:
            try:
                self.indexer.catch_up_meanings()
                self.look_now()
            except Busy:
                pass  # another process is at it
            except Exception:
                log.exception("search_meanings_not_made")
                self._next_encoding = time.monotonic() + ENCODE_AFTER_FAILURE_SECONDS
            finally:
                self._encoding.clear()

        self._beside(work)

    def _open(self) -> None:
        """Open the live generation, unless it is open already. A damaged one is left to be made anew."""
        with self.folder.opening() as live:
            if live is not None and live == self._opened:
                return
            if live is None:
                self._forget()
                return
            try:
                stamp = stamp_of(live)
                reader = self.engine.open(live, self._reader)
                meant = meant_of(live)
                lexicon, meanings = Lexicon(live), opened(live) if meant else Nothing()
            except Damaged as error:
                log.warning("search_index_damaged", error=str(error))
                (live / "stamp.json").unlink(missing_ok=True)  # so that whoever writes next makes it anew
                self._forget()
                return
        # The reader before is not closed: another thread may be in the middle of it. It goes with its last user.
        self._reader, self._lexicon, self._meanings = reader, lexicon, meanings
        self._opened, self.stamp, self._meant = live, stamp, meant

    def _forget(self) -> None:
        self._reader = self._opened = self.stamp = None
