"""What the timeline says of each action, in the reader's language. Names in `%()s` are facts of the event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from dispatch.workflow.actions import Action

A = Action

SENTENCES: dict[A, Any] = {
    A.REGISTER: _l("registered the case"),
    A.ANSWER_ON_THE_SPOT: _l("answered on the spot"),
    A.RESUBMIT: _l("added to the case and submitted it again"),
    A.TRANSFER_EMERGENCY: _l("transferred the caller to %(service)s"),
    A.DISPATCH: _l("dispatched the case to %(lead)s"),
    A.SEND_BACK: _l("sent the case back to the agent"),
    A.MERGE: _l("merged the case into %(master)s"),
    A.NOT_ACCEPT: _l("did not accept the case: %(not_accepted_code)s"),
    A.SIGN: _l("signed for the case"),
    A.HAND_DOWN: _l("handed the case down to %(department)s"),
    A.RECORD_CONTACT: _l("contacted the citizen"),
    A.LOG_PROGRESS: _l("logged progress"),
    A.REPORT_BACK: _l("reported to the lead department"),
    A.WRITE_REPLY: _l("wrote a reply"),
    A.RELEASE_REPLY: _l("released the reply"),
    A.RETURN_REPLY: _l("gave the reply back to the officer"),
    A.REQUEST_RETURN: _l("asked to return the case: %(reason_code)s"),
    A.APPROVE_RETURN: _l("approved the return"),
    A.REFUSE_RETURN: _l("refused the return"),
    A.REQUEST_EXTENSION: _l("asked for an extension of %(days)s"),
    A.APPROVE_EXTENSION: _l("approved the extension until %(due_at)s"),
    A.REFUSE_EXTENSION: _l("refused the extension"),
    A.REQUEST_SUSPENSION: _l("asked to suspend the case"),
    A.APPROVE_SUSPENSION: _l("approved the suspension until %(review_on)s"),
    A.REFUSE_SUSPENSION: _l("refused the suspension"),
    A.SUSPEND: _l("suspended the case until %(review_on)s"),
    A.RESUME: _l("resumed the case"),
    A.REQUEST_UNREASONABLE: _l("reported the demand as unreasonable"),
    A.APPROVE_UNREASONABLE: _l("confirmed the demand as unreasonable"),
    A.REFUSE_UNREASONABLE: _l("did not find the demand unreasonable"),
    A.REQUEST_EXCLUSION: _l("asked to exclude the case from assessment"),
    A.APPROVE_EXCLUSION: _l("excluded the case from assessment"),
    A.REFUSE_EXCLUSION: _l("refused to exclude the case from assessment"),
    A.PASS_REPLY: _l("passed the reply"),
    A.FAIL_REPLY: _l("failed the reply"),
    A.RECORD_ATTEMPT: _l("called back without reaching the citizen, try %(attempt)s"),
    A.CLOSE_SATISFIED: _l("called back and closed the case: solved %(solved)s, satisfaction %(rating)s"),
    A.CLOSE_UNREACHABLE: _l("closed the case: citizen not reachable"),
    A.CLOSE_UNREASONABLE: _l("closed the case: the demand cannot be met"),
    A.ORDER_REDO: _l("ordered a redo: solved %(solved)s, satisfaction %(rating)s"),
    A.REFER: _l("referred the case to supervision: solved %(solved)s, satisfaction %(rating)s"),
    A.CLOSE_BY_DECISION: _l("closed the case by decision"),
    A.URGE: _l("urged the case"),
    A.SUPERVISE: _l("issued supervision notice %(notice_no)s"),
    A.ANSWER_NOTICE: _l("answered supervision notice %(notice_no)s"),
    A.SUPPLEMENT: _l("added to the case"),
    A.ARCHIVE: _l("archived the case"),
}


class _Shown(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return "–"


def sentence(action: A, shown: Mapping[str, Any]) -> str:
    """The sentence with `shown` facts filled in; a fact that is missing is a dash."""
    return str(SENTENCES[action]) % _Shown({name: str(value) for name, value in shown.items()})
