"""Seats that register, and trunks."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("seat", sa.Column("secret", sa.LargeBinary, nullable=True))
    op.add_column("seat", sa.Column("in_browser", sa.Boolean, nullable=False, server_default=sa.false()))
    op.alter_column("seat", "in_browser", server_default=None)
    op.create_table(
        "trunk",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("name", sa.String(32), nullable=False, unique=True),
        sa.Column("host", sa.String(120), nullable=False),
        sa.Column("port", sa.Integer, nullable=False),
        sa.Column("username", sa.String(80), nullable=False),
        sa.Column("secret", sa.LargeBinary, nullable=True),
        sa.Column("registers", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        sa.CheckConstraint("NOT registers OR username <> ''", name="registers_as_somebody"),
    )


def downgrade() -> None:
    op.drop_table("trunk")
    op.drop_column("seat", "in_browser")
    op.drop_column("seat", "secret")
