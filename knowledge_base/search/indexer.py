"""Brings the index on this machine to where the database is. One process at a time, by the writer's lock.

Words come first, and what few texts mean with them. What many mean takes minutes: that is encoded beside, holding up
nobody, and joins in later generations, which say how far they are (`meant_of`).
"""

from __future__ import annotations

import shutil
from pathlib import Path

import structlog

from knowledge_base.models import Stamp
from knowledge_base.search.engine import Damaged, Engine
from knowledge_base.search.feed import DatabaseFeed
from knowledge_base.search.folder import IndexFolder, meant_of, stamp_of
from knowledge_base.search.lexicon import Collector
from knowledge_base.search.meaning import Nothing, gatherer, is_on, is_ready

log = structlog.get_logger(__name__)

PASSAGES_AT_ONCE = 2_000
"""Encoded between two generations: some ten seconds of a process of its own."""


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

    def tidy(self) -> None:
        """Put together the pieces that changes have left, beside the live index: it takes seconds, and whoever
        publishes meanwhile does not wait for it, but throws it away."""
        with self.folder.opening() as live:
            if live is None or not self.engine.is_in_pieces(live):
                return
            generation = self.folder.new_generation(like=live)
        try:
            self.engine.tidy(generation)
        except Exception as error:
            if generation.exists():
                raise
            log.info("search_index_not_tidied", error=repr(error))
            return
        with self.folder.writing(wait=None):
            if self.folder.live() == live and generation.exists():
                self.folder.swap_in(generation, stamp_of(live), meant_of(live))
                log.info("search_index_tidied")
            else:
                shutil.rmtree(generation, ignore_errors=True)

    def catch_up_meanings(self, wait: float | None = 0.0) -> None:
        """Make the vectors that the live index is without, some thousand passages after another: what is killed is not
        begun from the start. Busy after `wait` seconds."""
        with self.folder.encoding(wait):
            while is_on() and self._encode_some():
                pass

    def _change(self, live: Path, done: Stamp, wanted: Stamp) -> None:
        changed = self.feed.changed_since(done.number)
        generation = self.folder.new_generation(like=live)
        meant = meant_of(live)
        words, meanings = Collector(), gatherer(small=True) if meant else Nothing()
        documents = meanings.passing(words.passing(self.feed.documents(changed)))
        self.engine.change(generation, documents, changed)
        words.write(generation)
        if meanings.write(generation, gone=changed) and meant >= done.number:
            meant = wanted.number
        self.folder.swap_in(generation, wanted, meant)
        log.info("search_index_changed", items=len(changed), revision=wanted.number, meant=meant)

    def _make(self, wanted: Stamp) -> None:
        self.folder.remove_all_but(self.folder.live())  # what a killed process left half-made
        generation = self.folder.new_generation()
        words, meanings = Collector(), gatherer(small=True)
        documents = self.feed.documents(self.feed.changed_since(0))
        self.engine.create(generation, meanings.passing(words.passing(documents)))
        words.write(generation)
        meant = wanted.number if meanings.write(generation) else 0
        self.folder.swap_in(generation, wanted, meant)
        log.info("search_index_made", revision=wanted.number, meant=meant)

    def _encode_some(self) -> bool:
        """Whether there may be more to do. Nobody waits for the encoding: it holds no lock that a writer wants."""
        wanted = self.feed.stamp()
        with self.folder.opening() as live:
            if live is None or not self._is_ours(live, wanted):
                return False  # the words come first
            since, number = meant_of(live), stamp_of(live).number
        if since >= number and is_ready():
            return False
        ids, until = self.feed.next_since(since, PASSAGES_AT_ONCE)
        meanings = gatherer()
        for _document in meanings.passing(self.feed.documents(ids)):
            pass
        self.feed.let_go()
        meanings.encode()
        if not is_ready():
            raise RuntimeError("what encoded the texts cannot be opened for questions")
        with self.folder.writing(wait=None):
            live = self.folder.live()
            if live is None or not self._is_ours(live, wanted) or meant_of(live) != since:
                return True  # it was made anew meanwhile
            generation = self.folder.new_generation(like=live)
            if not since:
                Nothing().write(generation)  # those of another recipe
            meanings.write(generation, gone=ids)
            meant = wanted.number if until is None else until
            self.folder.swap_in(generation, stamp_of(live), meant)
        log.info("search_index_encoded", items=len(ids), meant=meant)
        return True

    def _is_ours(self, live: Path, wanted: Stamp) -> bool:
        try:
            return stamp_of(live).epoch == wanted.epoch
        except Damaged:
            return False


def is_earlier(done: Stamp, wanted: Stamp) -> bool:
    """Whether an index at `done` is an earlier state of this very database, so that the changes since are enough."""
    return done.epoch == wanted.epoch and done.number <= wanted.number
