"""How long each step may take, how long it does take, and the cards shown for it."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config import clock
from config.model import Model, Moment, word_column
from config.words import Hue, Word
from dispatch.models.case import Case
from dispatch.workflow import ClockKind


class ClockRule(Model):
    """How long: `amount` of `unit`, for a clock × request type × urgency × channel; empty means any.

    The most specific rule holds. `minutes` and `hours` run through nights and
    holidays; `working_days` end with the n-th working day.
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
        CheckConstraint("stopped_at IS NULL OR paused_at IS NULL", name="stopped_is_not_paused"),
        CheckConstraint("stopped_at IS NULL OR stopped_at >= started_at", name="stopped_after_start"),
        CheckConstraint("stopped_at IS NOT NULL OR NOT withdrawn", name="withdrawn_is_stopped"),
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
    withdrawn: Mapped[bool] = mapped_column(
        default=False, doc="stopped because nobody owed it any more, not because it was done"
    )

    case: Mapped[Case] = relationship()

    @property
    def why(self) -> str:
        """Why it is due then: “5 working days from 11-23, ends 11-30 24:00”, in the reader's language."""
        start, due = clock.local(self.started_at), clock.local(self.due_at)
        if self.unit == "working_days":
            last = clock.local(self.due_at - timedelta(seconds=1))
            said = ngettext("%(num)s working day", "%(num)s working days", self.amount)
            ends = f"{last:%m-%d} 24:00"
        else:
            hours = self.unit == "hours"
            said = (
                ngettext("%(num)s hour, any hour counts", "%(num)s hours, any hour counts", self.amount)
                if hours
                else ngettext(
                    "%(num)s minute, any hour counts", "%(num)s minutes, any hour counts", self.amount
                )
            )
            ends = f"{due:%m-%d %H:%M}"
        text = gettext(
            "%(limit)s from %(start)s, ends %(end)s", limit=said, start=f"{start:%m-%d %H:%M}", end=ends
        )
        if self.extended:
            text += gettext(", extended")
        if self.paused_for:
            text += gettext(", moved on by a pause")
        if self.paused_at:
            text += gettext(", standing still since %(at)s", at=f"{clock.local(self.paused_at):%m-%d %H:%M}")
        return text


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
