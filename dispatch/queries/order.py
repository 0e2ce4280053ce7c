"""How lists of cases are sorted: by the time that is left, or by number, either way round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.sql.elements import ColumnElement

from config.words import Hue, Word
from dispatch.models import Case


class Order(Word):
    """As it stands in an address (`?sort=-number`). Numbers ascend as cases are registered."""

    DUE = "due", _l("Soonest due first"), Hue.QUIET
    DUE_LAST = "-due", _l("Latest due first"), Hue.QUIET
    NUMBER = "number", _l("Oldest first"), Hue.QUIET
    NUMBER_LAST = "-number", _l("Newest first"), Hue.QUIET

    @property
    def column(self) -> str:
        """`due` or `number`."""
        return self.value.removeprefix("-")

    @property
    def descends(self) -> bool:
        return self.value.startswith("-")


Keys = Sequence[ColumnElement[Any]]

WORK_KEYS: Keys = (Case.due_at.asc(), Case.id.asc())
NEWEST_FIRST: Keys = (Case.id.desc(),)
ORDER_KEYS: dict[Order, Keys] = {
    Order.DUE: WORK_KEYS,
    Order.DUE_LAST: (Case.due_at.desc(), Case.id.desc()),
    Order.NUMBER: (Case.id.asc(),),
    Order.NUMBER_LAST: NEWEST_FIRST,
}
"""The sort keys of each; those by the time left only serve lists of cases that all have a due time."""

BY_NUMBER = (Order.NUMBER, Order.NUMBER_LAST)
EVERY_ORDER = tuple(Order)
