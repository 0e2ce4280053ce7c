"""Checks of the chain: asked for, run in the background, kept as rows."""

from __future__ import annotations

import structlog
from flask_babel import gettext as _
from sqlalchemy import func, select

from accounts import audit
from accounts.models import AuditCheck, Person
from accounts.queries import last_check
from accounts.services import sealing
from config import clock
from config.errors import Refused
from config.extensions import db, job_queue
from config.transaction import after_commit, transactional

log = structlog.get_logger(__name__)
LONGEST = 3600  # seconds a check may run


@transactional
def begin_check(by: Person | None) -> AuditCheck:
    """A row for a check that is about to run."""
    check = AuditCheck(asked_by_id=by.id if by else None, asked_at=clock.now())
    db.session.add(check)
    db.session.flush()
    audit.record("audit:verify", by, ("audit_check", check.id))
    return check


@transactional
def ask_for_check(by: Person) -> AuditCheck:
    """Have the chain checked in the background; Refused while another check runs."""
    running = last_check()
    if running is not None and running.finished_at is None and _age(running) < LONGEST:
        raise Refused(_("A check is running already."))
    check = begin_check(by)
    after_commit(_enqueue, check.id)
    return check


def _age(check: AuditCheck) -> float:
    return (clock.now() - check.asked_at).total_seconds()


def _enqueue(check_id: int) -> None:
    job_queue().enqueue("accounts.jobs.check_audit_now", check_id, result_ttl=0, job_timeout=LONGEST)


def run_check(check_id: int) -> None:
    """Seal what waits, walk the chain, keep what was found. Not one transaction: sealing must not wait for the walk."""
    sealing.seal_all()
    verdict = sealing.verify(at_least=_checked_before())
    _finish(check_id, verdict)
    if not verdict.whole:
        log.error("audit_chain_broken", row=verdict.broken_id, why=verdict.why, checked=verdict.checked)


def _checked_before() -> int:
    """How long the chain was when it was last found whole: it cannot be shorter now."""
    whole = select(func.max(AuditCheck.checked)).where(
        AuditCheck.finished_at.is_not(None), AuditCheck.why == ""
    )
    return db.session.scalar(whole) or 0


@transactional
def _finish(check_id: int, verdict: sealing.Verdict) -> None:
    check = db.session.get(AuditCheck, check_id, with_for_update={"of": AuditCheck})
    if check is None or check.finished_at is not None:
        return
    check.checked, check.unsealed = verdict.checked, verdict.unsealed
    check.broken_id, check.why = verdict.broken_id, verdict.why
    check.finished_at = clock.now()
