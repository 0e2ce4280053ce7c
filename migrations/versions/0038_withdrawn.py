"""Clocks and notices that ended because nobody owed any more what they asked for: the case had been given back."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

GIVEN_BACK = """
UPDATE case_clock SET withdrawn = true
FROM case_event
WHERE case_event.case_id = case_clock.case_id AND case_event.action = 'approve_return'
  AND case_event.at = case_clock.stopped_at AND case_clock.kind IN ('sign', 'contact', 'return', 'handling', 'redo')
"""
LOST = """
UPDATE supervision_notice SET withdrawn = true, answered_at = now(), answered_by_id = issued_by_id
FROM "case"
WHERE "case".id = supervision_notice.case_id AND supervision_notice.answered_at IS NULL
  AND "case".lead_department_id IS DISTINCT FROM supervision_notice.department_id
RETURNING supervision_notice.case_id
"""
"""Notices whose department has the case no more: nobody could answer them."""
LOST_CLOCKS = f"""
WITH lost AS ({LOST}),
     cases AS (UPDATE "case" SET open_notice = false WHERE id IN (SELECT case_id FROM lost))
UPDATE case_clock SET stopped_at = now(), withdrawn = true
WHERE kind = 'supervision' AND stopped_at IS NULL AND case_id IN (SELECT case_id FROM lost)
"""


def upgrade() -> None:
    for table in ("case_clock", "supervision_notice"):
        op.add_column(
            table, sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.text("false"))
        )
    op.execute(GIVEN_BACK)
    op.execute(LOST_CLOCKS)
    op.create_check_constraint("withdrawn_is_stopped", "case_clock", "stopped_at IS NOT NULL OR NOT withdrawn")


def downgrade() -> None:
    op.drop_constraint("withdrawn_is_stopped", "case_clock")
    for table in ("case_clock", "supervision_notice"):
        op.drop_column(table, "withdrawn")
