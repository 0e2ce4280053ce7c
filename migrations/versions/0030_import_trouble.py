"""Why an import stands still."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "knowledge_import", sa.Column("trouble", sa.String(500), nullable=False, server_default="")
    )
    op.alter_column("knowledge_import", "trouble", server_default=None)


def downgrade() -> None:
    op.drop_column("knowledge_import", "trouble")
