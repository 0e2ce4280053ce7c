"""Whose telephone a leg at the carrier's is: an agent who forwards is rung at a number like a citizen."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("twiml_leg", sa.Column("role", sa.String(16), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("twiml_leg", "role")
