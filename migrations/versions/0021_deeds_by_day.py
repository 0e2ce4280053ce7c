"""Deeds on cases by their day: how many dispatches and reviews a day had is asked without reading all days.

Revision: 0021
Before: 0020
"""

from __future__ import annotations

from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_case_event_action", "case_event", ["action", "at"])


def downgrade() -> None:
    op.drop_index("ix_case_event_action", table_name="case_event")
