"""The audit trail as a chain: each sealed row carries an HMAC over itself and the seal before it.

Rows are written unsealed, inside the deed they tell of, so that no deed waits for another. A job seals what has been
committed since, in one order of its own (`seal_no`); from then on nothing can be altered, taken out or put between
without breaking the chain. The key is derived from `FIELD_KEY`: who has only the database cannot forge a seal.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass

import structlog
from sqlalchemy import and_, func, or_, select, update

from accounts.models import AuditEntry, ChainFault
from config.extensions import db
from config.settings import settings
from config.transaction import transactional

log = structlog.get_logger(__name__)
LOCK = 727_001
BATCH = 5_000
START = b"\x00" * 32


@dataclass(frozen=True)
class Verdict:
    """What `verify` found. `broken_id` is the first row that does not fit; without one, the end is missing.

    `seal` is that of the last row of a whole chain.
    """

    checked: int
    unsealed: int
    broken_id: int | None = None
    fault: ChainFault | None = None
    seal: bytes = START

    @property
    def whole(self) -> bool:
        return self.fault is None


@transactional
def seal() -> int:
    """Seal committed rows that have no seal yet, oldest first. Returns how many."""
    db.session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    last = db.session.execute(
        select(AuditEntry.seal_no, AuditEntry.seal)
        .where(AuditEntry.seal_no.is_not(None))
        .order_by(AuditEntry.seal_no.desc())
        .limit(1)
    ).first()
    number, previous = (last.seal_no or 0, bytes(last.seal or b"")) if last else (0, START)
    rows = list(
        db.session.scalars(
            select(AuditEntry).where(AuditEntry.seal_no.is_(None)).order_by(AuditEntry.id).limit(BATCH)
        )
    )
    seals = []
    for row in rows:
        number += 1
        previous = seal_of(row, number, previous)
        seals.append({"id": row.id, "seal_no": number, "seal": previous})
    if seals:
        db.session.execute(update(AuditEntry), seals)
        # The log is kept elsewhere: whoever cuts the end off the chain does not also cut this line.
        log.info("audit_sealed", rows=len(seals), seal_no=number, seal=previous.hex())
    return len(seals)


def seal_all() -> None:
    """Seal until nothing waits."""
    while seal() == BATCH:
        pass


def verify(known: Mapping[int, bytes] | None = None) -> Verdict:
    """Walk the whole chain and recompute every seal.

    `known` are places in the chain with the seal that stood there once; an empty seal says only that the chain was as
    long. Without them nobody can tell that the end was cut off, nor that other rows grew in its place.
    """
    known = known or {}
    expected, previous = 1, START
    unsealed = db.session.scalar(select(func.count()).where(AuditEntry.seal_no.is_(None))) or 0
    if (beside := _beside()) is not None:
        return Verdict(0, unsealed, beside, ChainFault.BESIDE)
    while rows := _sealed_from(expected):
        for row in rows:
            here = bytes(row.seal or b"")
            fault = _fault(row, expected, previous, here, known.get(expected, b""))
            if fault is not None:
                return Verdict(expected - 1, unsealed, row.id, fault)
            previous, expected = here, expected + 1
            db.session.expunge(row)
    if expected - 1 < max(known, default=0):
        return Verdict(expected - 1, unsealed, None, ChainFault.SHORT)
    return Verdict(expected - 1, unsealed, seal=previous)


def _fault(row: AuditEntry, number: int, previous: bytes, here: bytes, once: bytes) -> ChainFault | None:
    if row.seal_no != number:
        return ChainFault.MISSING
    if not hmac.compare_digest(seal_of(row, number, previous), here):
        return ChainFault.ALTERED
    return ChainFault.REPLACED if once and once != here else None


def _beside() -> int | None:
    """A row that no walk would come by: numbered before the first, or with a seal and no number."""
    half = and_(AuditEntry.seal_no.is_(None), AuditEntry.seal.is_not(None))
    return db.session.scalar(select(func.min(AuditEntry.id)).where(or_(AuditEntry.seal_no < 1, half)))


def _sealed_from(number: int) -> list[AuditEntry]:
    statement = select(AuditEntry).where(AuditEntry.seal_no >= number)
    return list(db.session.scalars(statement.order_by(AuditEntry.seal_no).limit(BATCH)))


def seal_of(row: AuditEntry, number: int, previous: bytes) -> bytes:
    """32 bytes over everything the row says, its place and the seal before."""
    said = [
        number,
        row.id,
        row.at.timestamp(),
        row.verb,
        row.person_id,
        row.person_name,
        row.subject_type,
        row.subject_id,
        row.detail,
        row.request_id,
        row.address,
    ]
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(_key(), previous + text.encode(), hashlib.sha256).digest()


def _key() -> bytes:
    return hmac.new(bytes.fromhex(settings().field_key), b"audit-chain", hashlib.sha256).digest()
