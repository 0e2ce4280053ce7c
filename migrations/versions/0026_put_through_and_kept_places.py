"""Calls put through outside by a flow end so; a kept place is not kept for ever."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

REASONS = (
    "caller_hung_up", "agent_hung_up", "ended_in_ivr", "abandoned_in_queue", "abandoned_in_ring", "overflowed",
    "voicemail", "callback_taken", "blocked", "failed",
)
STATES = ("waiting", "reached", "came_through", "not_reached")


def _words(table: str, name: str, column: str, words: tuple[str, ...]) -> None:
    op.drop_constraint(name, table, type_="check")
    listed = ", ".join(f"'{word}'" for word in words)
    op.create_check_constraint(name, table, f"{column} IN ({listed})")


def upgrade() -> None:
    _words("call", "end_reason", "end_reason", (*REASONS[:3], "put_through", *REASONS[3:]))
    _words("kept_place", "kept_place_state", "state", (*STATES, "expired"))
    op.add_column("call_queue", sa.Column("callback_hours", sa.Integer, nullable=False, server_default="24"))
    op.alter_column("call_queue", "callback_hours", server_default=None)
    op.create_check_constraint("callback_hours", "call_queue", "callback_hours BETWEEN 1 AND 168")


def downgrade() -> None:
    op.drop_constraint("callback_hours", "call_queue", type_="check")
    op.drop_column("call_queue", "callback_hours")
    op.execute("UPDATE call SET end_reason = 'ended_in_ivr' WHERE end_reason = 'put_through'")
    op.execute("UPDATE kept_place SET state = 'not_reached' WHERE state = 'expired'")
    _words("call", "end_reason", "end_reason", REASONS)
    _words("kept_place", "kept_place_state", "state", STATES)
