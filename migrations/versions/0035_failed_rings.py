"""Rings that could not be: how many running, until when nobody is rung there, and how often a seat had them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

COLUMNS = {"agent_presence": ("failed_rings", "rests_until"), "seat": ("failed_times", "failed_at")}


def upgrade() -> None:
    for table, (count, moment) in COLUMNS.items():
        op.add_column(table, sa.Column(count, sa.Integer, nullable=False, server_default="0"))
        op.add_column(table, sa.Column(moment, postgresql.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    for table, columns in COLUMNS.items():
        for column in columns:
            op.drop_column(table, column)
