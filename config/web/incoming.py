"""A request as we take it: no NUL, which PostgreSQL's text cannot hold, and no JSON too deep to be read."""

from __future__ import annotations

import json
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict
from werkzeug.utils import cached_property


class Incoming(Request):
    """Names and values of address and form come without NUL; nobody typed one on purpose, so nothing is lost."""

    @cached_property
    def args(self) -> MultiDict[str, str]:
        return _without_nul(super().args)

    def _load_form_data(self) -> None:
        super()._load_form_data()
        self.__dict__["form"] = _without_nul(self.__dict__["form"])

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """As ever; a thousand brackets within each other are no JSON, and half a character is no text."""
        try:
            read = super().get_json(force=force, silent=silent, cache=cache)
            if b"\\ud" in self.get_data().lower():  # how JSON writes a half; two of them may make a whole
                json.dumps(read, ensure_ascii=False).encode()
            return read
        except (RecursionError, UnicodeEncodeError) as error:
            return None if silent else self.on_json_loading_failed(ValueError(str(error)))


def _without_nul(given: MultiDict[str, str]) -> MultiDict[str, str]:
    pairs = list(given.items(multi=True))
    if not any("\x00" in part for pair in pairs for part in pair):
        return given
    return ImmutableMultiDict((name.replace("\x00", ""), value.replace("\x00", "")) for name, value in pairs)


def init_app(app: Flask) -> None:
    app.request_class = Incoming
