"""Calls whose caller gave up before anybody answered; within five seconds of waiting they are counted apart
(domain § 5)."""

from __future__ import annotations

from sqlalchemy import and_

from hotline.models import Call
from hotline.words import ABANDONED_REASONS, SHORT_ABANDON_SECONDS

GAVE_UP = Call.end_reason.in_(ABANDONED_REASONS)
GAVE_UP_AT_ONCE = and_(GAVE_UP, Call.wait_seconds < SHORT_ABANDON_SECONDS)
GAVE_UP_WAITING = and_(GAVE_UP, Call.wait_seconds >= SHORT_ABANDON_SECONDS)
