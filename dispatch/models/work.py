"""What happens to a case: assignments, clocks, requests, replies, callbacks, urges, notices, its events."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config.extensions import db
from config.model import Encrypted, Model, Moment, word_column
from config.storage import StoredFile
from config.words import Hue, Word
from dispatch.models.case import Case
from dispatch.workflow import Action, CaseState, ClockKind, RequestKind

NOTICE_NUMBERS = Sequence("notice_number", metadata=db.metadata)


class CaseEvent(Model):
    """One line of the timeline, written in the transaction of the deed it tells of."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case", "case_id", "id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    action: Mapped[Action | None] = word_column(Action)
    kind: Mapped[str] = mapped_column(String(32), default="deed", doc="deed, card, alert, unmask")
    from_state: Mapped[CaseState | None] = mapped_column(String(32))
    to_state: Mapped[CaseState | None] = mapped_column(String(32))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    text: Mapped[str] = mapped_column(Text, default="")
    internal: Mapped[bool] = mapped_column(default=False)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict)

    person: Mapped[Person | None] = relationship()
    department: Mapped[Department | None] = relationship()


class AssignmentRole(Word):
    LEAD = "lead", _l("Lead"), Hue.QUIET
    ASSIST = "assist", _l("Assisting"), Hue.QUIET
    BELOW = "below", _l("Handed down"), Hue.QUIET


class Assignment(Model):
    """A department's part in a case. One open lead at a time."""

    __tablename__ = "assignment"
    __table_args__ = (
        Index(
            "uq_assignment_open_lead",
            "case_id",
            unique=True,
            postgresql_where=text("role = 'lead' AND ended_at IS NULL"),
        ),
        Index("ix_assignment_case", "case_id"),
        Index("ix_assignment_open", "department_id", "case_id", postgresql_where=text("ended_at IS NULL")),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    role: Mapped[AssignmentRole] = word_column(AssignmentRole)
    assigned_at: Mapped[Moment]
    assigned_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    due_at: Mapped[Moment | None]
    ended_at: Mapped[Moment | None]
    advice: Mapped[str] = mapped_column(Text, default="")

    department: Mapped[Department] = relationship(lazy="joined")


class ClockRule(Model):
    """How long: `amount` of `unit`, for a clock × request type × urgency × channel; empty means any.

    The most specific rule holds. `unit` is `hours` (any hour counts) or `working_days`.
    """

    __tablename__ = "clock_rule"
    __table_args__ = (
        Index(
            "uq_clock_rule",
            "kind",
            text("coalesce(request_type, '')"),
            text("coalesce(urgency, '')"),
            text("coalesce(channel, '')"),
            unique=True,
        ),
        CheckConstraint("unit IN ('minutes', 'hours', 'working_days')", name="unit"),
        CheckConstraint("amount > 0", name="amount"),
    )

    kind: Mapped[ClockKind] = word_column(ClockKind)
    request_type: Mapped[str | None] = mapped_column(String(32))
    urgency: Mapped[str | None] = mapped_column(String(32))
    channel: Mapped[str | None] = mapped_column(String(32))
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))


class CaseClock(Model):
    """One running, paused or stopped clock. `why` explains the due time in the reader's language, from its facts."""

    __tablename__ = "case_clock"
    __table_args__ = (
        Index("ix_case_clock_case", "case_id"),
        Index(
            "uq_case_clock_running",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
        Index("ix_case_clock_stopped", "kind", "stopped_at", postgresql_where=text("stopped_at IS NOT NULL")),
        CheckConstraint("due_at > started_at", name="due_after_start"),
        CheckConstraint("warn_at <= due_at", name="warn_before_due"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[ClockKind] = word_column(ClockKind)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    started_at: Mapped[Moment]
    due_at: Mapped[Moment]
    warn_at: Mapped[Moment]
    amount: Mapped[int]
    unit: Mapped[str] = mapped_column(String(16))
    stopped_at: Mapped[Moment | None]
    paused_at: Mapped[Moment | None]
    paused_for: Mapped[timedelta] = mapped_column(default=timedelta(0))
    extended: Mapped[bool] = mapped_column(default=False)


class CardColour(Word):
    YELLOW = "yellow", _l("Yellow card"), Hue.WAITING
    RED = "red", _l("Red card"), Hue.LATE


class CaseCard(Model):
    """A warning one working day before due (yellow), a mark on the first day overdue (red)."""

    __tablename__ = "case_card"
    __table_args__ = (UniqueConstraint("clock_id", "colour"), Index("ix_case_card_case", "case_id"))

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    clock_id: Mapped[int] = mapped_column(ForeignKey("case_clock.id"))
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    colour: Mapped[CardColour] = word_column(CardColour)
    shown_at: Mapped[Moment]


class Ruling(Word):
    WAITING = "waiting", _l("Waiting for a ruling"), Hue.WAITING
    APPROVED = "approved", _l("Approved"), Hue.GOOD
    REFUSED = "refused", _l("Refused"), Hue.LATE
    LAPSED = "lapsed", _l("Lapsed"), Hue.QUIET


class CaseRequest(Model):
    """A department asks for a return, an extension, …; the state does not change until it is ruled on."""

    __tablename__ = "case_request"
    __table_args__ = (
        Index("ix_case_request_case", "case_id"),
        Index(
            "uq_case_request_waiting",
            "case_id",
            "kind",
            unique=True,
            postgresql_where=text("ruling = 'waiting'"),
        ),
        Index("ix_case_request_waiting", "kind", "asked_at", postgresql_where=text("ruling = 'waiting'")),
        CheckConstraint("(ruling = 'waiting') = (ruled_at IS NULL)", name="ruled"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[RequestKind] = word_column(RequestKind)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    asked_at: Mapped[Moment]
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    reason_code: Mapped[str | None] = mapped_column(String(32))
    legal_basis: Mapped[str] = mapped_column(Text, default="")
    ruling: Mapped[Ruling] = word_column(Ruling, default=Ruling.WAITING)
    ruled_at: Mapped[Moment | None]
    ruled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    ruling_reason: Mapped[str] = mapped_column(Text, default="")


class ReplyState(Word):
    WRITTEN = "written", _l("Waiting for release"), Hue.WAITING
    RELEASED = "released", _l("Released"), Hue.RUNNING
    PASSED = "passed", _l("Passed"), Hue.GOOD
    FAILED = "failed", _l("Failed review"), Hue.LATE
    SENT_BACK = "sent_back", _l("Back to the officer"), Hue.QUIET


class Reply(Model):
    """What the department answers. The public text stands apart from the internal one (domain § 3, Rules)."""

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_case", "case_id", "id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    state: Mapped[ReplyState] = word_column(ReplyState, default=ReplyState.WRITTEN)
    written_at: Mapped[Moment]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    released_at: Mapped[Moment | None]
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reviewed_at: Mapped[Moment | None]
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    remark: Mapped[str] = mapped_column(Text, default="")
    claim_true: Mapped[bool | None]
    beyond_duty: Mapped[bool] = mapped_column(default=False)
    contacted_number: Mapped[str | None] = mapped_column(Encrypted)
    contacted_at: Mapped[Moment | None]
    solved: Mapped[bool | None]
    why_not: Mapped[str] = mapped_column(Text, default="")
    internal_text: Mapped[str] = mapped_column(Text, default="")
    public_text: Mapped[str] = mapped_column(Text)

    department: Mapped[Department] = relationship()
    written_by: Mapped[Person] = relationship(foreign_keys=[written_by_id])


class CallbackResult(Word):
    NOT_REACHED = "not_reached", _l("Not reached"), Hue.QUIET
    REACHED = "reached", _l("Reached"), Hue.GOOD


class Callback(Model):
    """One try to ask the citizen: is it solved, are you satisfied?"""

    __tablename__ = "callback"
    __table_args__ = (
        Index("ix_callback_case", "case_id"),
        Index("ix_callback_at", "at"),
        CheckConstraint("(result = 'reached') = (solved IS NOT NULL)", name="reached_is_answered"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    result: Mapped[CallbackResult] = word_column(CallbackResult)
    solved: Mapped[bool | None]
    rating: Mapped[int | None] = mapped_column(doc="5 very satisfied … 1 very dissatisfied; None: not rated")
    remark: Mapped[str] = mapped_column(Text, default="")


class Urge(Model):
    """The citizen called again about an open case (domain § 3, Rules), or the hotline presses."""

    __tablename__ = "urge"
    __table_args__ = (Index("ix_urge_case", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    at: Mapped[Moment]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text)
    call_no: Mapped[str | None] = mapped_column(String(32))


class SupervisionNotice(Model):
    """A numbered notice with demand, addressee and deadline, answered in its own step."""

    __tablename__ = "supervision_notice"
    __table_args__ = (
        Index("ix_supervision_notice_case", "case_id"),
        Index("ix_supervision_notice_open", "due_at", postgresql_where=text("answered_at IS NULL")),
    )

    notice_no: Mapped[str] = mapped_column(String(24), unique=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    department_id: Mapped[int] = mapped_column(ForeignKey("department.id"))
    issued_at: Mapped[Moment]
    issued_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    cause: Mapped[str] = mapped_column(String(32), default="")
    demand: Mapped[str] = mapped_column(Text)
    due_at: Mapped[Moment]
    answered_at: Mapped[Moment | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    answer: Mapped[str] = mapped_column(Text, default="")

    department: Mapped[Department] = relationship()


class CaseDraft(Model):
    """What somebody is typing, kept for them until they finish or discard it."""

    __tablename__ = "case_draft"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    sealed: Mapped[str] = mapped_column(Encrypted, doc="the form as JSON; it holds names and numbers")
    version: Mapped[int]
    saved_at: Mapped[Moment]


class Attachment(Model):
    """A file on a case, or on one of its replies."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case", "case_id"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    reply_id: Mapped[int | None] = mapped_column(ForeignKey("reply.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    added_at: Mapped[Moment]
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))

    file: Mapped[StoredFile] = relationship(lazy="joined")


__all__ = ["Case"]
