"""Seats with an address of their own at their switch."""

import sqlalchemy as sa
from alembic import op

revision = "0016_seat"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("address", sa.String(120), nullable=False, server_default=""))
    op.alter_column("seat", "address", server_default=None)


def downgrade() -> None:
    op.drop_column("seat", "address")
