"""Knowledge collected and kept: imports, a chain of versions, submissions, corrections with an owner and a deadline.

Revision: 0018
Before: 0017
"""


from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

IN_FORCE = """ALTER TABLE knowledge_version ADD CONSTRAINT ex_knowledge_version_in_force
EXCLUDE USING gist (int8range(item_id, item_id, '[]') WITH &&, daterange(effective_on, expires_on, '[]') WITH &&)
WHERE (state = 'published')"""


def _states(words: str) -> None:
    for table, column in (('knowledge_version', 'state'), ('knowledge_event', 'to_state')):
        op.drop_constraint('item_state', table, type_='check')
        op.create_check_constraint('item_state', table, f"{column} IN ({words})")


def _know_again() -> None:
    """What recognises a text that comes a second time, for the texts that are there."""
    from knowledge_base.likeness import fingerprint, sketch, title_key

    link = op.get_bind()
    for number, title, body in link.execute(sa.text("SELECT id, title, body FROM knowledge_version")).all():
        facts = {"id": number, "key": title_key(title), "print": fingerprint(body), "sketch": sketch(body)}
        link.execute(
            sa.text("UPDATE knowledge_version SET title_key = :key, fingerprint = :print, sketch = :sketch WHERE id = :id"),
            facts,
        )


def upgrade() -> None:
    op.create_table('knowledge_import',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('person_id', sa.BigInteger(), nullable=False),
    sa.Column('department_id', sa.BigInteger(), nullable=False),
    sa.Column('origin', sa.Enum('page', 'api', 'command', name='import_origin', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('caller', sa.String(length=64), nullable=False),
    sa.Column('publishing', sa.Boolean(), nullable=False),
    sa.Column('kind', sa.Enum('policy', 'guide', 'duties', 'qa', 'notice', 'script', name='item_kind', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('region', sa.String(length=80), nullable=False),
    sa.Column('state', sa.Enum('reading', 'ready', 'entering', 'done', 'undoing', 'undone', name='import_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('created_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('touched_at', postgresql.TIMESTAMP(timezone=True), nullable=False),
    sa.Column('undone_at', postgresql.TIMESTAMP(timezone=True), nullable=True),
    sa.Column('undone_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint('(undone_at IS NULL) = (undone_by_id IS NULL)', name=op.f('ck_knowledge_import_undone_by_somebody')),
    sa.ForeignKeyConstraint(['department_id'], ['department.id'], name=op.f('fk_knowledge_import_department_id_department')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_knowledge_import_person_id_person')),
    sa.ForeignKeyConstraint(['undone_by_id'], ['person.id'], name=op.f('fk_knowledge_import_undone_by_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_import'))
    )
    op.create_index('ix_knowledge_import_department_id', 'knowledge_import', ['department_id'], unique=False)
    op.create_table('knowledge_import_row',
    sa.Column('id', sa.BigInteger(), sa.Identity(always=False), nullable=False),
    sa.Column('import_id', sa.BigInteger(), nullable=False),
    sa.Column('ordinal', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=300), nullable=False),
    sa.Column('file_id', sa.BigInteger(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'accepted', 'entered', 'unreadable', 'declined', 'undone', 'kept', name='row_state', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('problem', sa.Enum('empty', 'kind', 'disguised', 'old_office', 'encrypted', 'broken', 'scanned', 'encoding', 'no_text', 'too_large', 'too_long', 'too_dear', 'bomb', 'too_many', 'too_deep', 'escaping', 'refused', name='import_problem', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('detail', sa.String(length=500), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('policy', 'guide', 'duties', 'qa', 'notice', 'script', name='item_kind', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('issued_by', sa.String(length=120), nullable=False),
    sa.Column('document_no', sa.String(length=80), nullable=False),
    sa.Column('region', sa.String(length=80), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=True),
    sa.Column('effective_on', sa.Date(), nullable=True),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('doubts', postgresql.ARRAY(sa.String(length=32)), nullable=False),
    sa.Column('corrected_by', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('edit_no', sa.Integer(), nullable=False),
    sa.Column('title_key', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('sketch', postgresql.ARRAY(sa.BigInteger()), nullable=False),
    sa.Column('proposal', sa.Enum('new', 'version', 'similar', 'duplicate', name='proposal', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('likeness', sa.Double(), nullable=True),
    sa.Column('match_id', sa.BigInteger(), nullable=True),
    sa.Column('twin_id', sa.BigInteger(), nullable=True),
    sa.Column('item_id', sa.BigInteger(), nullable=True),
    sa.Column('version_number', sa.Integer(), nullable=True),
    sa.Column('event_id', sa.BigInteger(), nullable=True),
    sa.Column('accepted_by_id', sa.BigInteger(), nullable=True),
    sa.CheckConstraint("state <> 'accepted' OR accepted_by_id IS NOT NULL", name=op.f('ck_knowledge_import_row_accepted_by_somebody')),
    sa.ForeignKeyConstraint(['accepted_by_id'], ['person.id'], name=op.f('fk_knowledge_import_row_accepted_by_id_person')),
    sa.CheckConstraint("(state = 'unreadable') = (problem IS NOT NULL)", name=op.f('ck_knowledge_import_row_unreadable_says_why')),
    sa.CheckConstraint("state <> 'entered' OR item_id IS NOT NULL", name=op.f('ck_knowledge_import_row_entered_somewhere')),
    sa.ForeignKeyConstraint(['file_id'], ['stored_file.id'], name=op.f('fk_knowledge_import_row_file_id_stored_file')),
    sa.ForeignKeyConstraint(['import_id'], ['knowledge_import.id'], name=op.f('fk_knowledge_import_row_import_id_knowledge_import')),
    sa.ForeignKeyConstraint(['item_id'], ['knowledge_item.id'], name=op.f('fk_knowledge_import_row_item_id_knowledge_item')),
    sa.ForeignKeyConstraint(['match_id'], ['knowledge_version.id'], name=op.f('fk_knowledge_import_row_match_id_knowledge_version')),
    sa.ForeignKeyConstraint(['twin_id'], ['knowledge_import_row.id'], name=op.f('fk_knowledge_import_row_twin_id_knowledge_import_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_knowledge_import_row')),
    sa.UniqueConstraint('import_id', 'ordinal', name=op.f('uq_knowledge_import_row_import_id_ordinal'))
    )
    op.create_index('ix_knowledge_import_row_sha256', 'knowledge_import_row', ['sha256'], unique=False)
    op.create_index('ix_knowledge_import_row_state', 'knowledge_import_row', ['import_id', 'state', 'ordinal'], unique=False)
    op.add_column('knowledge_correction', sa.Column('state', sa.String(32), nullable=False, server_default='open'))
    op.execute("UPDATE knowledge_correction SET state = 'corrected' WHERE settled_at IS NOT NULL")
    op.alter_column('knowledge_correction', 'state', server_default=None)
    op.create_check_constraint('correction_state', 'knowledge_correction', "state IN ('open', 'in_hand', 'corrected', 'declined')")
    op.add_column('knowledge_correction', sa.Column('owner_id', sa.BigInteger(), nullable=True))
    op.add_column('knowledge_correction', sa.Column('due_on', sa.Date(), nullable=True))
    op.execute("UPDATE knowledge_correction SET due_on = (at + interval '5 days')::date")
    op.alter_column('knowledge_correction', 'due_on', nullable=False)
    op.add_column('knowledge_correction', sa.Column('reminded_on', sa.Date(), nullable=True))
    op.create_check_constraint('settled_has_its_time', 'knowledge_correction', "(settled_at IS NULL) = (state IN ('open', 'in_hand'))")
    op.create_check_constraint('in_hand_of_somebody', 'knowledge_correction', "state <> 'in_hand' OR owner_id IS NOT NULL")
    op.create_index('ix_knowledge_correction_due', 'knowledge_correction', ['due_on', 'id'], unique=False, postgresql_where=sa.text('settled_at IS NULL'))
    op.create_index('ix_knowledge_correction_settled', 'knowledge_correction', ['settled_at'], unique=False, postgresql_where=sa.text('settled_at IS NOT NULL'))
    op.create_foreign_key(op.f('fk_knowledge_correction_owner_id_person'), 'knowledge_correction', 'person', ['owner_id'], ['id'])
    op.create_index('ix_knowledge_event_assessment', 'knowledge_event', ['at'], unique=False, postgresql_where=sa.text("action IN ('hand_in', 'accept', 'refuse')"))
    op.add_column('knowledge_version', sa.Column('issued_by', sa.String(length=120), nullable=False, server_default=''))
    op.alter_column('knowledge_version', 'issued_by', server_default=None)
    op.add_column('knowledge_version', sa.Column('issued_on', sa.Date(), nullable=True))
    op.add_column('knowledge_version', sa.Column('stated_expires_on', sa.Date(), nullable=True))
    op.add_column('knowledge_event', sa.Column('import_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key('fk_knowledge_event_import_id_knowledge_import', 'knowledge_event', 'knowledge_import', ['import_id'], ['id'])
    op.add_column('knowledge_version', sa.Column('replaced_by_id', sa.BigInteger(), nullable=True))
    op.create_foreign_key('fk_knowledge_version_replaced_by_id_knowledge_version', 'knowledge_version', 'knowledge_version', ['replaced_by_id'], ['id'])
    op.add_column('knowledge_version', sa.Column('begun_from_id', sa.BigInteger(), nullable=True))
    op.add_column('knowledge_version', sa.Column('handed_in_at', postgresql.TIMESTAMP(timezone=True), nullable=True))
    op.add_column('knowledge_version', sa.Column('reminded_on', sa.Date(), nullable=True))
    op.add_column('knowledge_version', sa.Column('title_key', sa.String(length=200), nullable=False, server_default=''))
    op.add_column('knowledge_version', sa.Column('fingerprint', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('knowledge_version', sa.Column('sketch', postgresql.ARRAY(sa.BigInteger()), nullable=False, server_default='{}'))
    op.execute("UPDATE knowledge_version SET stated_expires_on = expires_on")
    _know_again()
    for name in ('title_key', 'fingerprint', 'sketch'):
        op.alter_column('knowledge_version', name, server_default=None)
    op.drop_index('uq_knowledge_version_in_force', table_name='knowledge_version')
    op.execute(IN_FORCE)
    op.drop_index('uq_knowledge_version_in_work', table_name='knowledge_version')
    _states("'draft', 'handed_in', 'in_review', 'published', 'retired'")
    op.create_index('uq_knowledge_version_in_work', 'knowledge_version', ['item_id'], unique=True, postgresql_where=sa.text("state IN ('draft', 'handed_in', 'in_review')"))
    op.create_check_constraint('handed_in_has_its_time', 'knowledge_version', "state <> 'handed_in' OR handed_in_at IS NOT NULL")
    op.create_index('ix_knowledge_version_fingerprint', 'knowledge_version', ['fingerprint'], unique=False)
    op.create_index('ix_knowledge_version_handed_in', 'knowledge_version', ['handed_in_at'], unique=False, postgresql_where=sa.text("state = 'handed_in'"))
    op.create_index('ix_knowledge_version_in_force', 'knowledge_version', ['item_id', 'effective_on'], unique=False, postgresql_where=sa.text("state = 'published'"))
    op.create_index('ix_knowledge_version_sketch', 'knowledge_version', ['sketch'], unique=False, postgresql_using='gin')
    op.create_index('ix_knowledge_version_title_key', 'knowledge_version', ['title_key'], unique=False)
    op.create_foreign_key(op.f('fk_knowledge_version_begun_from_id_knowledge_version'), 'knowledge_version', 'knowledge_version', ['begun_from_id'], ['id'])


def downgrade() -> None:
    op.drop_constraint(op.f('fk_knowledge_version_begun_from_id_knowledge_version'), 'knowledge_version', type_='foreignkey')
    op.drop_index('ix_knowledge_version_title_key', table_name='knowledge_version')
    op.drop_index('ix_knowledge_version_sketch', table_name='knowledge_version', postgresql_using='gin')
    op.drop_index('ix_knowledge_version_in_force', table_name='knowledge_version', postgresql_where=sa.text("state = 'published'"))
    op.drop_index('ix_knowledge_version_handed_in', table_name='knowledge_version', postgresql_where=sa.text("state = 'handed_in'"))
    op.drop_index('ix_knowledge_version_fingerprint', table_name='knowledge_version')
    op.drop_constraint('handed_in_has_its_time', 'knowledge_version', type_='check')
    op.drop_index('uq_knowledge_version_in_work', table_name='knowledge_version')
    op.execute("UPDATE knowledge_version SET state = 'draft' WHERE state = 'handed_in'")
    op.execute("UPDATE knowledge_event SET to_state = 'draft' WHERE to_state = 'handed_in'")
    _states("'draft', 'in_review', 'published', 'retired'")
    op.create_index('uq_knowledge_version_in_work', 'knowledge_version', ['item_id'], unique=True, postgresql_where=sa.text("state IN ('draft', 'in_review')"))
    op.execute("ALTER TABLE knowledge_version DROP CONSTRAINT ex_knowledge_version_in_force")
    op.execute(
        "UPDATE knowledge_version old SET state = 'retired', retired_at = now() WHERE state = 'published' AND EXISTS"
        " (SELECT 1 FROM knowledge_version new WHERE new.item_id = old.item_id AND new.state = 'published'"
        " AND new.effective_on > old.effective_on)"
    )
    op.create_index('uq_knowledge_version_in_force', 'knowledge_version', ['item_id'], unique=True, postgresql_where=sa.text("state = 'published'"))
    op.drop_column('knowledge_version', 'sketch')
    op.drop_column('knowledge_version', 'fingerprint')
    op.drop_column('knowledge_version', 'title_key')
    op.drop_column('knowledge_version', 'reminded_on')
    op.drop_column('knowledge_version', 'handed_in_at')
    op.drop_column('knowledge_version', 'begun_from_id')
    op.drop_column('knowledge_version', 'replaced_by_id')
    op.drop_column('knowledge_event', 'import_id')
    op.drop_column('knowledge_version', 'stated_expires_on')
    op.drop_column('knowledge_version', 'issued_on')
    op.drop_column('knowledge_version', 'issued_by')
    op.drop_index('ix_knowledge_event_assessment', table_name='knowledge_event', postgresql_where=sa.text("action IN ('hand_in', 'accept', 'refuse')"))
    op.drop_constraint(op.f('fk_knowledge_correction_owner_id_person'), 'knowledge_correction', type_='foreignkey')
    op.drop_index('ix_knowledge_correction_settled', table_name='knowledge_correction', postgresql_where=sa.text('settled_at IS NOT NULL'))
    op.drop_index('ix_knowledge_correction_due', table_name='knowledge_correction', postgresql_where=sa.text('settled_at IS NULL'))
    op.drop_constraint('in_hand_of_somebody', 'knowledge_correction', type_='check')
    op.drop_constraint('settled_has_its_time', 'knowledge_correction', type_='check')
    op.drop_constraint('correction_state', 'knowledge_correction', type_='check')
    op.drop_column('knowledge_correction', 'reminded_on')
    op.drop_column('knowledge_correction', 'due_on')
    op.drop_column('knowledge_correction', 'owner_id')
    op.drop_column('knowledge_correction', 'state')
    op.drop_index('ix_knowledge_import_row_state', table_name='knowledge_import_row')
    op.drop_index('ix_knowledge_import_row_sha256', table_name='knowledge_import_row')
    op.drop_table('knowledge_import_row')
    op.drop_index('ix_knowledge_import_department_id', table_name='knowledge_import')
    op.drop_table('knowledge_import')
