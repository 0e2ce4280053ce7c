"""What a person may do with an item now: the table read for a page. Buttons are made from this and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from accounts.models import Person
from accounts.permissions import may
from knowledge_base.models import KnowledgeItem, KnowledgeVersion
from knowledge_base.words import ItemState
from knowledge_base.workflow import TRANSITIONS, ItemAction, Transition


@dataclass(frozen=True)
class Choice:
    """`reason` says why it cannot be done by this person, though others might; empty: it can."""

    row: Transition
    version: KnowledgeVersion
    reason: str

    @property
    def action(self) -> ItemAction:
        return self.row.action


def choices_for(
    person: Person, item: KnowledgeItem, versions: Sequence[KnowledgeVersion], shown: int | None = None
) -> list[Choice]:
    """Rows this person has the permission for, in the order of the table. `versions` newest first.

    What can be done to several of them is done to the one that is `shown`, by its number.
    """
    alive = [v for v in versions if v.state is not ItemState.RETIRED] or list(versions[:1])
    found = []
    for row in TRANSITIONS:
        fitting = [v for v in alive if v.state in row.sources]
        version = next((v for v in fitting if v.number == shown), next(iter(fitting), None))
        if version is None or not may(person, row.permission, item):
            continue
        condition = row.refusal(version, person)
        found.append(Choice(row, version, str(condition.otherwise) if condition else ""))
    return found
