"""What is written into the audit trail, and how.

A verb has a grammar, `subject:action`; each package names its own with `verb()`. `record` adds a row to the caller's
transaction: no deed without its row, no row without its deed. Rows are sealed into a hash chain a moment later, in
batches, so that recording never waits for another transaction (docs/decisions/0004-audit-chain.md).
"""

from __future__ import annotations

from typing import Any

from accounts.models import AuditEntry, Person
from config import clock
from config.extensions import db
from config.web.requests import client_address, request_id

_verbs: dict[str, Any] = {}


def verb(name: str, label: Any) -> str:
    """Declare an audit verb and what it is called on the screen."""
    _verbs[name] = label
    return name


def verbs() -> dict[str, str]:
    """Every verb with its label in the reader's language."""
    return {name: str(label) for name, label in sorted(_verbs.items())}


def record(
    name: str,
    person: Person | None,
    subject: tuple[str, Any] | None = None,
    detail: dict[str, Any] | None = None,
    address: str | None = None,
) -> None:
    """Add a row. `subject` is (type, id); `detail` must hold no personal data that is not already on the subject.
    `address`: where the person is, if the request is not theirs."""
    if name not in _verbs:
        raise ValueError(f"audit verb {name!r} was never declared")
    kind, key = subject or ("", "")
    db.session.add(
        AuditEntry(
            at=clock.now(),
            verb=name,
            person_id=person.id if person else None,
            person_name=person.name if person else "",
            subject_type=kind,
            subject_id=str(key),
            detail=detail or {},
            request_id=request_id(),
            address=client_address() if address is None else address,
        )
    )
