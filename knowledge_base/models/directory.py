"""How far search is with a department's entry of the directory. What the entry says stands on the department itself."""

from __future__ import annotations

from sqlalchemy import DDL, BigInteger, ForeignKey, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from config.model import Model


class DirectoryEntry(Model):
    """`revision` counts in the same row as that of items, so that one number says how far an index is."""

    __tablename__ = "knowledge_directory"
    __table_args__ = (Index("ix_knowledge_directory_revision", "revision"),)

    department_id: Mapped[int] = mapped_column(ForeignKey("department.id", ondelete="CASCADE"), unique=True)
    revision: Mapped[int] = mapped_column(BigInteger)


# The tree is kept on the floor below, by forms, files and imports: a trigger misses none of them.
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

event.listen(DirectoryEntry.__table__, "after_create", DDL(FOLLOW_DDL.replace("%", "%%")))
