"""What we know of a carrier's calls, and what is to be asked of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)


def number() -> sa.Column:
    return sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False)


def upgrade() -> None:
    op.create_table(
        "twiml_call",
        number(),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("room", sa.Integer, nullable=False),
        sa.Column("tape", sa.String(8), nullable=False),
        sa.Column("obeyed", postgresql.ARRAY(sa.String(64)), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_twiml_call"),
        sa.UniqueConstraint("key", name="uq_twiml_call_key"),
        sa.CheckConstraint("tape IN ('', 'on', 'paused')", name="tape"),
    )
    op.create_table(
        "twiml_leg",
        number(),
        sa.Column("call_id", sa.BigInteger, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("sid", sa.String(64), nullable=True),
        sa.Column("seat", sa.String(64), nullable=True),
        sa.Column("number", sa.LargeBinary, nullable=True),
        sa.Column("place", sa.String(8), nullable=False),
        sa.Column("music", sa.String(64), nullable=False),
        sa.Column("hears", postgresql.JSONB, nullable=False),
        sa.Column("heard", sa.Integer, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("told", sa.Integer, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("listens_to", sa.String(64), nullable=True),
        sa.Column("mode", sa.String(16), nullable=False),
        sa.Column("conference", sa.String(64), nullable=True),
        sa.Column("hangup_asked", sa.String(64), nullable=False),
        sa.Column("hangup_asked_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.Column("waiting_since", MOMENT, nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("news_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_twiml_leg"),
        sa.UniqueConstraint("key", name="uq_twiml_leg_key"),
        sa.ForeignKeyConstraint(["call_id"], ["twiml_call.id"], name="fk_twiml_leg_call_id_twiml_call"),
        sa.CheckConstraint("place IN ('', 'queue', 'room')", name="place"),
        sa.CheckConstraint("told <= version", name="told"),
    )
    op.create_index("ix_twiml_leg_call_id", "twiml_leg", ["call_id"])
    op.create_index(
        "uq_twiml_leg_sid", "twiml_leg", ["sid"], unique=True, postgresql_where=sa.text("sid IS NOT NULL")
    )
    op.create_index(
        "ix_twiml_leg_silent", "twiml_leg", ["news_at"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "twiml_order",
        number(),
        sa.Column("key", sa.String(96), nullable=False),
        sa.Column("call_id", sa.BigInteger, nullable=False),
        sa.Column("leg", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("facts", postgresql.JSONB, nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failure", sa.String(300), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_twiml_order"),
        sa.UniqueConstraint("key", name="uq_twiml_order_key"),
        sa.ForeignKeyConstraint(["call_id"], ["twiml_call.id"], name="fk_twiml_order_call_id_twiml_call"),
    )
    op.create_index(
        "ix_twiml_order_open", "twiml_order", ["next_at"], postgresql_where=sa.text("done_at IS NULL")
    )
    op.create_index("ix_twiml_order_leg", "twiml_order", ["leg"], postgresql_where=sa.text("done_at IS NULL"))


def downgrade() -> None:
    for table in ("twiml_order", "twiml_leg", "twiml_call"):
        op.drop_table(table)
