"""Queues, and who waits in them."""

from __future__ import annotations

from datetime import time

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from config.model import Model, Moment, word_column
from hotline.models.seat import Skill
from hotline.words import OtherWay, QueueExit

STILL_WAITING = text("left_at IS NULL")


class CallQueue(Model):
    """Where callers who need `skill` wait.

    The default one takes everybody whom no flow sends elsewhere. With `auto_answer` a telephone in the browser picks up
    by itself after a tone. Times are seconds; 0 is never, and for `most_waiting` any number. Open from `opens_at` to
    `closes_at` of the city's day, past midnight where the second is earlier; without them day and night. `sites` and
    `department_ids` (with all below them) are where its agents sit and belong: preferred, or with `only_there` the only
    ones; none named means all.
    """

    __tablename__ = "call_queue"
    __table_args__ = (
        Index(
            "uq_call_queue_default", "is_default", unique=True, postgresql_where=text("is_default AND active")
        ),
        CheckConstraint("ring_timeout BETWEEN 5 AND 120", name="ring_timeout"),
        CheckConstraint("wrap_up_seconds BETWEEN 0 AND 3600", name="wrap_up_seconds"),
        CheckConstraint("announce_every = 0 OR announce_every BETWEEN 15 AND 600", name="announce_every"),
        CheckConstraint("callback_after BETWEEN 0 AND 3600", name="callback_after"),
        CheckConstraint("callback_attempts BETWEEN 1 AND 10", name="callback_attempts"),
        CheckConstraint("callback_hours BETWEEN 1 AND 168", name="callback_hours"),
        CheckConstraint("overflow_after BETWEEN 0 AND 3600", name="overflow_after"),
        CheckConstraint("most_waiting BETWEEN 0 AND 10000", name="most_waiting"),
        CheckConstraint("nobody_after BETWEEN 0 AND 600", name="nobody_after"),
        CheckConstraint("voicemail_seconds BETWEEN 10 AND 180", name="voicemail_seconds"),
        CheckConstraint("(opens_at IS NULL) = (closes_at IS NULL)", name="hours"),
        CheckConstraint("next_queue_id <> id", name="next_queue_is_another"),
    )

    code: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    skill_id: Mapped[int] = mapped_column(ForeignKey("skill.id"))
    is_default: Mapped[bool] = mapped_column(default=False)
    music: Mapped[str] = mapped_column(String(64), default="default")
    ring_timeout: Mapped[int] = mapped_column(default=15)
    wrap_up_seconds: Mapped[int] = mapped_column(default=30)
    priority: Mapped[int] = mapped_column(default=0)
    auto_answer: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    # -- while callers wait
    announce_every: Mapped[int] = mapped_column(default=30)
    callback_after: Mapped[int] = mapped_column(default=60)
    callback_attempts: Mapped[int] = mapped_column(default=3)
    callback_hours: Mapped[int] = mapped_column(default=24)
    overflow_after: Mapped[int] = mapped_column(default=120)
    next_queue_id: Mapped[int | None] = mapped_column(ForeignKey("call_queue.id"))

    # -- whom it does not take
    most_waiting: Mapped[int] = mapped_column(default=0)
    when_full: Mapped[OtherWay] = word_column(OtherWay, check="when_full", default=OtherWay.TURN_AWAY)
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    working_days_only: Mapped[bool] = mapped_column(default=False)
    when_closed: Mapped[OtherWay] = word_column(OtherWay, check="when_closed", default=OtherWay.VOICEMAIL)
    nobody_after: Mapped[int] = mapped_column(default=10)
    when_nobody: Mapped[OtherWay] = word_column(OtherWay, check="when_nobody", default=OtherWay.VOICEMAIL)
    voicemail_seconds: Mapped[int] = mapped_column(default=180)

    # -- who answers, and what is asked afterwards
    sites: Mapped[list[str]] = mapped_column(ARRAY(String(80)), default=list)
    department_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger), default=list)
    only_there: Mapped[bool] = mapped_column(default=False)
    survey: Mapped[bool] = mapped_column(default=True)

    skill: Mapped[Skill] = relationship(lazy="joined", innerjoin=True)
    next_queue: Mapped[CallQueue | None] = relationship(remote_side="CallQueue.id")


class QueueEntry(Model):
    """One wait in one queue. `offered` while somebody's telephone rings for it; `returned` once a ring went unanswered.

    `waiting_since` is the turn that counts: it goes along into the next queue. From `watched_at` on, when an agent was
    first looked for in vain, the wait is looked after; `estimated_seconds` is what was expected of it then.
    """

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index("uq_queue_entry_open", "call_id", unique=True, postgresql_where=STILL_WAITING),
        Index("ix_queue_entry_waiting", "queue_id", "joined_at", postgresql_where=STILL_WAITING),
        Index("ix_queue_entry_call_id", "call_id"),
        Index("ix_queue_entry_left", "queue_id", "left_at", postgresql_where=text("left_at IS NOT NULL")),
        CheckConstraint("(left_at IS NULL) = (exit IS NULL)", name="left_with_exit"),
        CheckConstraint("left_at IS NULL OR NOT offered", name="offered_while_waiting"),
    )

    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    queue_id: Mapped[int] = mapped_column(ForeignKey("call_queue.id"))
    priority: Mapped[int] = mapped_column(default=0)
    joined_at: Mapped[Moment]
    waiting_since: Mapped[Moment]
    watched_at: Mapped[Moment | None]
    estimated_seconds: Mapped[float | None]
    announced_at: Mapped[Moment | None]
    callback_offered_at: Mapped[Moment | None]
    offered: Mapped[bool] = mapped_column(default=False)
    returned: Mapped[bool] = mapped_column(default=False)
    left_at: Mapped[Moment | None]
    exit: Mapped[QueueExit | None] = word_column(QueueExit)

    queue: Mapped[CallQueue] = relationship()
