"""Brings the index on this machine to where the database is. One process at a time, by the writer's lock."""

from __future__ import annotations

from pathlib import Path

import structlog

from knowledge_base.models import Stamp
from knowledge_base.search.engine import Damaged, Engine
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.folder import IndexFolder, stamp_of
from knowledge_base.search.lexicon import Collector
from knowledge_base.search.meaning import gatherer

log = structlog.get_logger(__name__)


class Indexer:
    """Every change is made beside the live generation and swapped in, so that a crash leaves the live one whole."""

    def __init__(self, folder: IndexFolder, engine: Engine, feed: DatabaseFeed) -> None:
        self.folder, self.engine, self.feed = folder, engine, feed

    def catch_up(self, wait: float | None = None) -> None:
        """Take in what changed, or make the index anew where that cannot be. Busy after `wait` seconds."""
        with self.folder.writing(wait):
            # Asked before anything is read: what is committed in between is read twice, never missed.
            wanted = self.feed.stamp()
            live = self.folder.live()
            try:
                done = stamp_of(live) if live else None
            except Damaged as error:
                log.warning("search_index_damaged", error=str(error))
                done = None
            if done == wanted:
                return
            if live is not None and done is not None and is_earlier(done, wanted):
                try:
                    self._change(live, done, wanted)
                    return
                except Damaged as error:
                    log.warning("search_index_damaged", error=str(error))
            self._make(wanted)

    def rebuild(self) -> None:
        """Make the index anew, whatever the live one says."""
        with self.folder.writing(wait=None):
            self._make(self.feed.stamp())

    def _change(self, live: Path, done: Stamp, wanted: Stamp) -> None:
        changed = self.feed.changed_since(done.number)
        generation = self.folder.new_generation(like=live)
        words, meanings = Collector(), gatherer()
        documents = meanings.passing(words.passing(self.feed.documents(changed)))
        self.engine.change(generation, documents, changed)
        words.write(generation)
        meanings.write(generation, gone=changed)
        self.folder.swap_in(generation, wanted)
        log.info("search_index_changed", items=len(changed), revision=wanted.number)

    def _make(self, wanted: Stamp) -> None:
        self.folder.remove_all_but(self.folder.live())  # what a killed process left half-made
        generation = self.folder.new_generation()
        words, meanings = Collector(), gatherer()
        documents = self.feed.documents(self.feed.changed_since(0))
        self.engine.create(generation, meanings.passing(words.passing(documents)))
        words.write(generation)
        meanings.write(generation)
        self.folder.swap_in(generation, wanted)
        log.info("search_index_made", revision=wanted.number)


def is_earlier(done: Stamp, wanted: Stamp) -> bool:
    """Whether an index at `done` is an earlier state of this very database, so that the changes since are enough."""
    return done.epoch == wanted.epoch and done.number <= wanted.number
