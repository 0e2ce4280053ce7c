"""A batch of files on its way into the knowledge base, and what became of each."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.model import Model, Moment, word_column
from knowledge_base.models.item import KnowledgeItem
from knowledge_base.models.version import KnowledgeVersion
from knowledge_base.words import Doubt, ImportOrigin, ImportProblem, ImportState, ItemKind, Proposal, RowState


class KnowledgeImport(Model):
    """`person` brought the files and answers for what is entered; `done` of `total` rows are through the job.

    `trouble` is why its last job failed; empty once it goes on.
    """

    __tablename__ = "knowledge_import"
    __table_args__ = (
        CheckConstraint("(undone_at IS NULL) = (undone_by_id IS NULL)", name="undone_by_somebody"),
        Index("ix_knowledge_import_department_id", "department_id"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    origin: Mapped[ImportOrigin] = word_column(ImportOrigin)
    caller: Mapped[str] = mapped_column(String(64), default="")
    publishing: Mapped[bool] = mapped_column(default=False)
    kind: Mapped[ItemKind | None] = word_column(ItemKind)
    region: Mapped[str] = mapped_column(String(80), default="")
    state: Mapped[ImportState] = word_column(ImportState, default=ImportState.READING)
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[Moment]
    touched_at: Mapped[Moment]
    trouble: Mapped[str] = mapped_column(String(500), default="")
    undone_at: Mapped[Moment | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    person: Mapped[Person] = relationship(foreign_keys=person_id, lazy="joined")
    undone_by: Mapped[Person | None] = relationship(foreign_keys=undone_by_id)
    department: Mapped[Department] = relationship(lazy="joined")

    @property
    def import_no(self) -> str:
        """What people call it."""
        return f"I{self.id:06d}"


class ImportRow(Model):
    """One file: what was recognised in it, what it is beside the stock, and what was decided.

    `doubts` names fields a person should look at, `corrected_by` who changed words here: they count as its writers.
    `match` is the version it resembles or follows, `twin` an earlier row of the batch, where that is not entered yet.
    """

    __tablename__ = "knowledge_import_row"
    __table_args__ = (
        UniqueConstraint("import_id", "ordinal"),
        Index("ix_knowledge_import_row_state", "import_id", "state", "ordinal"),
        Index("ix_knowledge_import_row_sha256", "sha256"),
        CheckConstraint("(state = 'unreadable') = (problem IS NOT NULL)", name="unreadable_says_why"),
        CheckConstraint("state <> 'entered' OR item_id IS NOT NULL", name="entered_somewhere"),
        CheckConstraint("state <> 'accepted' OR accepted_by_id IS NOT NULL", name="accepted_by_somebody"),
    )

    import_id: Mapped[int] = mapped_column(ForeignKey("knowledge_import.id"))
    ordinal: Mapped[int]
    name: Mapped[str] = mapped_column(String(300))
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    sha256: Mapped[str] = mapped_column(String(64), default="")
    state: Mapped[RowState] = word_column(RowState, default=RowState.WAITING)
    problem: Mapped[ImportProblem | None] = word_column(ImportProblem)
    detail: Mapped[str] = mapped_column(String(500), default="")

    title: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[ItemKind | None] = word_column(ItemKind)
    issued_by: Mapped[str] = mapped_column(String(120), default="")
    document_no: Mapped[str] = mapped_column(String(80), default="")
    region: Mapped[str] = mapped_column(String(80), default="")
    issued_on: Mapped[date | None]
    effective_on: Mapped[date | None]
    expires_on: Mapped[date | None]
    doubts: Mapped[list[str]] = mapped_column(ARRAY(String(32)), default=list)
    corrected_by: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    edit_no: Mapped[int] = mapped_column(default=0)

    title_key: Mapped[str] = mapped_column(String(200), default="")
    fingerprint: Mapped[str] = mapped_column(String(64), default="")
    sketch: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    proposal: Mapped[Proposal | None] = word_column(Proposal)
    likeness: Mapped[float | None]
    match_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_version.id"))
    twin_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_import_row.id"))

    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("knowledge_item.id"))
    version_number: Mapped[int | None]
    event_id: Mapped[int | None] = mapped_column(BigInteger)

    batch: Mapped[KnowledgeImport] = relationship(lazy="joined")
    match: Mapped[KnowledgeVersion | None] = relationship()
    twin: Mapped[ImportRow | None] = relationship(remote_side="ImportRow.id")
    accepted_by: Mapped[Person | None] = relationship()
    item: Mapped[KnowledgeItem | None] = relationship()

    @property
    def doubtful(self) -> list[Doubt]:
        """What was read without certainty."""
        return [Doubt(name) for name in self.doubts]
