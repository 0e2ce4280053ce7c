"""The dictionary as a process sees it: what every stock begins with, and what this city's editors have added."""

from __future__ import annotations

import threading
import time
from datetime import datetime

from flask import current_app
from sqlalchemy import func, select

from config.extensions import db
from knowledge_base.models import WordGroup
from knowledge_base.search.thesaurus import Group, Thesaurus, base_groups

KEY = "knowledge_dictionary"
GLANCE_SECONDS = 1.0


class Dictionary:
    """One process's copy, made anew when the database tells of a change; asked at most once a second."""

    def __init__(self) -> None:
        self._one = threading.Lock()
        self._state: tuple[int, datetime | None] | None = None
        self._thesaurus: Thesaurus | None = None
        self._next_glance = 0.0

    def thesaurus(self) -> Thesaurus:
        """The words and what they mean, as of a second ago at most."""
        with self._one:
            if self._thesaurus is None or time.monotonic() >= self._next_glance:
                self._glance()
            assert self._thesaurus is not None
            return self._thesaurus

    def look_now(self, *_told: object, **_facts: object) -> None:
        """The next search asks the database again."""
        self._next_glance = 0.0

    def _glance(self) -> None:
        row = db.session.execute(select(func.count(), func.max(WordGroup.changed_at))).one()
        self._next_glance = time.monotonic() + GLANCE_SECONDS
        if self._thesaurus is None or (row[0], row[1]) != self._state:
            rows = db.session.execute(select(WordGroup.words, WordGroup.leads).where(WordGroup.active))
            own = [Group(tuple(words), leads) for words, leads in rows]
            names = [group.words[0] for group in own if len(group.words) == 1]
            self._thesaurus = Thesaurus([*own, *base_groups()], names)
            self._state = (row[0], row[1])


def current_thesaurus() -> Thesaurus:
    """The words as the current app's searches know them."""
    found: Dictionary = current_app.extensions[KEY]
    return found.thesaurus()
