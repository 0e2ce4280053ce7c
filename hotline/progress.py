"""What this floor asks the one that has cases: how does this case stand, in a sentence to be spoken?"""

from __future__ import annotations

from config.interfaces import Slot


def _nobody_knows(_number: str, _code: str, _call_no: str) -> str | None:
    return None


case_progress: Slot[[str, str, str], str | None] = Slot("case_progress", default=_nobody_knows)
"""(case number by digits, query code by keys, number of the asking call) → the sentence; None if they do not fit
together, and nothing that would tell a wrong number from a wrong code."""
