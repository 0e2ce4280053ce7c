"""Questions that nobody could answer, as tasks; uses by day, for the knowledge monitor."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019_twiml"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "knowledge_task",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("question", sa.String(200), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("department_id", sa.BigInteger, sa.ForeignKey("department.id"), nullable=False),
        sa.Column("owner_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("item_id", sa.BigInteger, sa.ForeignKey("knowledge_item.id")),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("reminded_on", sa.Date),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by_id", sa.BigInteger, sa.ForeignKey("person.id")),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name="task_state"),
        sa.CheckConstraint("length(btrim(question)) > 0", name="asks_something"),
        sa.CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_its_time"),
        sa.CheckConstraint("(closed_at IS NULL) = (closed_by_id IS NULL)", name="closed_by_somebody"),
        sa.CheckConstraint("state <> 'done' OR item_id IS NOT NULL", name="done_is_answered"),
        sa.CheckConstraint("state <> 'dropped' OR length(btrim(reason)) > 0", name="dropped_says_why"),
    )
    still_open = sa.text("state = 'open'")
    op.create_index(
        "uq_knowledge_task_open",
        "knowledge_task",
        [sa.text("lower(question)")],
        unique=True,
        postgresql_where=still_open,
    )
    op.create_index("ix_knowledge_task_due", "knowledge_task", ["due_on", "id"], postgresql_where=still_open)
    op.create_index("ix_knowledge_task_created_at", "knowledge_task", ["created_at"])
    op.create_index("ix_knowledge_task_department_id", "knowledge_task", ["department_id"])
    op.create_index(
        "ix_knowledge_task_item_id",
        "knowledge_task",
        ["item_id"],
        postgresql_where=sa.text("item_id IS NOT NULL"),
    )
    op.create_index("ix_knowledge_use_at", "knowledge_use", ["at"])


def downgrade() -> None:
    op.drop_index("ix_knowledge_use_at", "knowledge_use")
    op.drop_table("knowledge_task")
