"""Switches that queue by themselves, and the calls they tell of."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011_search"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
BY_SOMEBODY = "ck_call_answered_by_somebody"


def upgrade() -> None:
    op.create_table(
        "cti_line",
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT, nullable=True),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_cti_line"),
        sa.UniqueConstraint("name", name="uq_cti_line_name"),
        sa.UniqueConstraint("token_hash", name="uq_cti_line_token_hash"),
    )
    op.add_column("call", sa.Column("led_elsewhere", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("call", "led_elsewhere", server_default=None)
    op.drop_constraint(op.f(BY_SOMEBODY), "call", type_="check")
    op.create_check_constraint(
        op.f(BY_SOMEBODY), "call", "answered_at IS NULL OR agent_id IS NOT NULL OR led_elsewhere"
    )


def downgrade() -> None:
    op.execute("DELETE FROM call WHERE led_elsewhere AND answered_at IS NOT NULL AND agent_id IS NULL")
    op.drop_constraint(op.f(BY_SOMEBODY), "call", type_="check")
    op.create_check_constraint(op.f(BY_SOMEBODY), "call", "answered_at IS NULL OR agent_id IS NOT NULL")
    op.drop_column("call", "led_elsewhere")
    op.drop_table("cti_line")
