"""The floor: allowances of breaks, words to agents, what people pressed in a call."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016_seat"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
REASONS = ("break", "meal", "meeting", "coaching", "training", "forced", "no_answer", "no_telephone")
DEEDS = (
    "hold", "resume", "hang_up", "help", "help_taken_back", "consult", "transfer", "emergency", "together", "hand_over",
    "send_away", "pause_recording", "resume_recording", "monitor", "whisper", "barge", "take_over",
)  # fmt: skip


def _one_of(column: str, words: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    op.create_table(
        "break_allowance",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.UniqueConstraint("reason", name="uq_break_allowance_reason"),
        sa.CheckConstraint("minutes BETWEEN 1 AND 480", name="minutes"),
        sa.CheckConstraint(_one_of("reason", REASONS), name="not_ready_reason"),
    )
    op.execute("INSERT INTO break_allowance (reason, minutes) VALUES ('break', 15), ('meal', 45)")
    op.create_table(
        "agent_message",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("agent_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT),
    )
    op.create_index(
        "ix_agent_message_unread",
        "agent_message",
        ["agent_id", "id"],
        postgresql_where=sa.text("read_at IS NULL"),
    )
    op.create_table(
        "call_deed",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("call_id", sa.BigInteger, sa.ForeignKey("call.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.Column("deed", sa.String(32), nullable=False),
        sa.Column("detail", postgresql.JSONB, nullable=False),
        sa.CheckConstraint(_one_of("deed", DEEDS), name="deed"),
    )
    op.create_index("ix_call_deed_call_id", "call_deed", ["call_id", "at"])
    op.create_index("ix_call_deed_deed", "call_deed", ["deed", "call_id"])
    op.add_column("agent_presence", sa.Column("forwards_to", sa.LargeBinary))
    op.add_column("agent_state_change", sa.Column("over_at", MOMENT))
    op.create_index(
        "ix_agent_state_change_over",
        "agent_state_change",
        ["over_at"],
        postgresql_where=sa.text("over_at IS NOT NULL"),
    )
    op.create_check_constraint(
        "only_breaks_run_over", "agent_state_change", "over_at IS NULL OR state = 'not_ready'"
    )
    op.create_index(
        "ix_call_leg_seat", "call_leg", ["seat", "call_id"], postgresql_where=sa.text("seat IS NOT NULL")
    )
    op.add_column("call", sa.Column("emergency", sa.String(8), nullable=False, server_default=""))
    op.alter_column("call", "emergency", server_default=None)


def downgrade() -> None:
    op.drop_column("call", "emergency")
    op.drop_index("ix_call_leg_seat", table_name="call_leg")
    op.drop_constraint("only_breaks_run_over", "agent_state_change", type_="check")
    op.drop_index("ix_agent_state_change_over", table_name="agent_state_change")
    op.drop_column("agent_state_change", "over_at")
    op.drop_column("agent_presence", "forwards_to")
    for name in ("call_deed", "agent_message", "break_allowance"):
        op.drop_table(name)
