"""Tell a retried request from another one with the same key."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("case", sa.Column("intake_digest", sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column("case", "intake_digest")
