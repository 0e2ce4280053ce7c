"""What every table is made of."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import BigInteger, Identity, String
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import Mapped, MappedColumn, mapped_column

from config.crypto import Encrypted
from config.extensions import db
from config.words import Word

Moment = Annotated[datetime, mapped_column(TIMESTAMP(timezone=True))]
"""An instant: aware, stored as `timestamptz`."""


class Model(db.Model):  # type: ignore[name-defined]
    """A table with a number of our own as key. What people see (`case_no`, …) is another column."""

    __abstract__ = True
    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-100)


def word_column(words: type[Word], *, check: str = "", **options: Any) -> MappedColumn[Any]:
    """A column that holds one of `words`, as text with a CHECK that the database keeps.

    `check` names it where a table has two columns of the same words.
    """
    kind = SqlEnum(
        words,
        native_enum=False,
        length=32,
        create_constraint=True,
        name=check or _snake(words.__name__),
        values_callable=lambda enum: [word.value for word in enum],
        validate_strings=True,
    )
    return mapped_column(kind, **options)


def _snake(name: str) -> str:
    return "".join(f"_{c.lower()}" if c.isupper() else c for c in name).lstrip("_")


Code = Annotated[str, mapped_column(String(64))]

__all__ = ["Code", "Encrypted", "Model", "Moment", "word_column"]
