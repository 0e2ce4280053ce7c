"""The audit verbs of the knowledge base."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.audit import verb
from knowledge_base.workflow import ItemAction

DRAFT = verb("knowledge:draft", _l("Knowledge drafted"))
IMPORT = verb("knowledge:import", _l("Knowledge imported"))
UNDO_IMPORT = verb("knowledge:undo_import", _l("Import of knowledge undone"))
TAKE_CORRECTION = verb("knowledge:take_correction", _l("Correction taken in hand"))
SETTLE = verb("knowledge:settle", _l("Correction answered"))
COLLECT = verb("knowledge:collect", _l("Collection task made"))
HAND_TASK = verb("knowledge:hand_task", _l("Collection task handed on"))
FINISH_TASK = verb("knowledge:finish_task", _l("Collection task answered"))
DROP_TASK = verb("knowledge:drop_task", _l("Collection task dropped"))
SCRIPT = verb("knowledge:script", _l("Script changed"))
WORDING = verb("knowledge:wording", _l("Search dictionary changed"))
BY_ACTION = {
    ItemAction.EDIT: verb("knowledge:edit", _l("Knowledge draft edited")),
    ItemAction.SUBMIT: verb("knowledge:submit", _l("Knowledge submitted for review")),
    ItemAction.HAND_IN: verb("knowledge:hand_in", _l("Knowledge handed in to the editors")),
    ItemAction.ACCEPT: verb("knowledge:accept", _l("Submission of knowledge accepted")),
    ItemAction.REFUSE: verb("knowledge:refuse", _l("Submission of knowledge refused")),
    ItemAction.CONFIRM: verb("knowledge:confirm", _l("Knowledge read again and confirmed")),
    ItemAction.WITHDRAW: verb("knowledge:withdraw", _l("Knowledge taken back from review")),
    ItemAction.RETURN: verb("knowledge:return", _l("Knowledge sent back to its writer")),
    ItemAction.APPROVE: verb("knowledge:approve", _l("Knowledge published")),
    ItemAction.REVISE: verb("knowledge:revise", _l("Revision of knowledge begun")),
    ItemAction.RETIRE: verb("knowledge:retire", _l("Knowledge retired")),
    ItemAction.DISCARD: verb("knowledge:discard", _l("Knowledge draft discarded")),
}
