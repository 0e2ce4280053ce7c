"""What a page asks of what was sent to it: the names of arguments, fields and files, overheard while it works."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from werkzeug.datastructures import MultiDict

from config.web.incoming import Incoming


class Overheard(MultiDict[str, Any]):
    """Remembers in `names` what it was asked for."""

    def __init__(self, given: Any, names: set[str]) -> None:
        super().__init__(given)
        self.names = names

    def _hear(self, key: object) -> None:
        if isinstance(key, str):
            self.names.add(key)

    def __getitem__(self, key: str) -> Any:
        self._hear(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self._hear(key)
        return super().__contains__(key)

    def get(self, key: str, *args: Any, **kwargs: Any) -> Any:
        self._hear(key)
        return super().get(key, *args, **kwargs)

    def getlist(self, key: str, *args: Any, **kwargs: Any) -> list[Any]:
        self._hear(key)
        return super().getlist(key, *args, **kwargs)


@contextmanager
def overhearing(app: Flask) -> Iterator[dict[str, set[str]]]:
    """In the block: what the app asks of `args`, `form` and `files`."""
    names: dict[str, set[str]] = {"args": set(), "form": set(), "files": set()}

    class Ear(Incoming):
        @property
        def args(self) -> Any:
            return Overheard(super().args, names["args"])

        def _load_form_data(self) -> None:
            super()._load_form_data()
            for part in ("form", "files"):
                self.__dict__[part] = Overheard(self.__dict__[part], names[part])

    before, app.request_class = app.request_class, Ear
    try:
        yield names
    finally:
        app.request_class = before
