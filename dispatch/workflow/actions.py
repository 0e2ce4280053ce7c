"""What can be done to a case. The English and the Chinese verb are the same everywhere: button, API, log."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word


class Action(Word):
    """A deed. Its hue is that of its button: good moves on, late takes away."""

    REGISTER = "register", _l("Register for dispatch"), Hue.GOOD
    ANSWER_ON_THE_SPOT = "answer_on_the_spot", _l("Answer on the spot"), Hue.GOOD
    RESUBMIT = "resubmit", _l("Submit again"), Hue.GOOD
    TRANSFER_EMERGENCY = "transfer_emergency", _l("Emergency transfer"), Hue.LATE
    DISPATCH = "dispatch", _lp("case action", "Dispatch"), Hue.GOOD
    SEND_BACK = "send_back", _l("Back to the agent"), Hue.QUIET
    MERGE = "merge", _l("Merge"), Hue.QUIET
    NOT_ACCEPT = "not_accept", _l("Do not accept"), Hue.LATE
    SIGN = "sign", _lp("case action", "Sign"), Hue.GOOD
    HAND_DOWN = "hand_down", _l("Hand down"), Hue.QUIET
    RECORD_CONTACT = "record_contact", _l("Record contact"), Hue.QUIET
    LOG_PROGRESS = "log_progress", _l("Log progress"), Hue.QUIET
    REPORT_BACK = "report_back", _l("Report to the lead"), Hue.GOOD
    WRITE_REPLY = "write_reply", _l("Write reply"), Hue.GOOD
    RELEASE_REPLY = "release_reply", _l("Release reply"), Hue.GOOD
    RETURN_REPLY = "return_reply", _l("Back to the officer"), Hue.QUIET
    REQUEST_RETURN = "request_return", _l("Request return"), Hue.QUIET
    APPROVE_RETURN = "approve_return", _l("Approve return"), Hue.GOOD
    REFUSE_RETURN = "refuse_return", _l("Refuse return"), Hue.LATE
    REQUEST_EXTENSION = "request_extension", _l("Request extension"), Hue.QUIET
    APPROVE_EXTENSION = "approve_extension", _l("Approve extension"), Hue.GOOD
    REFUSE_EXTENSION = "refuse_extension", _l("Refuse extension"), Hue.LATE
    REQUEST_SUSPENSION = "request_suspension", _l("Request suspension"), Hue.QUIET
    APPROVE_SUSPENSION = "approve_suspension", _l("Approve suspension"), Hue.GOOD
    REFUSE_SUSPENSION = "refuse_suspension", _l("Refuse suspension"), Hue.LATE
    SUSPEND = "suspend", _lp("case action", "Suspend"), Hue.QUIET
    RESUME = "resume", _l("Resume handling"), Hue.GOOD
    REQUEST_UNREASONABLE = "request_unreasonable", _l("Report unreasonable demand"), Hue.QUIET
    APPROVE_UNREASONABLE = "approve_unreasonable", _l("Confirm unreasonable demand"), Hue.GOOD
    REFUSE_UNREASONABLE = "refuse_unreasonable", _l("Reject unreasonable demand"), Hue.LATE
    REQUEST_EXCLUSION = "request_exclusion", _l("Request exclusion from assessment"), Hue.QUIET
    APPROVE_EXCLUSION = "approve_exclusion", _l("Approve exclusion"), Hue.GOOD
    REFUSE_EXCLUSION = "refuse_exclusion", _l("Refuse exclusion"), Hue.LATE
    PASS_REPLY = "pass_reply", _l("Pass review"), Hue.GOOD
    FAIL_REPLY = "fail_reply", _l("Fail review"), Hue.LATE
    RECORD_ATTEMPT = "record_attempt", _l("Not reached"), Hue.QUIET
    CLOSE_SATISFIED = "close_satisfied", _l("Close: solved"), Hue.GOOD
    CLOSE_UNREACHABLE = "close_unreachable", _l("Close: not reachable"), Hue.QUIET
    CLOSE_UNREASONABLE = "close_unreasonable", _l("Close: demand cannot be met"), Hue.QUIET
    ORDER_REDO = "order_redo", _l("Order redo"), Hue.LATE
    REFER = "refer", _l("Refer to supervision"), Hue.LATE
    CLOSE_BY_DECISION = "close_by_decision", _l("Close by decision"), Hue.QUIET
    URGE = "urge", _l("Urge"), Hue.QUIET
    SUPERVISE = "supervise", _l("Supervise"), Hue.LATE
    ANSWER_NOTICE = "answer_notice", _l("Answer notice"), Hue.GOOD
    SUPPLEMENT = "supplement", _l("Add to the case"), Hue.QUIET
    ARCHIVE = "archive", _l("Archive"), Hue.QUIET


class RequestKind(Word):
    """What waits for a ruling beside the state."""

    RETURN = "return", _lp("case request", "Return"), Hue.WAITING
    EXTENSION = "extension", _l("Extension"), Hue.WAITING
    SUSPENSION = "suspension", _l("Suspension"), Hue.WAITING
    UNREASONABLE = "unreasonable", _l("Unreasonable demand"), Hue.WAITING
    EXCLUSION = "exclusion", _l("Exclusion from assessment"), Hue.WAITING


class Ruling(Word):
    """What became of a request."""

    WAITING = "waiting", _l("Waiting for a ruling"), Hue.WAITING
    APPROVED = "approved", _l("Approved"), Hue.GOOD
    REFUSED = "refused", _l("Refused"), Hue.LATE
    LAPSED = "lapsed", _l("Lapsed"), Hue.QUIET


class ClockKind(Word):
    """What is being timed."""

    DISPATCH = "dispatch", _lp("clock", "Dispatch"), Hue.QUIET
    SIGN = "sign", _lp("clock", "Sign"), Hue.QUIET
    CONTACT = "contact", _l("First contact"), Hue.QUIET
    HANDLING = "handling", _l("Handling"), Hue.QUIET
    REVIEW = "review", _lp("clock", "Review"), Hue.QUIET
    CALLBACK = "callback", _lp("clock", "Callback"), Hue.QUIET
    REDO = "redo", _lp("clock", "Redo"), Hue.QUIET
    RETURN = "return", _lp("clock", "Return"), Hue.QUIET
    DECISION = "decision", _l("Decision"), Hue.QUIET
    SUPERVISION = "supervision", _l("Supervision"), Hue.QUIET
