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


MERGEABLE_STATES = OPEN_STATES - {CaseState.SUSPENDED}
"""A case in one of these can be the master of others: its clock runs."""


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
    COUNTER = "counter", _lp("channel", "Counter"), Hue.QUIET
    HAND_OVER = "hand_over", _l("Department hand-over"), Hue.QUIET


class NotAcceptedReason(Word):
    """Why a case is not accepted (domain § 3, Rules)."""

    OUTSIDE_AREA = "outside_area", _l("Outside the area or level"), Hue.QUIET
    OTHER_POWERS = "other_powers", _l("Courts, procuratorates, army or party discipline"), Hue.QUIET
    EMERGENCY = "emergency", _l("Emergency"), Hue.QUIET
    IN_PROCEDURE = "in_procedure", _l("In litigation, arbitration, reconsideration or petition"), Hue.QUIET
    SECRET = "secret", _l("State, commercial or private secrets"), Hue.QUIET
    NO_NEW_FACTS = "no_new_facts", _l("Closed before, no new facts"), Hue.QUIET
    HARASSMENT = "harassment", _l("Harassment"), Hue.QUIET


class ReturnReason(Word):
    """Why a department returns a case (domain § 3, Clocks: with a reason code and the legal basis)."""

    NOT_OUR_DUTY = "not_our_duty", _l("Not our duty"), Hue.QUIET
    NOT_OUR_AREA = "not_our_area", _l("Not our area"), Hue.QUIET
    NOT_CLEAR = "not_clear", _l("The facts are not clear"), Hue.QUIET
    SEVERAL_MATTERS = "several_matters", _l("Several matters in one case"), Hue.QUIET
    DUPLICATE = "duplicate", _l("Same as another case"), Hue.QUIET


class EmergencyService(Word):
    """To whom one key transfers a caller (domain § 2)."""

    POLICE = "110", _l("110 police"), Hue.LATE
    FIRE = "119", _l("119 fire"), Hue.LATE
    AMBULANCE = "120", _l("120 ambulance"), Hue.LATE
    TRAFFIC = "122", _l("122 traffic accidents"), Hue.LATE


class NoticeCause(Word):
    """Why supervision starts (domain § 3, Rules)."""

    OVERDUE = "overdue", _l("Overdue"), Hue.LATE
    TWICE_UNHAPPY = "twice_unhappy", _l("Twice unhappy"), Hue.LATE
    NO_PROGRESS = "no_progress", _l("No progress for long"), Hue.WAITING
    LEADER = "leader", _l("A leader's instruction"), Hue.QUIET
    MEDIA = "media", _l("The media"), Hue.QUIET
    HOT_ISSUE = "hot_issue", _l("Hot issue"), Hue.QUIET
    URGED = "urged", _l("Urged again and again"), Hue.WAITING
