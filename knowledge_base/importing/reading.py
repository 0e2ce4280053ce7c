"""Get the text out of files. Those of complicated formats are read by a process of its own with little memory and time:
a file that makes its reader hang or swell is a message in the list, not a hotline that stands still."""

from __future__ import annotations

import multiprocessing
import os
import resource
import threading
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from types import TracebackType
from typing import Self

from knowledge_base.importing.formats import Extract, extract
from knowledge_base.importing.kinds import FileKind
from knowledge_base.importing.problems import Unreadable
from knowledge_base.words import ImportProblem

SECONDS = 180
MEMORY = 2 << 30
_HARMLESS = (FileKind.TEXT, FileKind.MARKDOWN)


class TextReader:
    """Use it as a context; the second process is there from the first file that needs it."""

    def __init__(self, most: int, seconds: float = SECONDS) -> None:
        self._most, self._seconds = most, seconds
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, kind: FileKind, data: bytes) -> Extract:
        """The text; Unreadable."""
        if kind in _HARMLESS:
            return extract(kind, data, self._most)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                1, mp_context=multiprocessing.get_context("spawn"), initializer=_confine
            )
        asked: Future[Extract] = self._pool.submit(extract, kind, data, self._most)
        try:
            return asked.result(timeout=self._seconds)
        except (TimeoutError, BrokenProcessPool, MemoryError, RecursionError) as error:
            self._stop()
            raise Unreadable(ImportProblem.TOO_DEAR) from error

    def _stop(self) -> None:
        if self._pool is None:
            return
        for process in list((self._pool._processes or {}).values()):
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._pool = None


def _confine() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with_the_worker, daemon=True).start()


def _end_with_the_worker() -> None:
    """A killed worker stops nobody: what waits for its next file would wait for ever, once more with every kill."""
    worker = multiprocessing.parent_process()
    assert worker is not None
    worker.join()
    os._exit(1)
