"""Callers who gave up and are owed a call."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "missed_call",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.String(64), nullable=False),
        sa.Column("queue_id", sa.BigInteger, sa.ForeignKey("call_queue.id"), nullable=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("first_missed_at", MOMENT, nullable=False),
        sa.Column("last_missed_at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempt_call_id", sa.BigInteger, sa.ForeignKey("call.id"), nullable=True),
        sa.Column("attempt_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (state = 'open')", name="closed_state"),
        sa.CheckConstraint("attempts >= 0 AND times >= 1", name="counts"),
        sa.CheckConstraint(
            "state IN ('open', 'reached', 'came_through', 'not_reached')", name="missed_state"
        ),
    )
    _index("uq_missed_call_open", ["number_index"], "closed_at IS NULL", unique=True)
    _index("ix_missed_call_due", ["due_at"], "closed_at IS NULL")
    _index("ix_missed_call_closed", [sa.text("closed_at DESC")], "closed_at IS NOT NULL")
    _index("ix_missed_call_attempt", ["attempt_call_id"], "attempt_call_id IS NOT NULL")


def _index(name: str, columns: list, where: str, unique: bool = False) -> None:
    op.create_index(name, "missed_call", columns, unique=unique, postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("missed_call")
