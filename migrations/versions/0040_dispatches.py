"""An index for figures over dispatches to lead departments."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_assignment_led", "assignment", ["assigned_at"], postgresql_where=sa.text("role = 'lead'")
    )


def downgrade() -> None:
    op.drop_index("ix_assignment_led", "assignment")
