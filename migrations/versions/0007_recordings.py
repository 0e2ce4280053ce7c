"""Recordings that are fetched, kept sealed, held and deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("recording", sa.Column("kept_as", sa.String(64), nullable=True))
    op.add_column("recording", sa.Column("kept_at", MOMENT, nullable=True))
    op.add_column("recording", sa.Column("size", sa.Integer, nullable=True))
    op.add_column("recording", sa.Column("peaks", sa.LargeBinary, nullable=True))
    op.add_column("recording", sa.Column("failures", sa.Integer, nullable=False, server_default="0"))
    op.add_column("recording", sa.Column("failure", sa.String(200), nullable=False, server_default=""))
    op.add_column("recording", sa.Column("held_by_id", sa.BigInteger, nullable=True))
    op.add_column("recording", sa.Column("deleted_at", MOMENT, nullable=True))
    op.alter_column("recording", "failures", server_default=None)
    op.alter_column("recording", "failure", server_default=None)
    op.create_foreign_key("fk_recording_held_by_id_person", "recording", "person", ["held_by_id"], ["id"])
    op.create_check_constraint("kept_somewhere", "recording", "(kept_at IS NULL) = (kept_as IS NULL)")
    op.create_index(
        "ix_recording_to_fetch",
        "recording",
        ["ready_at"],
        postgresql_where=sa.text("kept_at IS NULL AND ready_at IS NOT NULL"),
    )
    op.create_index(
        "ix_recording_kept",
        "recording",
        ["kept_at"],
        postgresql_where=sa.text("deleted_at IS NULL AND held_by_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_recording_kept", table_name="recording")
    op.drop_index("ix_recording_to_fetch", table_name="recording")
    op.drop_constraint("kept_somewhere", "recording", type_="check")
    for name in (
        "deleted_at", "held_by_id", "failure", "failures", "peaks", "size", "kept_at", "kept_as",
    ):  # fmt: skip
        op.drop_column("recording", name)
