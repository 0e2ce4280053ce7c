"""Blocks that are proposed and decided."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column(
        "number_rule", sa.Column("state", sa.String(32), nullable=False, server_default="in_force")
    )
    op.alter_column("number_rule", "state", server_default=None)
    op.add_column("number_rule", sa.Column("days", sa.Integer, nullable=True))
    op.add_column("number_rule", sa.Column("call_id", sa.BigInteger, nullable=True))
    op.add_column("number_rule", sa.Column("decided_by_id", sa.BigInteger, nullable=True))
    op.add_column("number_rule", sa.Column("decided_at", MOMENT, nullable=True))
    op.create_foreign_key("fk_number_rule_call_id_call", "number_rule", "call", ["call_id"], ["id"])
    op.create_foreign_key(
        "fk_number_rule_decided_by_id_person", "number_rule", "person", ["decided_by_id"], ["id"]
    )
    op.create_check_constraint(
        "rule_state", "number_rule", "state IN ('proposed', 'in_force', 'refused', 'lifted')"
    )
    op.create_check_constraint(
        "decided_by_somebody", "number_rule", "(decided_at IS NULL) = (decided_by_id IS NULL)"
    )
    op.create_index("ix_number_rule_state", "number_rule", ["state", sa.text("id DESC")])
    op.create_index(
        "uq_number_rule_proposed",
        "number_rule",
        ["number_index"],
        unique=True,
        postgresql_where=sa.text("state = 'proposed'"),
    )


def downgrade() -> None:
    op.drop_index("uq_number_rule_proposed", table_name="number_rule")
    op.drop_index("ix_number_rule_state", table_name="number_rule")
    op.drop_constraint("decided_by_somebody", "number_rule", type_="check")
    op.drop_constraint("rule_state", "number_rule", type_="check")
    for name in ("decided_at", "decided_by_id", "call_id", "days", "state"):
        op.drop_column("number_rule", name)
