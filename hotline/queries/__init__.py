"""What boards, the floor and the call log read."""

from hotline.queries.calls import (
    call_log,
    calls_of,
    commands_of,
    events_of,
    legs_of,
    log_keys,
    qualities_of,
    recordings_of,
)
from hotline.queries.floor import Wait, agents_by_state, seats_now, usual_seats, waits, waits_by_queue
from hotline.queries.missed import missed_calls, missed_due, missed_keys
from hotline.queries.numbers import number_rules, proposals_waiting

__all__ = [
    "Wait",
    "agents_by_state",
    "call_log",
    "calls_of",
    "commands_of",
    "events_of",
    "legs_of",
    "log_keys",
    "missed_calls",
    "missed_due",
    "missed_keys",
    "number_rules",
    "proposals_waiting",
    "qualities_of",
    "recordings_of",
    "seats_now",
    "usual_seats",
    "waits",
    "waits_by_queue",
]
