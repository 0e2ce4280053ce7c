"""What this floor adds to `/metrics`."""

from __future__ import annotations

from collections.abc import Iterator

from accounts.queries import last_finished_check
from config.web.metrics import Figure, age


def audit_trail() -> Iterator[Figure]:
    """Of the checks that have ended; none yet is no alarm."""
    check = last_finished_check()
    if check is not None:
        yield Figure(
            "audit_whole", "Whether the last check of the audit chain found it whole.", not check.why
        )
        yield Figure("audit_check_age_seconds", "How long ago that was.", age(check.finished_at))
