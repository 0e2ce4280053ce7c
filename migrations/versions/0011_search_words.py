"""What search learns from people: groups of words, and questions that were answered."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011_search"
down_revision = "0010"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_word_group",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("words", postgresql.ARRAY(sa.String(40)), nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.CheckConstraint("cardinality(words) BETWEEN 1 AND 20", name="says_something"),
    )
    op.create_index("ix_knowledge_word_group_changed_at", "knowledge_word_group", ["changed_at"])
    op.create_table(
        "knowledge_asked",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("item_id", sa.BigInteger, sa.ForeignKey("knowledge_item.id"), nullable=False),
        sa.Column("opening", sa.String(32), nullable=False),
        sa.Column("question", sa.String(120), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("in_index", sa.Boolean, nullable=False),
        sa.UniqueConstraint("item_id", "opening", "question"),
    )
    op.create_index(
        "ix_knowledge_asked_waiting",
        "knowledge_asked",
        ["item_id"],
        postgresql_where=sa.text("NOT in_index"),
    )


def downgrade() -> None:
    op.drop_table("knowledge_asked")
    op.drop_table("knowledge_word_group")
