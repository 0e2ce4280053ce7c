"""Calls are found by how long they waited and talked."""

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_call_wait", "call", ["wait_seconds"])
    op.create_index("ix_call_talk", "call", ["talk_seconds"])


def downgrade() -> None:
    op.drop_index("ix_call_talk", table_name="call")
    op.drop_index("ix_call_wait", table_name="call")
