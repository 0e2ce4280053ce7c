"""Where a seat's telephone registered, and how often another one came in its place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("contact", sa.String(128), nullable=False, server_default=""))
    op.add_column("seat", sa.Column("taken_times", sa.Integer, nullable=False, server_default="0"))
    op.add_column("seat", sa.Column("taken_at", postgresql.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    for column in ("taken_at", "taken_times", "contact"):
        op.drop_column("seat", column)
