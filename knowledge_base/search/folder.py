"""Where an index lives: generations side by side, one of them live.

    <engine>/current        the name of the live generation
    <engine>/gen-…/         an index, with `stamp.json`: how far it is and by which recipe; never changed once live
    <engine>/writer.lock    held by the one process that writes, however long it takes
    <engine>/live.lock      held for moments, while the live one is opened or swapped
    <engine>/encoder.lock   held by the one process that makes vectors, which writes now and then

The locks are the kernel's (flock): a killed process lets go of them, and what it left half-made was never live.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.ids import new_id
from knowledge_base.models import Stamp
from knowledge_base.search import meaning
from knowledge_base.search.engine import Damaged
from knowledge_base.search.text import RECIPE

_POLL_SECONDS = 0.02


class Busy(Exception):
    """Another process holds the lock for longer than we want to wait."""


class IndexFolder:
    """The folder of one engine on one machine."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def live(self) -> Path | None:
        """The live generation, if there is one."""
        try:
            name = (self.path / "current").read_text().strip()
        except (FileNotFoundError, UnicodeDecodeError):
            return None
        generation = self.path / name
        return generation if name.startswith("gen-") and generation.is_dir() else None

    def new_generation(self, like: Path | None = None) -> Path:
        """A folder that nobody reads yet: empty, or with hard links to the files of `like`."""
        generation = self.path / f"gen-{new_id()}"
        generation.mkdir(parents=True)
        for file in like.iterdir() if like else ():
            if file.name != "stamp.json" and not file.name.endswith("LOCK"):
                os.link(file, generation / file.name)
        return generation

    def swap_in(self, generation: Path, stamp: Stamp, meant: int = 0) -> None:
        """Make `generation` the live one and remove all others; for the holder of the writer's lock.

        `meant` is the number up to which it has vectors too.
        """
        told = {"epoch": stamp.epoch, "number": stamp.number, "recipe": RECIPE, "meant": meant}
        told["meant_by"] = meaning.recipe()
        (generation / "stamp.json").write_text(json.dumps(told))
        with self._locked("live.lock", fcntl.LOCK_EX, None):
            draft = self.path / "current.new"
            with draft.open("w") as file:
                file.write(generation.name)
                file.flush()
                os.fsync(file.fileno())
            os.replace(draft, self.path / "current")
            self.remove_all_but(generation)

    def remove_all_but(self, generation: Path | None) -> None:
        """Remove what is not live; who has it open reads on undisturbed."""
        for other in self.path.glob("gen-*"):
            if other != generation:
                shutil.rmtree(other, ignore_errors=True)

    @contextmanager
    def writing(self, wait: float | None) -> Iterator[None]:
        """Be the one who writes. Busy after `wait` seconds; None waits as long as it takes."""
        with self._locked("writer.lock", fcntl.LOCK_EX, wait):
            yield

    @contextmanager
    def encoding(self, wait: float | None) -> Iterator[None]:
        """Be the one who makes vectors. Busy after `wait` seconds; None waits as long as it takes."""
        with self._locked("encoder.lock", fcntl.LOCK_EX, wait):
            yield

    @contextmanager
    def opening(self) -> Iterator[Path | None]:
        """The live generation, which stays where it is meanwhile."""
        with self._locked("live.lock", fcntl.LOCK_SH, None):
            yield self.live()

    @contextmanager
    def _locked(self, name: str, how: int, wait: float | None) -> Iterator[None]:
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / name).open("a") as lock:
            if wait is None:
                fcntl.flock(lock, how)
            else:
                _within(wait, lock.fileno(), how)
            yield  # closing the file lets go of the lock


def stamp_of(generation: Path) -> Stamp:
    """How far an index is. Damaged if it does not say, or if another recipe made it."""
    try:
        kept = json.loads((generation / "stamp.json").read_text())
        if kept["recipe"] != RECIPE:
            raise Damaged(f"{generation.name} was made by recipe {kept['recipe']}, not {RECIPE}")
        return Stamp(str(kept["epoch"]), int(kept["number"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{generation.name} does not say how far it is: {error!r}") from error


def meant_of(generation: Path) -> int:
    """The number up to which an index has vectors that we can use; what is later is not encoded yet."""
    try:
        kept = json.loads((generation / "stamp.json").read_text())
        return int(kept["meant"]) if kept["meant_by"] == meaning.recipe() != "" else 0
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def _within(seconds: float, lock: int, how: int) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(lock, how | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            if time.monotonic() >= until:
                raise Busy from None
            time.sleep(_POLL_SECONDS)
