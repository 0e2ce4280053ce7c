"""What people do with cases: one module per desk, one public function per deed, all through `perform`."""

from dispatch.services.contact import shown_name, shown_phone, unmask_caller
from dispatch.services.department import (
    hand_down_case,
    log_progress,
    record_contact,
    release_reply,
    return_reply_to_officer,
    sign_case,
    write_reply,
)
from dispatch.services.desk import dispatch_case, merge_case, not_accept_case, send_back_to_agent
from dispatch.services.drafts import discard_draft, load_draft, save_draft
from dispatch.services.intake import CaseIntake, answer_on_the_spot, register_case, resubmit_case
from dispatch.services.perform import perform
from dispatch.services.requests import ask, decide_request, resume_case
from dispatch.services.review import (
    close_after_callback,
    close_uncontactable,
    close_unreachable,
    close_unreasonable,
    fail_reply,
    order_redo,
    pass_reply,
    record_callback_attempt,
)
from dispatch.services.supervision import (
    answer_notice,
    archive_case,
    close_by_decision,
    supervise_case,
    supplement_case,
    urge_case,
)

__all__ = [
    "CaseIntake",
    "answer_notice",
    "answer_on_the_spot",
    "archive_case",
    "ask",
    "close_after_callback",
    "close_by_decision",
    "close_uncontactable",
    "close_unreachable",
    "close_unreasonable",
    "decide_request",
    "discard_draft",
    "dispatch_case",
    "fail_reply",
    "hand_down_case",
    "load_draft",
    "log_progress",
    "merge_case",
    "not_accept_case",
    "order_redo",
    "pass_reply",
    "perform",
    "record_callback_attempt",
    "record_contact",
    "register_case",
    "release_reply",
    "resubmit_case",
    "resume_case",
    "return_reply_to_officer",
    "save_draft",
    "send_back_to_agent",
    "shown_name",
    "shown_phone",
    "sign_case",
    "supervise_case",
    "supplement_case",
    "unmask_caller",
    "urge_case",
    "write_reply",
]
