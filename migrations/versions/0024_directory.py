"""The department directory: duties, address and hours of each department, followed by search."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FOLLOW_DDL = """
CREATE OR REPLACE FUNCTION knowledge_directory_follow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    counted bigint;
BEGIN
    IF TG_OP = 'INSERT' AND NEW.duties = '' AND NEW.address = '' AND NEW.hours = ''
       AND NEW.contacts = '[]'::jsonb AND NEW.former_numbers = '{}' THEN
        RETURN NULL;
    END IF;
    INSERT INTO knowledge_revision (id, epoch, number)
        VALUES (1, replace(gen_random_uuid()::text, '-', ''), 1)
        ON CONFLICT (id) DO UPDATE SET number = knowledge_revision.number + 1
        RETURNING number INTO counted;
    INSERT INTO knowledge_directory (department_id, revision) VALUES (NEW.id, counted)
        ON CONFLICT (department_id) DO UPDATE SET revision = EXCLUDED.revision;
    RETURN NULL;
END $$;
CREATE TRIGGER knowledge_directory_follow
    AFTER INSERT OR UPDATE OF name, short_name, active, former_numbers, contacts, duties, address, hours ON department
    FOR EACH ROW EXECUTE FUNCTION knowledge_directory_follow();
"""


def upgrade() -> None:
    for name, kind in (("duties", sa.Text), ("address", sa.String(200)), ("hours", sa.String(200))):
        op.add_column("department", sa.Column(name, kind, nullable=False, server_default=""))
        op.alter_column("department", name, server_default=None)
    op.create_table(
        "knowledge_directory",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column(
            "department_id", sa.BigInteger, sa.ForeignKey("department.id", ondelete="CASCADE"), nullable=False
        ),
        sa.Column("revision", sa.BigInteger, nullable=False),
        sa.UniqueConstraint("department_id", name="uq_knowledge_directory_department_id"),
    )
    op.create_index("ix_knowledge_directory_revision", "knowledge_directory", ["revision"])
    op.execute(FOLLOW_DDL)
    # Departments that are there already are taken into every index: each is stamped as if it had just changed.
    op.execute("UPDATE department SET active = active WHERE contacts <> '[]' OR former_numbers <> '{}'")
    op.alter_column("knowledge_use", "item_id", existing_type=sa.BigInteger, nullable=True)
    op.add_column("knowledge_use", sa.Column("department_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_knowledge_use_department_id_department", "knowledge_use", "department", ["department_id"], ["id"]
    )
    op.create_check_constraint("of_one_thing", "knowledge_use", "num_nonnulls(item_id, department_id) = 1")


def downgrade() -> None:
    op.execute("DELETE FROM knowledge_use WHERE item_id IS NULL")
    op.drop_constraint("of_one_thing", "knowledge_use", type_="check")
    op.drop_column("knowledge_use", "department_id")
    op.alter_column("knowledge_use", "item_id", existing_type=sa.BigInteger, nullable=False)
    op.execute("DROP TRIGGER knowledge_directory_follow ON department")
    op.execute("DROP FUNCTION knowledge_directory_follow()")
    op.drop_table("knowledge_directory")
    for name in ("hours", "address", "duties"):
        op.drop_column("department", name)
