"""The forms that pages draw, with what a browser would send if somebody filled them in and pressed the first button."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

TYPED = {
    "date": "2026-12-01",
    "datetime-local": "2026-11-26T10:00",
    "number": "5",
    "tel": "13912340042",
    "time": "08:00",
}


@dataclass
class DrawnForm:
    """A form that is posted to `action`, an address or nothing for the page itself."""

    action: str
    fields: dict[str, str] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[DrawnForm] = []
        self._form: DrawnForm | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        about = {name: value or "" for name, value in attrs}
        if tag == "form":
            posted = about.get("method", "get").lower() == "post" or "hx-post" in about
            self._form = DrawnForm(about.get("action") or about.get("hx-post", "")) if posted else None
            self.forms += [self._form] if self._form else []
        name = about.get("name") or self._select
        if self._form is None or not name or name == "csrf_token":
            return
        if tag == "select":
            self._select = name
        elif tag == "option" or (tag == "input" and about.get("type") == "radio"):
            self._take(name, about.get("value", ""))
        elif tag == "textarea":
            self._take(name, "文字")
        elif tag in ("input", "button"):
            kind = about.get("type", "text")
            typed = "y" if kind == "checkbox" else TYPED.get(kind, "文字")
            self._take(name, about.get("value") or ("" if tag == "button" else typed))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _take(self, name: str, value: str) -> None:
        if self._form is not None and not self._form.fields.get(name):
            self._form.fields[name] = value


def drawn_forms(html: str) -> list[DrawnForm]:
    reader = _Reader()
    reader.feed(html)
    return reader.forms
