"""Checks of the chain: asked for, run in the background, kept as rows."""

from __future__ import annotations

import structlog
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

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
    seal_what_waits()
    verdict = sealing.verify(known_once())
    _finish(check_id, verdict)
    if verdict.fault is not None:
        log.error("audit_chain_broken", row=verdict.broken_id, why=verdict.fault, checked=verdict.checked)


def seal_what_waits() -> None:
    """A chain that cannot be gone on with is looked at as it stands: what hinders may be what was forged."""
    try:
        sealing.seal_all()
    except DBAPIError:
        db.session.rollback()
        log.exception("audit_seal_failed")


def known_once() -> dict[int, bytes]:
    """The ends of the chain whenever it was found whole, each with its seal."""
    whole = select(AuditCheck.checked, AuditCheck.seal).where(
        AuditCheck.finished_at.is_not(None), AuditCheck.why == ""
    )
    return {checked: bytes(seal or b"") for checked, seal in db.session.execute(whole)}


@transactional
def _finish(check_id: int, verdict: sealing.Verdict) -> None:
    check = db.session.get(AuditCheck, check_id, with_for_update={"of": AuditCheck})
    if check is None or check.finished_at is not None:
        return
    check.checked, check.unsealed = verdict.checked, verdict.unsealed
    check.broken_id, check.why = verdict.broken_id, verdict.fault or ""
    check.seal = verdict.seal if verdict.whole else None
    check.finished_at = clock.now()
