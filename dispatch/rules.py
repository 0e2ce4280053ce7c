"""Which limit holds for which case. The rules are rows; the defaults here only fill an empty table.

The defaults are domain § 3, Clocks: by clock × request type × urgency × channel, empty meaning any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from sqlalchemy import select

from config.extensions import db
from config.settings import settings
from dispatch.clocks import HOURS, MINUTES, WORKING_DAYS, Limit
from dispatch.models import ClockRule
from dispatch.workflow import Channel, ClockKind, RequestType, Urgency

C, T, U = ClockKind, RequestType, Urgency
_FAST = (T.CONSULT, T.HELP, T.COMPLAINT, T.REPORT)

DEFAULT_RULES: tuple[tuple[ClockKind, RequestType | None, Urgency | None, int, str], ...] = (
    (C.DISPATCH, None, U.CRITICAL, 1, HOURS),
    (C.DISPATCH, None, U.URGENT, 2, HOURS),
    (C.DISPATCH, None, None, 24, HOURS),
    (C.SIGN, None, U.CRITICAL, 15, MINUTES),
    (C.SIGN, None, U.URGENT, 30, MINUTES),
    (C.SIGN, None, None, 1, WORKING_DAYS),
    (C.CONTACT, None, None, 1, WORKING_DAYS),
    (C.RETURN, None, None, 1, WORKING_DAYS),
    (C.HANDLING, T.CONSULT, None, 2, WORKING_DAYS),
    (C.HANDLING, T.HELP, None, 5, WORKING_DAYS),
    (C.HANDLING, T.SUGGESTION, None, 10, WORKING_DAYS),
    (C.HANDLING, T.COMPLAINT, None, 10, WORKING_DAYS),
    (C.HANDLING, T.REPORT, None, 10, WORKING_DAYS),
    (C.HANDLING, None, None, 5, WORKING_DAYS),
    *((C.HANDLING, kind, U.URGENT, 24, HOURS) for kind in _FAST),
    *((C.HANDLING, kind, U.CRITICAL, 2, HOURS) for kind in (T.HELP, T.COMPLAINT, T.REPORT)),
    # The published tables know no critical consultation; it is not slower than an urgent one.
    (C.HANDLING, T.CONSULT, U.CRITICAL, 24, HOURS),
    (C.REVIEW, None, None, 1, WORKING_DAYS),
    (C.CALLBACK, None, None, 1, WORKING_DAYS),
    (C.REDO, None, None, 3, WORKING_DAYS),
    (C.DECISION, None, None, 3, WORKING_DAYS),
    (C.SUPERVISION, None, None, 3, WORKING_DAYS),
)


class Timed(Protocol):
    """What rules look at."""

    request_type: RequestType
    urgency: Urgency
    channel: Channel


@dataclass(frozen=True)
class Rule:
    kind: ClockKind
    request_type: str | None
    urgency: str | None
    channel: str | None
    limit: Limit

    def fits(self, kind: ClockKind, case: Timed) -> bool:
        return (
            self.kind is kind
            and self.request_type in (None, case.request_type)
            and self.urgency in (None, case.urgency)
            and self.channel in (None, case.channel)
        )

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """Urgency counts more than type, type more than channel: an urgent case is never slower than its type."""
        return self.urgency is not None, self.request_type is not None, self.channel is not None


_cache: dict[str, tuple[datetime, tuple[Rule, ...]]] = {}
_CACHE_FOR = timedelta(seconds=30)


def limit_for(kind: ClockKind, case: Timed) -> Limit:
    """The limit of the most specific rule that fits; of the defaults, where the table has none."""
    fitting = [rule for rule in _rules() if rule.fits(kind, case)]
    if not fitting:
        fitting = [rule for rule in _defaults() if rule.fits(kind, case)]
    return max(fitting, key=lambda rule: rule.weight).limit


def _defaults() -> tuple[Rule, ...]:
    return tuple(
        Rule(kind, request_type, urgency, None, Limit(amount, unit))
        for kind, request_type, urgency, amount, unit in DEFAULT_RULES
    )


def _rules() -> tuple[Rule, ...]:
    """All rows, kept for half a minute: every deed asks for them and an administrator changes them twice a year."""
    key, at = settings().database_url, datetime.now(UTC)
    kept = _cache.get(key)
    if kept is None or at - kept[0] > _CACHE_FOR:
        rows = db.session.scalars(select(ClockRule))
        rules = tuple(
            Rule(r.kind, r.request_type, r.urgency, r.channel, Limit(r.amount, r.unit)) for r in rows
        )
        kept = _cache[key] = (at, rules)
    return kept[1]


def forget_rules() -> None:
    """Look at the table again on the next question."""
    _cache.clear()
