"""Whether `FIELD_KEY` is the one this database was written with.

With another, nothing that was sealed opens, nobody is found by their number, and all that is written from now on cannot
be read with the old one. A key that is missing is made anew at start; after a restore without `VAR_DIR/secrets` that
would be noticed on the first page of an old case, hours and calls later. So the database keeps one sealed word.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from config.crypto import seal, unseal
from config.extensions import db
from config.model import Model
from config.transaction import transactional

ONLY = 1
WORD = "12345"


class KeyMark(Model):
    """One row, written by the first program that looks for it."""

    __tablename__ = "key_mark"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    sealed: Mapped[bytes] = mapped_column(LargeBinary)


@transactional
def held() -> None:
    """RuntimeError where the key is another."""
    sealed = db.session.scalar(select(KeyMark.sealed).where(KeyMark.id == ONLY))
    if sealed is None:
        made = insert(KeyMark).values(id=ONLY, sealed=seal(WORD)).on_conflict_do_nothing()
        db.session.execute(made)
        return
    try:
        unseal(bytes(sealed))
    except ValueError:
        raise RuntimeError(
            "FIELD_KEY is not the one this database was written with: give back the old one (VAR_DIR/secrets/field_key)"
        ) from None
