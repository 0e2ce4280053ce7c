"""Words of the search dictionary that lead to others and not back."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("knowledge_word_group", sa.Column("leads", sa.SmallInteger, nullable=False, server_default="0"))
    op.alter_column("knowledge_word_group", "leads", server_default=None)
    op.create_check_constraint(
        "leads_to_others", "knowledge_word_group", "leads BETWEEN 0 AND cardinality(words) - 1"
    )


def downgrade() -> None:
    op.drop_constraint("leads_to_others", "knowledge_word_group", type_="check")
    op.drop_column("knowledge_word_group", "leads")
