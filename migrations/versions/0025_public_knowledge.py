"""Knowledge that stands on public pages: said by the version, so that four eyes see it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("knowledge_version", sa.Column("public", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("knowledge_version", "public", server_default=None)
    op.create_check_constraint(
        "staff_text_is_not_public",
        "knowledge_version",
        "NOT public OR (audience <> 'staff' AND kind <> 'script')",
    )
    op.create_index(
        "ix_knowledge_version_public",
        "knowledge_version",
        ["published_at"],
        postgresql_where=sa.text("state = 'published' AND public"),
    )


def downgrade() -> None:
    op.drop_index("ix_knowledge_version_public", "knowledge_version")
    op.drop_constraint("staff_text_is_not_public", "knowledge_version", type_="check")
    op.drop_column("knowledge_version", "public")
