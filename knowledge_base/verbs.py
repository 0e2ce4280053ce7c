"""The audit verbs of the knowledge base."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.audit import verb
from knowledge_base.workflow import ItemAction

DRAFT = verb("knowledge:draft", _l("Knowledge drafted"))
SETTLE = verb("knowledge:settle", _l("Correction answered"))
WORDING = verb("knowledge:wording", _l("Search dictionary changed"))
BY_ACTION = {
    ItemAction.EDIT: verb("knowledge:edit", _l("Knowledge draft edited")),
    ItemAction.SUBMIT: verb("knowledge:submit", _l("Knowledge submitted for review")),
    ItemAction.WITHDRAW: verb("knowledge:withdraw", _l("Knowledge taken back from review")),
    ItemAction.RETURN: verb("knowledge:return", _l("Knowledge sent back to its writer")),
    ItemAction.APPROVE: verb("knowledge:approve", _l("Knowledge published")),
    ItemAction.REVISE: verb("knowledge:revise", _l("Revision of knowledge begun")),
    ItemAction.RETIRE: verb("knowledge:retire", _l("Knowledge retired")),
    ItemAction.DISCARD: verb("knowledge:discard", _l("Knowledge draft discarded")),
}
