"""What boards, the floor and the call log read."""

from hotline.queries.branches import Branch, branch_of, of_branch, people_under
from hotline.queries.calls import (
    call_log,
    calls_of,
    commands_of,
    deeds_of,
    events_of,
    legs_of,
    log_keys,
    qualities_of,
    recordings_of,
)
from hotline.queries.floor import (
    Wait,
    agents_by_state,
    help_requests,
    queues_now,
    usual_seats,
    waits,
    waits_by_queue,
)
from hotline.queries.missed import missed_calls, missed_due, missed_keys
from hotline.queries.numbers import number_rules, proposals_waiting
from hotline.queries.queues import departments_of_agents, other_queues, sites
from hotline.queries.texts import text_keys, texts
from hotline.queries.trunks import lines_down, trunks_down
from hotline.queries.voicemails import sounds_of, voicemail_keys, voicemails, voicemails_open
from hotline.queries.waiting import Accuracy, accuracy, expectation, kept_places, pace, waiting_in

__all__ = [
    "Accuracy",
    "Branch",
    "Wait",
    "accuracy",
    "agents_by_state",
    "branch_of",
    "call_log",
    "calls_of",
    "commands_of",
    "deeds_of",
    "departments_of_agents",
    "events_of",
    "expectation",
    "help_requests",
    "kept_places",
    "legs_of",
    "lines_down",
    "log_keys",
    "missed_calls",
    "missed_due",
    "missed_keys",
    "number_rules",
    "of_branch",
    "other_queues",
    "pace",
    "people_under",
    "proposals_waiting",
    "qualities_of",
    "queues_now",
    "recordings_of",
    "sites",
    "sounds_of",
    "text_keys",
    "texts",
    "trunks_down",
    "usual_seats",
    "voicemail_keys",
    "voicemails",
    "voicemails_open",
    "waiting_in",
    "waits",
    "waits_by_queue",
]
