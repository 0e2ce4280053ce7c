"""Queues that announce, offer, overflow and close; messages, kept places and ratings."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014_ivr"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
OTHER_WAYS = "('wait', 'next_queue', 'voicemail', 'turn_away')"
OLD_STATES = "'arrived', 'ivr', 'queued', 'ringing', 'talking', 'held'"
SETTINGS: list[tuple[str, sa.types.TypeEngine, str]] = [
    ("announce_every", sa.Integer(), "30"),
    ("callback_after", sa.Integer(), "60"),
    ("callback_attempts", sa.Integer(), "3"),
    ("overflow_after", sa.Integer(), "120"),
    ("most_waiting", sa.Integer(), "0"),
    ("when_full", sa.String(32), "turn_away"),
    ("working_days_only", sa.Boolean(), "false"),
    ("when_closed", sa.String(32), "voicemail"),
    ("nobody_after", sa.Integer(), "10"),
    ("when_nobody", sa.String(32), "voicemail"),
    ("voicemail_seconds", sa.Integer(), "180"),
    ("sites", postgresql.ARRAY(sa.String(80)), "{}"),
    ("department_ids", postgresql.ARRAY(sa.BigInteger()), "{}"),
    ("only_there", sa.Boolean(), "false"),
    ("survey", sa.Boolean(), "true"),
]
CHECKS = [
    ("announce_every", "announce_every = 0 OR announce_every BETWEEN 15 AND 600"),
    ("callback_after", "callback_after BETWEEN 0 AND 3600"),
    ("callback_attempts", "callback_attempts BETWEEN 1 AND 10"),
    ("overflow_after", "overflow_after BETWEEN 0 AND 3600"),
    ("most_waiting", "most_waiting BETWEEN 0 AND 10000"),
    ("nobody_after", "nobody_after BETWEEN 0 AND 600"),
    ("voicemail_seconds", "voicemail_seconds BETWEEN 10 AND 180"),
    ("hours", "(opens_at IS NULL) = (closes_at IS NULL)"),
    ("next_queue_is_another", "next_queue_id <> id"),
    *((name, f"{name} IN {OTHER_WAYS}") for name in ("when_full", "when_closed", "when_nobody")),
]
MOMENTS_OF_A_CALL = (
    "place_since", "callback_at", "callback_kept_at", "voicemail_at", "message_at", "survey_at",
    "survey_done_at", "rated_at", "farewell_at", "farewell_heard_at",
)  # fmt: skip


def upgrade() -> None:
    _queues()
    _waits()
    _calls()
    op.add_column("recording", _filled("is_message", sa.Boolean(), "false"))
    op.alter_column("recording", "is_message", server_default=None)
    _kept_places()
    _messages()
    _texts()


def _filled(name: str, kind: sa.types.TypeEngine, value: str) -> sa.Column:
    """A column that rows of before have too."""
    return sa.Column(name, kind, nullable=False, server_default=value)


def _queues() -> None:
    for name, kind, value in SETTINGS:
        op.add_column("call_queue", _filled(name, kind, value))
        op.alter_column("call_queue", name, server_default=None)
    op.add_column("call_queue", sa.Column("opens_at", sa.Time, nullable=True))
    op.add_column("call_queue", sa.Column("closes_at", sa.Time, nullable=True))
    op.add_column("call_queue", sa.Column("next_queue_id", sa.BigInteger, nullable=True))
    op.create_foreign_key(
        "fk_call_queue_next_queue_id_call_queue", "call_queue", "call_queue", ["next_queue_id"], ["id"]
    )
    for name, rule in CHECKS:
        op.create_check_constraint(name, "call_queue", rule)


def _waits() -> None:
    op.add_column("queue_entry", sa.Column("waiting_since", MOMENT, nullable=True))
    op.execute("UPDATE queue_entry SET waiting_since = joined_at")
    op.alter_column("queue_entry", "waiting_since", nullable=False)
    for name in ("watched_at", "announced_at", "callback_offered_at"):
        op.add_column("queue_entry", sa.Column(name, MOMENT, nullable=True))
    op.add_column("queue_entry", sa.Column("estimated_seconds", sa.Float, nullable=True))
    _index("queue_entry", "ix_queue_entry_left", ["queue_id", "left_at"], "left_at IS NOT NULL")


def _calls() -> None:
    op.add_column("call", _filled("asks_rating", sa.Boolean(), "false"))
    op.add_column("call", _filled("rated_key", sa.String(1), ""))
    for name in ("asks_rating", "rated_key"):
        op.alter_column("call", name, server_default=None)
    for name in MOMENTS_OF_A_CALL:
        op.add_column("call", sa.Column(name, MOMENT, nullable=True))
    op.add_column("call", sa.Column("farewell", sa.String(32), nullable=True))
    op.add_column("call", sa.Column("rating", sa.Integer, nullable=True))
    op.create_check_constraint("farewell_with_words", "call", "(farewell_at IS NULL) = (farewell IS NULL)")
    op.create_check_constraint("rating", "call", "rating BETWEEN 1 AND 5")
    op.create_check_constraint("rated_some_time", "call", "rating IS NULL OR rated_at IS NOT NULL")
    _call_states(f"{OLD_STATES}, 'survey', 'voicemail', 'ended'")


def _call_states(states: str) -> None:
    op.drop_constraint("call_state", "call", type_="check")
    op.create_check_constraint("call_state", "call", f"state IN ({states})")


def _kept_places() -> None:
    op.create_table(
        "kept_place",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("number_index", sa.String(64), nullable=False),
        sa.Column("queue_id", sa.BigInteger, sa.ForeignKey("call_queue.id"), nullable=False),
        sa.Column("call_id", sa.BigInteger, sa.ForeignKey("call.id"), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("waiting_since", MOMENT, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("attempt_call_id", sa.BigInteger, sa.ForeignKey("call.id"), nullable=True),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (state = 'waiting')", name="closed_state"),
        sa.CheckConstraint("attempts >= 0", name="attempts"),
        sa.CheckConstraint(
            "state IN ('waiting', 'reached', 'came_through', 'not_reached')", name="kept_place_state"
        ),
    )
    _index("kept_place", "uq_kept_place_open", ["number_index"], "closed_at IS NULL", unique=True)
    op.create_index("uq_kept_place_call", "kept_place", ["call_id"], unique=True)
    _index("kept_place", "ix_kept_place_attempt", ["attempt_call_id"], "attempt_call_id IS NOT NULL")
    op.create_index("ix_kept_place_taken", "kept_place", [sa.text("taken_at DESC")])


def _messages() -> None:
    op.create_table(
        "voicemail",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("call_id", sa.BigInteger, sa.ForeignKey("call.id"), nullable=False),
        sa.Column("number", sa.LargeBinary, nullable=True),
        sa.Column("queue_id", sa.BigInteger, sa.ForeignKey("call_queue.id"), nullable=True),
        sa.Column("left_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("taken_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=True),
        sa.Column("taken_at", MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("done_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("note", sa.String(200), nullable=False),
        sa.Column("case_no", sa.String(32), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (state = 'open')", name="done_state"),
        sa.CheckConstraint("(done_at IS NULL) = (done_by_id IS NULL)", name="done_by_somebody"),
        sa.CheckConstraint("(taken_at IS NULL) = (taken_by_id IS NULL)", name="taken_by_somebody"),
        sa.CheckConstraint("state IN ('open', 'done')", name="voicemail_state"),
    )
    op.create_index("uq_voicemail_call", "voicemail", ["call_id"], unique=True)
    _index("voicemail", "ix_voicemail_open", ["left_at"], "done_at IS NULL")
    _index("voicemail", "ix_voicemail_done", [sa.text("done_at DESC")], "done_at IS NOT NULL")


def _texts() -> None:
    op.create_table(
        "sms_message",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("number", sa.LargeBinary, nullable=False),
        sa.Column("text", sa.String(500), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("gateway", sa.String(32), nullable=False),
        sa.Column("reference", sa.String(64), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="sent_some_time"),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'not_connected')", name="sms_state"),
    )
    op.create_index(
        "ix_sms_message_created", "sms_message", [sa.text("created_at DESC"), sa.text("id DESC")]
    )


def _index(table: str, name: str, columns: list, where: str, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, postgresql_where=sa.text(where))


def downgrade() -> None:
    op.drop_table("sms_message")
    op.drop_table("voicemail")
    op.drop_table("kept_place")
    op.drop_column("recording", "is_message")
    _call_states(f"{OLD_STATES}, 'ended'")
    for name in ("rated_some_time", "rating", "farewell_with_words"):
        op.drop_constraint(name, "call", type_="check")
    for name in ("rating", "farewell", *MOMENTS_OF_A_CALL, "rated_key", "asks_rating"):
        op.drop_column("call", name)
    op.drop_index("ix_queue_entry_left", table_name="queue_entry")
    for name in ("estimated_seconds", "callback_offered_at", "announced_at", "watched_at", "waiting_since"):
        op.drop_column("queue_entry", name)
    for name, _rule in CHECKS:
        op.drop_constraint(name, "call_queue", type_="check")
    op.drop_constraint("fk_call_queue_next_queue_id_call_queue", "call_queue", type_="foreignkey")
    for name in ("next_queue_id", "closes_at", "opens_at", *(name for name, _kind, _value in SETTINGS)):
        op.drop_column("call_queue", name)
