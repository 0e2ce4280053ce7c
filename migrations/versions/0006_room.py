"""More than two in a call: guests, listeners, and citizens sent back into a queue."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    for name in ("requeued_at", "help_asked_at", "recording_paused_at"):
        op.add_column("call", sa.Column(name, MOMENT, nullable=True))
    op.add_column("call_leg", sa.Column("purpose", sa.String(32), nullable=True))
    op.add_column("call_leg", sa.Column("hears", sa.String(32), nullable=True))
    op.add_column("call_leg", sa.Column("heard", sa.String(32), nullable=True))
    op.add_column("call_leg", sa.Column("invited_by_id", sa.BigInteger, nullable=True))
    op.create_foreign_key("fk_call_leg_invited_by_id_person", "call_leg", "person", ["invited_by_id"], ["id"])
    op.create_check_constraint("purpose", "call_leg", "purpose IN ('consult', 'transfer', 'listen', 'through')")
    op.create_check_constraint("listen_mode", "call_leg", "hears IN ('monitor', 'whisper', 'barge')")
    op.create_check_constraint(
        "listener_is_ours", "call_leg", "(hears IS NULL AND heard IS NULL) OR agent_id IS NOT NULL"
    )
    _live("agent_id IS NOT NULL AND ended_at IS NULL AND given_up_at IS NULL")


def downgrade() -> None:
    _live("role = 'agent' AND ended_at IS NULL AND given_up_at IS NULL")
    for name in ("listener_is_ours", "listen_mode", "purpose"):
        op.drop_constraint(name, "call_leg", type_="check")
    for name in ("invited_by_id", "heard", "hears", "purpose"):
        op.drop_column("call_leg", name)
    for name in ("recording_paused_at", "help_asked_at", "requeued_at"):
        op.drop_column("call", name)


def _live(where: str) -> None:
    """One live leg at most for each of our people."""
    op.drop_index("uq_call_leg_agent_live", table_name="call_leg")
    op.create_index(
        "uq_call_leg_agent_live", "call_leg", ["agent_id"], unique=True, postgresql_where=sa.text(where)
    )
