"""Orders to a carrier are found by their call, so that both can be forgotten."""

from alembic import op

revision = "0019_twiml"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_twiml_order_call_id", "twiml_order", ["call_id"])


def downgrade() -> None:
    op.drop_index("ix_twiml_order_call_id", "twiml_order")
