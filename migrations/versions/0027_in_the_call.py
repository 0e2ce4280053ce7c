"""In the call: favourites, scripts, links sent by text message, and uses of all of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

MOMENT = postgresql.TIMESTAMP(timezone=True)
KINDS = ("opened", "inserted", "copied", "sent")


def _one_of(words: tuple[str, ...]) -> str:
    return f"kind IN ({', '.join(repr(word) for word in words)})"


def upgrade() -> None:
    op.create_table(
        "knowledge_favourite",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("person_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("item_id", sa.BigInteger, sa.ForeignKey("knowledge_item.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.UniqueConstraint("person_id", "item_id", name="uq_knowledge_favourite_person_id_item_id"),
    )
    op.create_table(
        "knowledge_script",
        sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("title", sa.String(80), nullable=False),
        sa.Column("body", sa.String(1000), nullable=False),
        sa.Column("category_code", sa.String(32), nullable=False),
        sa.Column("queue_code", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.Column("changed_by_id", sa.BigInteger, sa.ForeignKey("person.id"), nullable=False),
        sa.CheckConstraint("length(btrim(title)) > 0 AND length(btrim(body)) > 0", name="says_something"),
    )
    op.create_index(
        "ix_knowledge_script_active", "knowledge_script", ["place", "id"], postgresql_where=sa.text("active")
    )
    op.add_column("knowledge_use", sa.Column("script_id", sa.BigInteger))
    op.create_foreign_key(
        "fk_knowledge_use_script_id_knowledge_script", "knowledge_use", "knowledge_script", ["script_id"], ["id"]
    )
    op.add_column("knowledge_use", sa.Column("sent_to", sa.String(32), nullable=False, server_default=""))
    op.alter_column("knowledge_use", "sent_to", server_default=None)
    op.drop_constraint("of_one_thing", "knowledge_use", type_="check")
    op.create_check_constraint(
        "of_one_thing", "knowledge_use", "num_nonnulls(item_id, department_id, script_id) = 1"
    )
    op.drop_constraint("use_kind", "knowledge_use", type_="check")
    op.create_check_constraint("use_kind", "knowledge_use", _one_of(KINDS))
    op.create_check_constraint("sent_to_somebody", "knowledge_use", "(kind = 'sent') = (sent_to <> '')")


def downgrade() -> None:
    op.execute("DELETE FROM knowledge_use WHERE script_id IS NOT NULL OR kind = 'sent'")
    op.drop_constraint("sent_to_somebody", "knowledge_use", type_="check")
    op.drop_constraint("use_kind", "knowledge_use", type_="check")
    op.create_check_constraint("use_kind", "knowledge_use", _one_of(KINDS[:3]))
    op.drop_constraint("of_one_thing", "knowledge_use", type_="check")
    op.drop_column("knowledge_use", "sent_to")
    op.drop_column("knowledge_use", "script_id")
    op.create_check_constraint("of_one_thing", "knowledge_use", "num_nonnulls(item_id, department_id) = 1")
    op.drop_table("knowledge_script")
    op.drop_table("knowledge_favourite")
