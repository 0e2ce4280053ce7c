"""A case: what the citizen said, where it stands, who owes the next step and until when."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    DDL,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    Sequence,
    SmallInteger,
    String,
    Text,
    event,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, relationship

from accounts.models import Department, Person
from config import clock
from config.model import Encrypted, Model, Moment, word_column
from dispatch.models.citizen import Citizen
from dispatch.models.reference import Category
from dispatch.workflow import (
    DEPARTMENT_STATES,
    FINISHED_STATES,
    OPEN_STATES,
    WITH_LEAD_STATES,
    CaseState,
    Channel,
    ClockKind,
    NotAcceptedReason,
    NoticeCause,
    RequestKind,
    RequestType,
    Urgency,
)

CASE_NUMBERS = Sequence("case_number")
CASE_NUMBERS_DDL = "CREATE SEQUENCE case_number"
"""Never reset: the number stays sortable, and no day's row is fought over by every registration."""

BIGRAMS_DDL = """
CREATE FUNCTION bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT substr(lower(words), n, 2)) FROM generate_series(1, length(words) - 1) AS n
$$
"""
"""Every two letters that stand together: what a title is found by, since Chinese has no spaces between words."""


def states(*which: CaseState) -> str:
    """`('a', 'b')` for a constraint or a partial index."""
    return "(" + ", ".join(f"'{state.value}'" for state in sorted(which)) + ")"


class Case(Model):
    """The row that every deed locks. `version` counts deeds, so that a page knows it is out of date."""

    __tablename__ = "case"
    __table_args__ = (
        CheckConstraint(
            f"(state IN {states(*FINISHED_STATES)}) = (closed_at IS NOT NULL AND closed_by_id IS NOT NULL)",
            name="finished_by_somebody",
        ),
        CheckConstraint(
            "CASE WHEN master_case_id IS NULL THEN state <> 'merged' ELSE state IN ('merged', 'archived') END",
            name="merged_has_master",
        ),
        CheckConstraint(f"state NOT IN {states(*OPEN_STATES)} OR due_at IS NOT NULL", name="open_is_due"),
        CheckConstraint("state <> 'not_accepted' OR not_accepted_code IS NOT NULL", name="refused_with_code"),
        CheckConstraint("rating IS NULL OR rating BETWEEN 1 AND 5", name="rating"),
        CheckConstraint(
            f"state NOT IN {states(*WITH_LEAD_STATES)} OR lead_department_id IS NOT NULL", name="has_lead"
        ),
        CheckConstraint("(state = 'suspended') = (review_on IS NOT NULL)", name="suspended_has_review_date"),
        CheckConstraint("master_case_id IS NULL OR master_case_id <> id", name="not_its_own_master"),
        CheckConstraint(
            "return_count >= 0 AND redone_count >= 0 AND urged_count >= 0 AND extended_count BETWEEN 0 AND 1",
            name="counters",
        ),
        Index(
            "ix_case_work", "state", "due_at", "id", postgresql_where=text(f"state IN {states(*OPEN_STATES)}")
        ),
        Index(
            "ix_case_inbox",
            "lead_department_id",
            "due_at",
            "id",
            postgresql_where=text(f"state IN {states(*DEPARTMENT_STATES)}"),
        ),
        Index("ix_case_department", "lead_department_id", "id"),
        Index("ix_case_state", "state", "id"),
        Index("ix_case_citizen", "citizen_id", "id"),
        Index("ix_case_contact", "contact_index", "id"),
        Index(
            "ix_case_departments_due",
            "due_at",
            "id",
            postgresql_where=text(f"state IN {states(*DEPARTMENT_STATES)}"),
        ),
        Index("ix_case_changed", "changed_at", "id"),
        Index("ix_case_registered", "registered_at", "id"),
        Index("ix_case_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        Index("ix_case_master", "master_case_id", postgresql_where=text("master_case_id IS NOT NULL")),
        Index(
            "ix_case_similar",
            "category_code",
            "street_code",
            postgresql_where=text(f"state IN {states(*OPEN_STATES)}"),
        ),
        Index(
            "ix_case_same_place",
            "category_code",
            "district_code",
            postgresql_where=text(f"state IN {states(*OPEN_STATES)}"),
        ),
        Index("ix_case_proposed", "id", postgresql_where=text("proposed_notice IS NOT NULL")),
        Index("ix_case_notice", "id", postgresql_where=text("open_notice")),
        Index("ix_case_pending", "pending", postgresql_using="gin", postgresql_where=text("pending <> '{}'")),
        Index("ix_case_drafts", "registered_by_id", "id", postgresql_where=text("state = 'draft'")),
        Index("ix_case_title", text("bigrams(title::text)"), postgresql_using="gin"),
        Index("ix_case_call", "call_no", postgresql_where=text("call_no IS NOT NULL")),
    )

    # Compared byte by byte, so that its index also serves the beginning of a number.
    case_no: Mapped[str] = mapped_column(String(24, collation="C"), unique=True)
    query_code: Mapped[str] = mapped_column(String(12))
    intake_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    intake_digest: Mapped[str | None] = mapped_column(String(64), doc="of what was sent with the key")
    state: Mapped[CaseState] = word_column(CaseState)
    version: Mapped[int] = mapped_column(default=1)

    request_type: Mapped[RequestType] = word_column(RequestType)
    urgency: Mapped[Urgency] = word_column(Urgency, default=Urgency.NORMAL)
    channel: Mapped[Channel] = word_column(Channel, default=Channel.PHONE)
    category_code: Mapped[str] = mapped_column(ForeignKey("category.code"))
    title: Mapped[str] = mapped_column(String(120))
    content: Mapped[str] = mapped_column(Text)
    asked: Mapped[str] = mapped_column(Text, default="")
    complained_of: Mapped[str] = mapped_column(String(120), default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")

    occurred_at: Mapped[Moment | None]
    district_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    street_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    community_code: Mapped[str | None] = mapped_column(ForeignKey("place.code"))
    address: Mapped[str] = mapped_column(String(200), default="")
    latitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))
    longitude: Mapped[Decimal | None] = mapped_column(Numeric(9, 6))

    citizen_id: Mapped[int | None] = mapped_column(ForeignKey("citizen.id"))
    citizen_name: Mapped[str | None] = mapped_column(Encrypted)
    contact_phone: Mapped[str | None] = mapped_column(Encrypted)
    contact_index: Mapped[str | None] = mapped_column(String(64))
    anonymous: Mapped[bool] = mapped_column(default=False)
    confidential: Mapped[bool] = mapped_column(default=False)
    public: Mapped[bool] = mapped_column(default=False)
    needs_reply: Mapped[bool] = mapped_column(default=True)

    call_no: Mapped[str | None] = mapped_column(String(32))
    previous_case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    master_case_id: Mapped[int | None] = mapped_column(ForeignKey("case.id"))
    lead_department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    close_reason: Mapped[str] = mapped_column(Text, default="")
    not_accepted_code: Mapped[NotAcceptedReason | None] = word_column(NotAcceptedReason)
    route_told: Mapped[str] = mapped_column(Text, default="")

    registered_at: Mapped[Moment]
    dispatched_at: Mapped[Moment | None]
    signed_at: Mapped[Moment | None]
    contacted_at: Mapped[Moment | None]
    replied_at: Mapped[Moment | None]
    closed_at: Mapped[Moment | None]
    changed_at: Mapped[Moment]
    review_on: Mapped[Moment | None]

    clock_kind: Mapped[ClockKind | None] = word_column(ClockKind)
    due_at: Mapped[Moment | None]
    warn_at: Mapped[Moment | None]

    dispatch_count: Mapped[int] = mapped_column(default=0)
    return_count: Mapped[int] = mapped_column(default=0)
    redone_count: Mapped[int] = mapped_column(default=0)
    urged_count: Mapped[int] = mapped_column(default=0)
    supervised_count: Mapped[int] = mapped_column(default=0)
    extended_count: Mapped[int] = mapped_column(default=0)
    overdue_count: Mapped[int] = mapped_column(default=0)
    callback_attempts: Mapped[int] = mapped_column(default=0)
    callback_after: Mapped[Moment | None]
    return_forbidden: Mapped[bool] = mapped_column(default=False)
    return_until: Mapped[Moment | None] = mapped_column(doc="the end of the return clock")
    sent_back: Mapped[bool] = mapped_column(default=False, doc="a draft the dispatch desk sent back")
    referred: Mapped[bool] = mapped_column(
        default=False, doc="still unhappy after a redo: supervision decides"
    )
    repeat_caller: Mapped[bool] = mapped_column(default=False)
    long_running: Mapped[bool] = mapped_column(default=False)
    proposed_notice: Mapped[NoticeCause | None] = word_column(NoticeCause)
    hard: Mapped[bool] = mapped_column(default=False)
    unreasonable: Mapped[bool] = mapped_column(default=False)
    excluded: Mapped[bool] = mapped_column(default=False)
    solved: Mapped[bool | None]
    rating: Mapped[int | None] = mapped_column(SmallInteger, doc="5 very satisfied … 1 very dissatisfied")
    pending: Mapped[list[str]] = mapped_column(ARRAY(String(16)), default=list)
    reply_waiting: Mapped[bool] = mapped_column(default=False)
    open_notice: Mapped[bool] = mapped_column(default=False)

    category: Mapped[Category] = relationship(lazy="joined")
    citizen: Mapped[Citizen | None] = relationship()
    lead_department: Mapped[Department | None] = relationship()
    registered_by: Mapped[Person] = relationship(foreign_keys=[registered_by_id])
    master: Mapped[Case | None] = relationship(foreign_keys=[master_case_id], remote_side="Case.id")
    previous: Mapped[Case | None] = relationship(foreign_keys=[previous_case_id], remote_side="Case.id")
    closed_by: Mapped[Person | None] = relationship(foreign_keys=[closed_by_id])

    # -- what the table of transitions looks at ------------------------------------------------------

    @property
    def can_be_called(self) -> bool:
        """Whether there is a number; the hotline itself calls, so confidentiality is no obstacle."""
        return self.contact_index is not None and self.needs_reply

    @property
    def department_calls(self) -> bool:
        """Whether the department is to contact the citizen: it does not know who asked for confidence."""
        return self.contact_index is not None and not self.confidential and not self.anonymous

    @property
    def overdue(self) -> bool:
        return self.state in OPEN_STATES and self.due_at is not None and self.due_at <= clock.now()

    @property
    def return_in_time(self) -> bool:
        return self.return_until is not None and clock.now() <= self.return_until

    @property
    def callback_due(self) -> bool:
        return self.callback_after is None or self.callback_after <= clock.now()

    @property
    def master_finished(self) -> bool:
        """Whether nothing above this case is open any more."""
        return self.master is None or self.master.state in FINISHED_STATES

    @property
    def pending_requests(self) -> frozenset[RequestKind]:
        return frozenset(RequestKind(kind) for kind in self.pending)

    @property
    def flags(self) -> dict[str, Any]:
        """The flags beside the state with their counters, those that are set."""
        found = {
            "urged": self.urged_count,
            "supervised": self.supervised_count,
            "overdue": self.overdue_count or int(self.overdue),
            "extended": self.extended_count,
            "returned": self.return_count,
            "redone": self.redone_count,
            "hard": int(self.hard),
            "long_running": int(self.long_running),
            "repeat_caller": int(self.repeat_caller),
            "excluded": int(self.excluded),
            "return_forbidden": int(self.return_forbidden),
        }
        return {name: n for name, n in found.items() if n}


event.listen(Case.__table__, "before_create", DDL(BIGRAMS_DDL))
event.listen(Case.__table__, "after_create", DDL(CASE_NUMBERS_DDL))
