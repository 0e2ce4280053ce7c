"""The search field and its filters. Rubbish in an address is no filter and no error."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SearchField, SelectField
from wtforms.validators import Optional

from accounts.models import Department
from config.web.forms import HouseForm
from knowledge_base.words import Audience, ItemKind


class SearchForm(HouseForm):
    """Sent by GET."""

    class Meta:
        csrf = False

    q = SearchField(
        _l("Search"), render_kw={"data-search": True, "data-shortcut": "/", "autocomplete": "off"}
    )
    kind = SelectField(_l("Kind"), validate_choice=False, render_kw={"data-send-on-change": True})
    department = SelectField(_l("Department"), validate_choice=False, render_kw={"data-send-on-change": True})

    audience = SelectField(_l("For whom"), validate_choice=False, render_kw={"data-send-on-change": True})
    region = SelectField(_l("Region"), validate_choice=False, render_kw={"data-send-on-change": True})
    on = DateField(_l("Valid on"), [Optional()], render_kw={"data-send-on-change": True})

    def __init__(
        self, departments: Iterable[Department], regions: Iterable[str] = (), **more: object
    ) -> None:
        super().__init__(**more)
        self.audience.choices = [("", _("For everybody")), *Audience.choices()]
        self.region.choices = [("", _("All regions")), *((name, name) for name in regions)]
        self.kind.choices = [("", _("All kinds")), *ItemKind.choices()]
        self.department.choices = [("", _("All departments")), *((d.code, str(d)) for d in departments)]

    def kinds(self) -> frozenset[ItemKind]:
        """The kinds asked for; empty: all."""
        return frozenset(kind for kind in ItemKind if kind.value == self.kind.data)

    def audiences(self) -> frozenset[Audience]:
        """Whom it should be for; empty: whomever."""
        return frozenset(audience for audience in Audience if audience.value == self.audience.data)

    def regions(self) -> frozenset[str]:
        """Where it should hold; empty: wherever."""
        return frozenset(name for name in (self.region.data,) if name)

    def day(self) -> date | None:
        """The day asked for, None for today; what is no date is today."""
        return self.on.data if not self.on.process_errors else None

    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any((self.kind.data, self.department.data, self.audience.data, self.region.data, self.day()))
