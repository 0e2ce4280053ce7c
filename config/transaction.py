"""One deed, one transaction; who must be told is told after it is safe.

A service is decorated with `@transactional`. The outermost call commits, calls inside it join. If it raises,
everything is rolled back and nobody is told. `after_commit` keeps what must only happen once the change is
in the database: signals, live messages, jobs. Where somebody waits for the answer to a deed, `told_later` leaves
the telling until they have it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar

import structlog
from flask import current_app, has_app_context

from config.extensions import db

P = ParamSpec("P")
R = TypeVar("R")
log = structlog.get_logger(__name__)

_DEPTH = "hotline_transaction_depth"
_WAITING = "hotline_after_commit"
_LATER = "hotline_told_later"
_Telling = tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]
_around: list[Callable[[], AbstractContextManager[None]]] = []


@contextmanager
def transaction() -> Iterator[None]:
    """The block is one transaction, or part of the one around it."""
    info = db.session().info
    depth = info.get(_DEPTH, 0)
    info[_DEPTH] = depth + 1
    try:
        yield
        if depth == 0:
            db.session.commit()
    except BaseException:
        if depth == 0:
            info.pop(_WAITING, None)
            db.session.rollback()
        raise
    finally:
        info[_DEPTH] = depth
    if depth == 0:
        _tell_in_time(info.pop(_WAITING, []))


def transactional(function: Callable[P, R]) -> Callable[P, R]:
    """Make a public service function one transaction."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction():
            return function(*args, **kwargs)

    return wrapper


def after_commit(function: Callable[..., Any], *args: Any, **kwargs: Any) -> None:
    """Call `function` once the outermost transaction is committed; at once where there is none."""
    info = db.session().info
    if info.get(_DEPTH, 0) == 0:
        _tell_in_time([(function, args, kwargs)])
    else:
        info.setdefault(_WAITING, []).append((function, args, kwargs))


@contextmanager
def savepoint() -> Iterator[None]:
    """The block is undone alone if it raises, with what was to be told of it."""
    info = db.session().info
    before = len(info.get(_WAITING, ()))
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        del info.get(_WAITING, [])[before:]
        raise


@contextmanager
def untold() -> Iterator[None]:
    """The block's deeds are told to nobody: who writes history tells no one that it happens."""
    info = db.session().info
    before = len(info.get(_WAITING, ()))
    yield
    del info.get(_WAITING, [])[before:]


@contextmanager
def told_later() -> Iterator[Callable[[], None]]:
    """What the deeds of the block have to tell waits until the function given is called, once, with an app around it or
    none. If the block raises, what was done before is told at once."""
    info, app = db.session().info, current_app._get_current_object()  # type: ignore[attr-defined]
    waiting: list[_Telling] = []

    def tell() -> None:
        with nullcontext() if has_app_context() else app.app_context():
            _tell(waiting)
        waiting.clear()

    info[_LATER] = waiting
    try:
        yield tell
    except BaseException:
        _tell(waiting)
        raise
    finally:
        del info[_LATER]


def around_telling(
    made: Callable[[], AbstractContextManager[None]],
) -> Callable[[], AbstractContextManager[None]]:
    """Register what is to be around all that is told of one transaction; it raises nothing."""
    _around.append(made)
    return made


def _tell_in_time(waiting: list[_Telling]) -> None:
    later: list[_Telling] | None = db.session().info.get(_LATER)
    if later is None:
        _tell(waiting)
    else:
        later.extend(waiting)


def _tell(waiting: list[_Telling]) -> None:
    if not waiting:
        return
    with ExitStack() as around:
        for made in _around:
            around.enter_context(made())
        for function, args, kwargs in waiting:
            try:
                function(*args, **kwargs)
            except Exception:
                # The change is already safe. Who was not told sees it on the next look at the database,
                # so a deaf listener must not turn a done deed into an error page.
                log.exception("after_commit_failed", what=getattr(function, "__qualname__", str(function)))
