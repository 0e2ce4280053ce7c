"""Callers' numbers: shown whole only to who may, and never without a trace."""

from __future__ import annotations

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config.phones import format_phone
from config.transaction import transactional
from hotline.models import Call


@transactional
def unmask_number(person: Person, call: Call) -> str:
    """The whole number of the citizen, and a row in the audit trail. Empty if it was withheld."""
    ensure(person, "caller:unmask_call", call)
    audit.record("caller:unmask_call", person, subject=("call", call.id), detail={"call_no": call.call_no})
    return format_phone(call.caller_number) if call.caller_number else ""
