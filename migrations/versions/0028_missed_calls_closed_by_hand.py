"""Missed calls, and kept places with them, are closed by a person, with a reason."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

REASONS = ("spoken", "no_concern", "nuisance", "other")
MISSED = ("open", "reached", "came_through", "not_reached")
KEPT = ("waiting", "reached", "came_through", "not_reached", "expired")


def _words(table: str, name: str, words: tuple[str, ...]) -> None:
    op.drop_constraint(name, table, type_="check")
    op.create_check_constraint(name, table, f"state IN ({_listed(words)})")


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(f"'{word}'" for word in words)


def upgrade() -> None:
    _words("missed_call", "missed_state", (*MISSED, "closed"))
    _words("kept_place", "kept_place_state", (*KEPT, "closed"))
    op.add_column("missed_call", sa.Column("closed_by_id", sa.BigInteger, sa.ForeignKey("person.id")))
    op.add_column("missed_call", sa.Column("reason", sa.String(32)))
    op.add_column("missed_call", sa.Column("note", sa.String(200), nullable=False, server_default=""))
    op.create_check_constraint("missed_reason", "missed_call", f"reason IN ({_listed(REASONS)})")
    op.create_check_constraint(
        "closed_by_somebody",
        "missed_call",
        "(state = 'closed') = (reason IS NOT NULL) AND (state = 'closed') = (closed_by_id IS NOT NULL)",
    )


def downgrade() -> None:
    for name in ("closed_by_somebody", "missed_reason"):
        op.drop_constraint(name, "missed_call", type_="check")
    for column in ("note", "reason", "closed_by_id"):
        op.drop_column("missed_call", column)
    op.execute("UPDATE missed_call SET state = 'not_reached' WHERE state = 'closed'")
    op.execute("UPDATE kept_place SET state = 'not_reached' WHERE state = 'closed'")
    _words("missed_call", "missed_state", MISSED)
    _words("kept_place", "kept_place_state", KEPT)
