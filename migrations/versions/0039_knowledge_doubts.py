"""What an import was not certain of stays with the version until somebody has looked at it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

CARRIED_OVER = """
UPDATE knowledge_version AS version SET doubts = brought.doubts
FROM knowledge_import_row AS brought
WHERE brought.state = 'entered' AND cardinality(brought.doubts) > 0
  AND brought.item_id = version.item_id AND brought.version_number = version.number
  AND version.edit_no = 1 AND version.state <> 'retired'
"""


def upgrade() -> None:
    op.add_column(
        "knowledge_version",
        sa.Column("doubts", postgresql.ARRAY(sa.String(length=32)), nullable=False, server_default=sa.text("'{}'")),
    )
    op.execute(CARRIED_OVER)
    op.create_index(
        "ix_knowledge_version_doubts",
        "knowledge_version",
        ["published_at"],
        postgresql_where=sa.text("state = 'published' AND cardinality(doubts) > 0"),
    )


def downgrade() -> None:
    op.drop_index("ix_knowledge_version_doubts", "knowledge_version")
    op.drop_column("knowledge_version", "doubts")
