"""Until when a pause of the recording lasts: it can be kept on."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("call", sa.Column("recording_paused_until", postgresql.TIMESTAMP(timezone=True)))


def downgrade() -> None:
    op.drop_column("call", "recording_paused_until")
