"""The knowledge base of the city: written by the editor, approved by the approver, found by everybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from accounts.models import Person
from config import clock
from config.extensions import db
from config.transaction import transactional
from console.demonstration.city import departments
from console.demonstration.texts import Block, blocks
from knowledge_base.models import KnowledgeVersion
from knowledge_base.services import ItemText, approve_item, draft_item, submit_item
from knowledge_base.words import Audience, ItemKind

REGION = "云汀市"


@transactional
def found() -> int:
    """Write and publish the items that are missing. Returns how many are new."""
    people = {
        p.login: p
        for p in db.session.scalars(select(Person).where(Person.login.in_(("editor", "kbapprover"))))
    }
    offices = departments.by_code()
    known = set(db.session.scalars(select(KnowledgeVersion.title)))
    new = [block for block in blocks("knowledge") if block.heading not in known]
    for block in new:
        item = draft_item(people["editor"], text_of(block), offices[block["department"]])
        submit_item(people["editor"], item)
        approve_item(people["kbapprover"], item)
    return len(new)


def text_of(block: Block) -> ItemText:
    """A block of `data/knowledge` as what an editor types."""
    kind, audience = ItemKind(block["kind"]), Audience(block.get("audience", "everyone"))
    return ItemText(
        kind=kind,
        title=block.heading,
        body=block["body"],
        source=block.get("source"),
        document_no=block.get("document_no"),
        effective_on=date.fromisoformat(given) if (given := block.get("from")) else clock.today(),
        expires_on=date.fromisoformat(ends) if (ends := block.get("until")) else None,
        region=REGION,
        audience=audience,
        public=audience is not Audience.STAFF and kind is not ItemKind.SCRIPT,
        categories=block.words("categories"),
        tags=block.words("tags"),
        synonyms=block.words("synonyms"),
    )
