"""The words of a case (domain § 3): states, types, urgencies, channels, actions, requests."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word


class CaseState(Word):
    """Where a case stands; the owner of the next step follows from it."""

    DRAFT = "draft", _l("Draft"), Hue.QUIET
    PENDING_DISPATCH = "pending_dispatch", _l("To be dispatched"), Hue.WAITING
    ANSWERED = "answered", _l("Answered on the spot"), Hue.GOOD
    NOT_ACCEPTED = "not_accepted", _l("Not accepted"), Hue.QUIET
    DISPATCHED = "dispatched", _l("To be signed"), Hue.WAITING
    PROCESSING = "processing", _l("In progress"), Hue.RUNNING
    REPLIED = "replied", _l("To be reviewed"), Hue.WAITING
    CALLBACK = "callback", _l("To be called back"), Hue.WAITING
    REDO = "redo", _l("Being redone"), Hue.LATE
    SUSPENDED = "suspended", _l("Suspended"), Hue.QUIET
    CLOSED = "closed", _l("Closed"), Hue.GOOD
    MERGED = "merged", _l("Merged"), Hue.QUIET
    ARCHIVED = "archived", _l("Archived"), Hue.QUIET


OPEN_STATES = frozenset(
    {
        CaseState.PENDING_DISPATCH,
        CaseState.DISPATCHED,
        CaseState.PROCESSING,
        CaseState.REPLIED,
        CaseState.CALLBACK,
        CaseState.REDO,
        CaseState.SUSPENDED,
    }
)
"""Somebody still owes something."""

DEPARTMENT_STATES = frozenset({CaseState.DISPATCHED, CaseState.PROCESSING, CaseState.REDO})
"""A department owes it."""

WITH_LEAD_STATES = DEPARTMENT_STATES | {CaseState.REPLIED, CaseState.CALLBACK}
"""There is a lead department."""

FINISHED_STATES = frozenset(
    {CaseState.ANSWERED, CaseState.NOT_ACCEPTED, CaseState.CLOSED, CaseState.ARCHIVED}
)
"""Ended by somebody at a moment: `closed_at` and `closed_by` are set."""


class RequestType(Word):
    """What kind of thing the citizen wants (诉求类型)."""

    CONSULT = "consult", _l("Consultation"), Hue.QUIET
    HELP = "help", _l("Request for help"), Hue.QUIET
    COMPLAINT = "complaint", _l("Complaint"), Hue.QUIET
    REPORT = "report", _lp("request type", "Report"), Hue.QUIET
    SUGGESTION = "suggestion", _l("Suggestion"), Hue.QUIET
    PRAISE = "praise", _l("Praise"), Hue.QUIET
    OTHER = "other", _l("Other"), Hue.QUIET


class Urgency(Word):
    """How fast; urgent and critical clocks run through nights and holidays."""

    NORMAL = "normal", _l("Normal"), Hue.QUIET
    URGENT = "urgent", _l("Urgent"), Hue.WAITING
    CRITICAL = "critical", _l("Critical"), Hue.LATE


class Channel(Word):
    """How it reached us."""

    PHONE = "phone", _l("Telephone"), Hue.QUIET
    WEB = "web", _l("Web"), Hue.QUIET
    WECHAT = "wechat", _l("WeChat"), Hue.QUIET
    APP = "app", _l("App"), Hue.QUIET
    SMS = "sms", _l("SMS"), Hue.QUIET
    MAIL = "mail", _l("Mail"), Hue.QUIET
    UPPER = "upper", _l("Upper-level platform"), Hue.QUIET
    POLICE = "police", _l("110 transfer"), Hue.QUIET
    LEADERS = "leaders", _l("Leaders' message board"), Hue.QUIET
    COUNTER = "counter", _l("Counter"), Hue.QUIET
    HAND_OVER = "hand_over", _l("Department hand-over"), Hue.QUIET
