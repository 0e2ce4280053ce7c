"""What people do with cases: one module per desk, one public function per deed, all through `perform`."""

from dispatch.services import cards, progress, timing  # noqa: F401 - timer handlers, periodic jobs, the IVR's question
from dispatch.services.attachments import attach_file, attachments_of, store_file
from dispatch.services.contact import shown_name, shown_phone, unmask_caller
from dispatch.services.department import (
    hand_down_case,
    log_progress,
    record_contact,
    release_reply,
    report_back,
    return_reply_to_officer,
    sign_case,
    write_reply,
)
from dispatch.services.desk import dispatch_case, merge_case, not_accept_case, send_back_to_agent
from dispatch.services.drafts import discard_draft, load_draft, save_draft
from dispatch.services.intake import (
    CaseIntake,
    RegisteredBefore,
    answer_on_the_spot,
    register_case,
    resubmit_case,
    transfer_emergency,
)
from dispatch.services.perform import perform
from dispatch.services.requests import (
    ask,
    decide_request,
    request_extension,
    request_return,
    request_suspension,
    resume_case,
)
from dispatch.services.review import (
    close_after_callback,
    close_unreachable,
    close_unreasonable,
    fail_reply,
    order_redo,
    pass_reply,
    record_callback_attempt,
    refer_to_supervision,
)
from dispatch.services.supervision import (
    answer_notice,
    archive_case,
    close_by_decision,
    supervise_case,
    supplement_case,
    suspend_case,
    urge_case,
)

__all__ = [
    "CaseIntake",
    "RegisteredBefore",
    "answer_notice",
    "answer_on_the_spot",
    "archive_case",
    "ask",
    "attach_file",
    "attachments_of",
    "close_after_callback",
    "close_by_decision",
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
    "refer_to_supervision",
    "register_case",
    "release_reply",
    "report_back",
    "request_extension",
    "request_return",
    "request_suspension",
    "resubmit_case",
    "resume_case",
    "return_reply_to_officer",
    "save_draft",
    "send_back_to_agent",
    "shown_name",
    "shown_phone",
    "sign_case",
    "store_file",
    "supervise_case",
    "supplement_case",
    "suspend_case",
    "transfer_emergency",
    "unmask_caller",
    "urge_case",
    "write_reply",
]
