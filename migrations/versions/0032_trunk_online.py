"""Whether a line to the telephone network is there, since when, and how often it went."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("trunk", sa.Column("online", sa.Boolean, nullable=False, server_default="true"))
    op.add_column("trunk", sa.Column("changed_at", postgresql.TIMESTAMP(timezone=True)))
    op.add_column("trunk", sa.Column("fell_times", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    for column in ("fell_times", "changed_at", "online"):
        op.drop_column("trunk", column)
