"""What the frame of a page needs to know: who looks at it, in which language and theme, and where they may go."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import structlog
from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from accounts.identity import current_person_or_none
from accounts.models import Person
from accounts.permissions import may
from accounts.roles import Role
from config import navigation
from config.settings import settings
from console.wording import words

log = structlog.get_logger(__name__)
NUMBER = "12345"
THEMES = ("light", "dark")


@dataclass(frozen=True)
class PageLink:
    """A page of the head, for one person. `counts`: something waits there, or may; `count` says how much."""

    endpoint: str
    label: str
    href: str
    current: bool
    count: int
    counts: bool = False


class Shell:
    """The frame of the page being answered. What a partial answer does not draw is never computed."""

    number = NUMBER

    @cached_property
    def partial(self) -> bool:
        """htmx asks: only the title and #main are wanted."""
        return "HX-Request" in request.headers

    @cached_property
    def person(self) -> Person | None:
        try:
            return current_person_or_none()
        except SQLAlchemyError as error:
            # An error page must stand even when the database does not.
            log.warning("person_unknown", error=type(error).__name__)
            return None

    @property
    def idle_seconds(self) -> int:
        """After so long without a request a person is signed out."""
        return settings().idle_minutes * 60

    @cached_property
    def name(self) -> str:
        return settings().city_name or _("Citizens' hotline")

    @cached_property
    def lang(self) -> str:
        locale = get_locale()
        return "en" if locale is not None and locale.language == "en" else "zh-CN"

    @cached_property
    def theme(self) -> str:
        chosen = request.cookies.get("theme")
        return chosen if chosen in THEMES else THEMES[0]

    @cached_property
    def here(self) -> str:
        """The address of this page, where a person comes back to."""
        return request.full_path.rstrip("?") if request.method == "GET" else url_for("console.home")

    @cached_property
    def words(self) -> dict[str, Any]:
        return words()

    @property
    def demo(self) -> bool:
        return settings().demo

    # -- what this person may reach

    @cached_property
    def pages(self) -> list[PageLink]:
        """Desks, knowledge and boards: shown side by side."""
        return self._links("desks", "knowledge", "boards")

    @cached_property
    def administration(self) -> list[PageLink]:
        """Shown in a menu of their own."""
        return self._links("administration")

    def _links(self, *groups: str) -> list[PageLink]:
        person = self.person
        if person is None:
            return []
        found = [
            page
            for page in navigation.pages()
            if page.group in groups
            and page.endpoint in current_app.view_functions
            and may(person, page.permission)
        ]
        hrefs = {page.endpoint: url_for(page.endpoint) for page in found}
        current = best_match(request.path, list(hrefs.values()))
        return [
            PageLink(
                endpoint=page.endpoint,
                label=str(page.label),
                href=hrefs[page.endpoint],
                current=hrefs[page.endpoint] == current,
                count=page.counter(person) if page.counter else 0,
                counts=page.counter is not None,
            )
            for page in found
        ]

    @cached_property
    def has_callbar(self) -> bool:
        return self.person is not None and bool(self.callbar_href) and may(self.person, "call:take")

    @cached_property
    def callbar_href(self) -> str:
        return _href("hotline.call_bar")

    @cached_property
    def role_labels(self) -> list[str]:
        """In the order of the roles, but an agent's last: who leads a shift takes calls besides."""
        held = self.person.roles if self.person else frozenset()
        ordered = sorted((role for role in Role if role in held), key=lambda role: role is Role.AGENT)
        return [role.label for role in ordered]

    @property
    def role_label(self) -> str:
        return self.role_labels[0] if self.role_labels else ""

    @cached_property
    def account_href(self) -> str:
        return _href("accounts.account")

    @cached_property
    def sign_out_href(self) -> str:
        return _href("accounts.sign_out")

    @cached_property
    def page_styles(self) -> list[str]:
        """Style sheets that single packages bring (`app.extensions["page_styles"]`)."""
        return current_app.extensions.get("page_styles", [])


def best_match(path: str, hrefs: list[str]) -> str | None:
    """The longest of `hrefs` under which `path` lies."""
    under = [h for h in hrefs if path == h or path.startswith(h.rstrip("/") + "/")]
    return max(under, key=len, default=None)


def _href(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else ""


def init_app(app: Flask) -> None:
    """Give every template its `shell`, and `may("case:sign", case)` of the person who reads it."""
    app.context_processor(lambda: {"shell": Shell()})
    app.jinja_env.globals.setdefault("may", _reader_may)
    app.after_request(_vary)


def _reader_may(permission: str, thing: Any = None) -> bool:
    person = current_person_or_none()
    return person is not None and may(person, permission, thing)


def _vary(response: Any) -> Any:
    if response.mimetype == "text/html":
        response.vary.add("HX-Request")
    return response
