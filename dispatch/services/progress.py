"""What a citizen hears of their case by telephone: for who knows its number and its query code, and nobody else.

A wrong code is answered as an unknown number is. Every question is audited; a case about which too many wrong codes
were tried is told by telephone no more that day, not even for the right one.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import structlog
from flask_babel import force_locale
from flask_babel import gettext as _
from redis.exceptions import RedisError
from sqlalchemy import select

from accounts import audit
from config import clock
from config.extensions import db, redis_client
from dispatch.models import Case
from dispatch.workflow import CaseState
from hotline.progress import case_progress

log = structlog.get_logger(__name__)

MOST_WRONG = 10
A_DAY = 86_400
KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
"""Where a letter is on a telephone (ITU-T E.161)."""
NUMBER_DIGITS = 15  # eight of the day, seven of the case: domain § 3


@case_progress.register
def told_by_telephone(number: str, code: str, call_no: str) -> str | None:
    """The sentence to speak, or None if number and code do not fit. Part of the call's transaction."""
    case = _case(number)
    if case is None or not _opens(case, code):
        subject = ("case", case.id) if case is not None else None
        audit.record("case:progress_refused", None, subject=subject, detail={"call_no": call_no})
        return None
    audit.record("case:progress_told", None, subject=("case", case.id), detail={"call_no": call_no})
    with force_locale("zh"):
        return sentence(case)


def _opens(case: Case, code: str) -> bool:
    """Whether this is the code, and not the last of too many guesses."""
    fits = hmac.compare_digest(case.query_code.translate(KEYPAD), code)
    return not _tried_too_often(case, wrong=not fits) and fits


def sentence(case: Case) -> str:
    """How it stands, without a word of what it is about: others may listen. A merged case stands as its master does,
    whose answer it gets."""
    tail = " ".join(case.case_no[-4:])
    state = case.master.state if case.state is CaseState.MERGED and case.master else case.state
    facts = {"tail": tail, "day": _day(case.registered_at), "state": state.label}
    if state in (CaseState.CLOSED, CaseState.ARCHIVED, CaseState.ANSWERED):
        return _("The case ending in %(tail)s, registered on %(day)s, is settled: %(state)s.", **facts)
    return _("The case ending in %(tail)s, registered on %(day)s, stands at: %(state)s.", **facts)


def _day(at: datetime) -> str:
    day = clock.local(at)
    return _("%(month)s/%(day)s", month=day.month, day=day.day)


def _case(number: str) -> Case | None:
    digits = "".join(c for c in number if c.isdigit())
    if len(digits) != NUMBER_DIGITS:
        return None
    wanted = select(Case).where(Case.case_no == f"{digits[:8]}-{digits[8:]}")
    return db.session.scalars(wanted).one_or_none()


def _tried_too_often(case: Case, *, wrong: bool) -> bool:
    """Count the wrong codes of the day. Without Redis nobody counts, and three tries a call remain the limit."""
    key = f"dispatch:progress:wrong:{case.id}"
    try:
        if wrong:
            tried = int(redis_client().incr(key))
            redis_client().expire(key, A_DAY)
        else:
            tried = int(redis_client().get(key) or 0)
    except (RedisError, OSError) as error:
        log.warning("wrong_codes_not_counted", error=str(error))
        return False
    return tried >= MOST_WRONG
