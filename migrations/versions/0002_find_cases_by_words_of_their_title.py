"""Find cases by words of their title."""

from alembic import op
from sqlalchemy import text

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIGRAMS = """
CREATE FUNCTION bigrams(words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT array_agg(DISTINCT substr(lower(words), n, 2)) FROM generate_series(1, length(words) - 1) AS n
$$
"""


def upgrade() -> None:
    op.execute(BIGRAMS)
    op.create_index("ix_case_title", "case", [text("bigrams(title::text)")], postgresql_using="gin")


def downgrade() -> None:
    op.drop_index("ix_case_title", "case")
    op.execute("DROP FUNCTION bigrams(text)")
