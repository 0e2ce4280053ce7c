"""Searches on the public pages are logged, and are nobody's."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

TABLE, ORIGINS, NOBODYS = "knowledge_search", "ck_knowledge_search_search_origin", "ck_knowledge_search_public_is_nobodys"


def upgrade() -> None:
    op.drop_constraint(op.f(ORIGINS), TABLE)
    op.create_check_constraint(op.f(ORIGINS), TABLE, "origin IN ('page', 'panel', 'public')")
    op.alter_column(TABLE, "person_id", existing_type=sa.BigInteger, nullable=True)
    op.create_check_constraint(op.f(NOBODYS), TABLE, "(origin = 'public') = (person_id IS NULL)")


def downgrade() -> None:
    op.execute(f"DELETE FROM {TABLE} WHERE origin = 'public'")
    op.drop_constraint(op.f(NOBODYS), TABLE)
    op.alter_column(TABLE, "person_id", existing_type=sa.BigInteger, nullable=False)
    op.drop_constraint(op.f(ORIGINS), TABLE)
    op.create_check_constraint(op.f(ORIGINS), TABLE, "origin IN ('page', 'panel')")
