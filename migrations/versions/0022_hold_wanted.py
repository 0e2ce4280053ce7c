"""What was last asked for is kept with a leg: a switch may tell of a hold after we have ended it."""

import sqlalchemy as sa
from alembic import op

revision = "0022_hold"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call_leg", sa.Column("hold_wanted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("call_leg", "hold_wanted", server_default=None)
    op.add_column("call_leg", sa.Column("resume_asked_at", sa.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    op.drop_column("call_leg", "resume_asked_at")
    op.drop_column("call_leg", "hold_wanted")
