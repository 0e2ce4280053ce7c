"""A question that nobody could answer from the stock, as work for a department: what is to be written, by when."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.words import TaskState


class CollectionTask(Model):
    """`question` is what was searched for, `times` how often by then; `item` what answers it, once it is begun.

    A question is open once: whoever finds it again sees the task there is.
    """

    __tablename__ = "knowledge_task"
    __table_args__ = (
        Index(
            "uq_knowledge_task_open",
            text("lower(question)"),
            unique=True,
            postgresql_where=text("state = 'open'"),
        ),
        Index("ix_knowledge_task_due", "due_on", "id", postgresql_where=text("state = 'open'")),
        Index("ix_knowledge_task_created_at", "created_at"),
        Index("ix_knowledge_task_department_id", "department_id"),
        Index("ix_knowledge_task_item_id", "item_id", postgresql_where=text("item_id IS NOT NULL")),
        CheckConstraint("length(btrim(question)) > 0", name="asks_something"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_its_time"),
        CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        CheckConstraint("state <> 'done' OR item_id IS NOT NULL", name="done_is_answered"),
        CheckConstraint("state <> 'dropped' OR length(btrim(reason)) > 0", name="dropped_says_why"),
    )

    question: Mapped[str] = mapped_column(String(200))
    times: Mapped[int] = mapped_column(default=1)
    note: Mapped[str] = mapped_column(String(500), default="")
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    due_on: Mapped[date]
    state: Mapped[TaskState] = word_column(TaskState, default=TaskState.OPEN)
    created_at: Mapped[Moment]
    created_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_item.id"))
    reason: Mapped[str] = mapped_column(String(500), default="")
    reminded_on: Mapped[date | None]
    closed_at: Mapped[Moment | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    department: Mapped[Department] = relationship(lazy="joined")
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    created_by: Mapped[Person] = relationship(foreign_keys=created_by_id)
    closed_by: Mapped[Person | None] = relationship(foreign_keys=closed_by_id)
    item: Mapped[KnowledgeItem | None] = relationship()

    @property
    def task_no(self) -> str:
        """What people call it."""
        return f"C{self.id:06d}"
