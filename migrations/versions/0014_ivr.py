"""Flows as data: what callers hear is written down, published and rolled back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014_ivr"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True)


def _to(table: str, column: str, **options: str) -> sa.ForeignKey:
    return sa.ForeignKey(f"{table}.id", name=f"fk_{options.pop('of')}_{column}_{table}", **options)


def upgrade() -> None:
    op.create_table(
        "ivr_flow",
        _id(),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.UniqueConstraint("code", name="uq_ivr_flow_code"),
    )
    op.create_table(
        "ivr_number",
        _id(),
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column(
            "flow_id",
            sa.BigInteger,
            _to("ivr_flow", "flow_id", of="ivr_number", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.UniqueConstraint("number", name="uq_ivr_number_number"),
        sa.CheckConstraint("number ~ '^[0-9]{3,20}$'", name="digits"),
    )
    op.create_index("ix_ivr_number_flow_id", "ivr_number", ["flow_id"])
    op.create_table(
        "ivr_version",
        _id(),
        sa.Column("flow_id", sa.BigInteger, _to("ivr_flow", "flow_id", of="ivr_version"), nullable=False),
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("body", postgresql.JSONB, nullable=False),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("made_by_id", sa.BigInteger, _to("person", "made_by_id", of="ivr_version"), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.Column("published_by_id", sa.BigInteger, _to("person", "published_by_id", of="ivr_version")),
        sa.Column("retired_at", MOMENT),
        sa.UniqueConstraint("flow_id", "number", name="uq_ivr_version_flow_id_number"),
        sa.UniqueConstraint("key", name="uq_ivr_version_key"),
        sa.CheckConstraint("state IN ('draft', 'published', 'retired')", name="version_state"),
        sa.CheckConstraint("(published_at IS NULL) = (state = 'draft')", name="published_once"),
        sa.CheckConstraint(
            "(published_at IS NULL) = (published_by_id IS NULL)", name="published_by_somebody"
        ),
        sa.CheckConstraint("(retired_at IS NOT NULL) = (state = 'retired')", name="retired_state"),
    )
    for state in ("draft", "published"):
        op.create_index(
            f"uq_ivr_version_{state}",
            "ivr_version",
            ["flow_id"],
            unique=True,
            postgresql_where=sa.text(f"state = '{state}'"),
        )
    op.create_table(
        "ivr_switch",
        _id(),
        sa.Column("straight", sa.Boolean, nullable=False),
        sa.Column("broadcast_on", sa.Boolean, nullable=False),
        sa.Column("broadcast", postgresql.JSONB, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger, _to("person", "changed_by_id", of="ivr_switch")),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.create_table(
        "ivr_sound",
        _id(),
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column(
            "file_id", sa.BigInteger, _to("stored_file", "file_id", of="ivr_sound"), nullable=False
        ),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
        sa.Column("kept_by_id", sa.BigInteger, _to("person", "kept_by_id", of="ivr_sound"), nullable=False),
        sa.UniqueConstraint("key", name="uq_ivr_sound_key"),
        sa.CheckConstraint("seconds > 0", name="seconds"),
    )
    op.add_column("call", sa.Column("flow_version", sa.String(32), nullable=False, server_default=""))
    op.alter_column("call", "flow_version", server_default=None)
    op.add_column("call", sa.Column("asked_queue", sa.String(32), nullable=False, server_default=""))
    op.alter_column("call", "asked_queue", server_default=None)
    op.add_column("call", sa.Column("department_id", sa.BigInteger))
    op.create_foreign_key("fk_call_department_id_department", "call", "department", ["department_id"], ["id"])
    op.add_column("call", sa.Column("flow_position", postgresql.JSONB))
    op.add_column("call", sa.Column("flow_answer", postgresql.JSONB))
    # Callers whom a queue's setting sent straight to a person go on doing so.
    op.execute(
        "INSERT INTO ivr_switch (id, straight, broadcast_on, broadcast, changed_at) OVERRIDING SYSTEM VALUE"
        " SELECT 1, NOT welcome, false, '{}', now() FROM call_queue WHERE is_default AND active AND NOT welcome"
    )
    op.drop_index("uq_call_queue_key", "call_queue")
    op.drop_constraint("key", "call_queue", type_="check")
    op.drop_column("call_queue", "key")
    op.drop_column("call_queue", "welcome")


def downgrade() -> None:
    op.add_column("call_queue", sa.Column("welcome", sa.Boolean, nullable=False, server_default="true"))
    op.alter_column("call_queue", "welcome", server_default=None)
    op.add_column("call_queue", sa.Column("key", sa.String(1), nullable=False, server_default=""))
    op.alter_column("call_queue", "key", server_default=None)
    op.create_check_constraint("key", "call_queue", "key ~ '^[0-9*#]?$'")
    op.create_index(
        "uq_call_queue_key",
        "call_queue",
        ["key"],
        unique=True,
        postgresql_where=sa.text("key <> '' AND active"),
    )
    op.drop_constraint("fk_call_department_id_department", "call", type_="foreignkey")
    for name in ("asked_queue", "flow_answer", "flow_position", "department_id", "flow_version"):
        op.drop_column("call", name)
    for name in ("ivr_sound", "ivr_switch", "ivr_version", "ivr_number", "ivr_flow"):
        op.drop_table(name)
