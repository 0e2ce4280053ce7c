"""What a switch, an agent, an administrator does. One verb, one transaction."""

from hotline.services.agents import (
    become_idle,
    become_not_ready,
    extend_wrap_up,
    finish_wrap_up,
    sign_off,
    sign_on,
)
from hotline.services.in_call import answer_call, hang_up, hold_call, place_call, resume_call
from hotline.services.receive import receive_event, receive_events

__all__ = [
    "answer_call",
    "become_idle",
    "become_not_ready",
    "extend_wrap_up",
    "finish_wrap_up",
    "hang_up",
    "hold_call",
    "place_call",
    "receive_event",
    "receive_events",
    "resume_call",
    "sign_off",
    "sign_on",
]
