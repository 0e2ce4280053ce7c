"""The number that search follows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, CheckConstraint, String, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from config import bells
from config.extensions import db
from config.ids import new_id
from config.model import Model


@dataclass(frozen=True)
class Stamp:
    """How far something is: `number` counts within `epoch`, which is another for every database."""

    epoch: str
    number: int


BELL = "knowledge"
"""Rings when the number has been counted up, so that every index is looked after at once."""
NOTHING_YET = Stamp("", 0)


class KnowledgeRevision(Model):
    """A single row, counted up under its lock, so that numbers become visible in their order.

    A sequence would not do: its number 11 may be committed before its number 10, and who followed to 11 would
    never look for 10 again.
    """

    __tablename__ = "knowledge_revision"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    epoch: Mapped[str] = mapped_column(String(32))
    number: Mapped[int] = mapped_column(BigInteger)


def next_revision() -> int:
    """Count up. The row stays locked until the caller's transaction ends."""
    row = insert(KnowledgeRevision).values(id=1, epoch=new_id(), number=1)
    counted = row.on_conflict_do_update(
        index_elements=["id"], set_={"number": KnowledgeRevision.number + 1}
    ).returning(KnowledgeRevision.number)
    bells.ring(BELL)
    return db.session.execute(counted).scalar_one()


def current_stamp() -> Stamp:
    """How far the database is."""
    row = db.session.execute(select(KnowledgeRevision.epoch, KnowledgeRevision.number)).first()
    return Stamp(row.epoch, row.number) if row else NOTHING_YET
