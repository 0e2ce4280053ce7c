"""A check of the audit trail keeps the last seal it saw: an end that was cut off and grew anew is known by it.

Revision: 0023
Before: 0022_hold
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022_hold"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("audit_check", sa.Column("seal", sa.LargeBinary()))


def downgrade() -> None:
    op.drop_column("audit_check", "seal")
