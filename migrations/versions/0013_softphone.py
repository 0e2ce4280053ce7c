"""The telephone in the browser: who is it, how it sounds, who picks up by itself."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
REASONS = ("break", "meal", "meeting", "coaching", "training", "forced", "no_answer")
PURPOSES = ("consult", "transfer", "listen", "through")
HAVE_REASONS = ("agent_presence", "agent_state_change")


def upgrade() -> None:
    _reasons(*REASONS, "no_telephone")
    _one_of("call_leg", "purpose", *PURPOSES, "return")
    op.add_column("agent_presence", sa.Column("browser", sa.String(36), nullable=True))
    op.create_check_constraint(
        "browser_at_a_seat", "agent_presence", "browser IS NULL OR seat_id IS NOT NULL"
    )
    op.add_column("call_queue", sa.Column("auto_answer", sa.Boolean, nullable=False, server_default="false"))
    op.alter_column("call_queue", "auto_answer", server_default=None)
    figures = ("jitter", "worst_jitter", "round_trip", "worst_round_trip", "score", "worst_score")
    counts = ("sent", "received", "lost", "lost_there", "warnings")
    op.create_table(
        "call_quality",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("leg_id", sa.BigInteger, sa.ForeignKey("call_leg.id", ondelete="CASCADE"), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
        sa.Column("codec", sa.String(32), nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counts),
        *(sa.Column(name, sa.Float, nullable=False) for name in figures),
        sa.Column("ended", sa.Boolean, nullable=False),
        sa.UniqueConstraint("leg_id"),
        sa.CheckConstraint("score BETWEEN 1 AND 5 AND worst_score BETWEEN 1 AND 5", name="scores"),
    )


def downgrade() -> None:
    op.drop_table("call_quality")
    op.drop_column("call_queue", "auto_answer")
    op.drop_constraint("browser_at_a_seat", "agent_presence", type_="check")
    op.drop_column("agent_presence", "browser")
    op.execute("UPDATE agent_presence SET reason = 'no_answer' WHERE reason = 'no_telephone'")
    op.execute("UPDATE agent_state_change SET reason = 'no_answer' WHERE reason = 'no_telephone'")
    op.execute("UPDATE call_leg SET purpose = NULL WHERE purpose = 'return'")
    _reasons(*REASONS)
    _one_of("call_leg", "purpose", *PURPOSES)


def _reasons(*reasons: str) -> None:
    """What an agent may be not ready for."""
    for table in HAVE_REASONS:
        op.drop_constraint("not_ready_reason", table, type_="check")
        _allow("not_ready_reason", table, "reason", reasons)


def _one_of(table: str, column: str, *words: str) -> None:
    op.drop_constraint(column, table, type_="check")
    _allow(column, table, column, words)


def _allow(name: str, table: str, column: str, words: tuple[str, ...]) -> None:
    allowed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(name, table, f"{column} IN ({allowed})")
