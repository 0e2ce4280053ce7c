"""What this floor asks of the floors above; they fill the slots when they are wired."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from config.interfaces import Slot
from knowledge_base.words import UseKind


@dataclass(frozen=True)
class Used:
    """What was done with which piece of knowledge. `number` is what people call it; `sent_to` is masked."""

    kind: UseKind
    number: str
    title: str
    sent_to: str = ""


@dataclass(frozen=True)
class Places:
    """Where a script may belong: (code, name) of categories and of queues."""

    categories: list[tuple[str, str]] = field(default_factory=list)
    queues: list[tuple[str, str]] = field(default_factory=list)


def _nowhere(_person: Any, _case_no: str, _used: Used) -> bool:
    return False


record_on_case: Slot[[Any, str, Used], bool] = Slot("record_on_case", default=_nowhere)
"""`record_on_case(person, case_no, used)`: write it down on the case, in the same transaction. False: not theirs."""
script_places: Slot[[], Places] = Slot("script_places", default=Places)
