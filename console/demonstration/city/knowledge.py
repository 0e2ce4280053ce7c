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
from knowledge_base import queries
from knowledge_base.interfaces import script_places
from knowledge_base.models import KnowledgeVersion
from knowledge_base.services import ItemText, approve_item, draft_item, submit_item, write_script
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
    return len(new) + _write_scripts(people["editor"])


SCRIPTS = (
    ("问候", "您好，云汀市 12345 热线，请问有什么可以帮您？", ""),
    ("核实身份", "为了方便联系您，请问您贵姓？这个号码可以回访您吗？", ""),
    ("请市民等候", "请您稍等，我为您查询一下，请不要挂机。", ""),
    ("结束语", "您的诉求已登记，我们会按规定时限转办并回访，感谢来电，再见。", ""),
    ("占道经营：问清时间地点", "请问摊贩一般几点出摊、在哪个路口？是每天都有吗？", "03"),
    (
        "欠薪：问清单位和工期",
        "请问用工单位全称是什么？工地在哪里？欠薪从什么时候开始、有没有合同或记录？",
        "07",
    ),
)


def _write_scripts(editor: Person) -> int:
    if db.session.scalar(queries.scripts().limit(1)) is not None:
        return 0
    known = dict(script_places().categories)
    for place, (title, words, category) in enumerate(SCRIPTS, start=1):
        write_script(editor, title, words, category_code=category if category in known else "", place=place)
    return len(SCRIPTS)


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
