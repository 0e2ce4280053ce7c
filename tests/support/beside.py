"""Parts of a running hotline in threads of the test: its clock, and asyncio programs."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask

from config import clockwork


@contextmanager
def clock_running(app: Flask) -> Iterator[None]:
    """Timers fall due and the outbox is delivered meanwhile."""
    stop = threading.Event()
    thread = threading.Thread(target=clockwork.run, args=(app, stop), name="clock")
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


async def _end_the_others() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class Loop:
    """An event loop in a thread. `do(function, …)` calls something in it and waits for what it returns."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="loop")
        self._thread.start()

    def do(self, function: Callable[..., Any], *args: Any) -> Any:
        async def inside() -> Any:
            return function(*args)

        return self.wait(inside())

    def wait(self, doing: Coroutine[Any, Any, Any], seconds: float = 30) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(seconds)

    def close(self) -> None:
        self.wait(_end_the_others())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.run_until_complete(self.loop.shutdown_default_executor())
        self.loop.close()


@contextmanager
def loop_running() -> Iterator[Loop]:
    made = Loop()
    try:
        yield made
    finally:
        made.close()
