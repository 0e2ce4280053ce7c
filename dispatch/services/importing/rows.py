"""A row of a file as the facts of a case: translated, read, and its category found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from config.errors import Invalid
from config.extensions import db
from dispatch.models import Category
from dispatch.services.importing.columns import READERS
from dispatch.services.importing.tables import Row
from dispatch.services.importing.values import TRANSLATED, Meanings


class Categories:
    """Finds a category by code or by name; a name of our second level before one of a branch."""

    def __init__(self, fallback: str | None) -> None:
        rows = db.session.execute(select(Category.code, Category.name).order_by(Category.code.desc())).all()
        codes = {code for code, _name in rows}
        self._by_word = {name: code for code, name in sorted(rows, key=lambda r: len(r[0]))}
        self._by_word |= {code: code for code in codes}
        self.fallback = fallback
        if fallback is not None and fallback not in codes:
            raise Invalid(fields={"category_code": _("There is no such category.")})

    @property
    def words(self) -> frozenset[str]:
        """Our codes and names."""
        return frozenset(self._by_word)

    def code(self, word: str) -> str | None:
        """The code of a category that is called so, or is that code."""
        return self._by_word.get(word)


@dataclass(frozen=True)
class RowReader:
    """Reads rows by `columns` (`{field: heading}`); what nobody has explained is counted in `unknown`."""

    columns: Mapping[str, str]
    categories: Categories
    meanings: Meanings
    unknown: Counter[tuple[str, str]]

    def read(self, row: Row) -> dict[str, Any]:
        """The facts of a case, or Invalid naming every field that is wrong."""
        facts: dict[str, Any] = {}
        wrong: dict[str, str] = {}
        for name, column in self.columns.items():
            given = row.get(column, "").strip()
            text = self.meanings.get(name, {}).get(given, given)
            if not text or name == "external_no":
                continue
            try:
                facts[name] = READERS[name](text) if name in READERS else text
            except ValueError as error:
                wrong[name] = str(error)
                if name in TRANSLATED:
                    self.unknown[name, given] += 1
        try:
            facts |= self._category(row, facts.pop("category_code", ""), facts.pop("category", ""))
        except Invalid as error:
            wrong |= error.fields
        if wrong:
            raise Invalid(fields=wrong)
        return facts

    def _category(self, row: Row, code: str, name: str) -> dict[str, str]:
        """The code, and for the dispatcher what the file calls it where that is not what we call it."""
        found = self.categories.code(code) or self.categories.code(name)
        field = "category" if self.columns.get("category") else "category_code"
        given = row.get(self.columns.get(field, ""), "").strip()
        if found is None:
            if given or self.categories.fallback is None:
                self.unknown[field, given] += 1
            found = self.categories.fallback
        if found is None:
            raise Invalid(fields={"category": _("We have no category “%(name)s”.", name=given[:40])})
        if not given or self.categories.code(given) == found:
            return {"category_code": found}
        return {"category_code": found, "advice": _("Category in the file: %(name)s", name=given[:200])}
