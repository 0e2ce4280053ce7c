"""Deeds on cases by their day: how many dispatches and reviews a day had is asked without reading all days.

Revision: 0019
Before: 0018
"""

from __future__ import annotations

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_event_action", "case_event", ["action", "at"])


def downgrade() -> None:
    op.drop_index("ix_case_event_action", table_name="case_event")
