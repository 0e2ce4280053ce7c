"""The search field and its filters. Rubbish in an address is no filter and no error."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SearchField, SelectField

from accounts.models import Department
from knowledge_base.words import ItemKind


class SearchForm(FlaskForm):
    """Sent by GET."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Search"), render_kw={"data-search": True, "data-shortcut": "/", "autocomplete": "off"}
    )
    kind = SelectField(_l("Kind"), validate_choice=False, render_kw={"data-send-on-change": True})
    department = SelectField(_l("Department"), validate_choice=False, render_kw={"data-send-on-change": True})

    def __init__(self, departments: Iterable[Department], **more: object) -> None:
        super().__init__(**more)
        self.kind.choices = [("", _("All kinds")), *ItemKind.choices()]
        self.department.choices = [("", _("All departments")), *((d.code, str(d)) for d in departments)]

    def kinds(self) -> frozenset[ItemKind]:
        """The kinds asked for; empty: all."""
        return frozenset(kind for kind in ItemKind if kind.value == self.kind.data)
