"""What people do with knowledge: one public function per deed, each one transaction."""

from knowledge_base.services.asking import take_in_questions
from knowledge_base.services.attachments import attach_file, detach_file
from knowledge_base.services.feedback import rate_item, send_correction, settle_correction, take_correction
from knowledge_base.services.helping import drop_script, keep_favourite, write_script
from knowledge_base.services.life import (
    accept_item,
    approve_item,
    confirm_item,
    discard_draft,
    hand_in_item,
    refuse_item,
    retire_item,
    return_item,
    submit_item,
    withdraw_item,
)
from knowledge_base.services.perform import perform, working_version
from knowledge_base.services.tasks import begin_answer, drop_task, finish_task, hand_task, make_task
from knowledge_base.services.typing import forget_typing, keep_typing, typing_of
from knowledge_base.services.usage import (
    hand_over_uses,
    holds_still,
    record_entry_use,
    record_public_search,
    record_script_use,
    record_search,
    record_use,
)
from knowledge_base.services.wording import drop_words, write_words
from knowledge_base.services.writing import ItemText, draft_item, edit_item, follow_item, revise_item, text_of

__all__ = [
    "ItemText",
    "accept_item",
    "approve_item",
    "attach_file",
    "begin_answer",
    "confirm_item",
    "detach_file",
    "discard_draft",
    "draft_item",
    "drop_script",
    "drop_task",
    "drop_words",
    "edit_item",
    "finish_task",
    "follow_item",
    "forget_typing",
    "hand_in_item",
    "hand_over_uses",
    "hand_task",
    "holds_still",
    "keep_favourite",
    "keep_typing",
    "make_task",
    "perform",
    "rate_item",
    "record_entry_use",
    "record_public_search",
    "record_script_use",
    "record_search",
    "record_use",
    "refuse_item",
    "retire_item",
    "return_item",
    "revise_item",
    "send_correction",
    "settle_correction",
    "submit_item",
    "take_correction",
    "take_in_questions",
    "text_of",
    "typing_of",
    "withdraw_item",
    "working_version",
    "write_script",
    "write_words",
]
