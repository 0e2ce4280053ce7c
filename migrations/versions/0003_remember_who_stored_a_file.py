"""Remember who stored a file, so that nobody else attaches it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("stored_file", sa.Column("stored_by_id", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE stored_file SET stored_by_id = a.added_by_id FROM attachment a WHERE a.file_id = stored_file.id"
    )


def downgrade() -> None:
    op.drop_column("stored_file", "stored_by_id")
