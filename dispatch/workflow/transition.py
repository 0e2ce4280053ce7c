"""What one row of the workflow table says."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from dispatch.workflow.actions import Action, ClockKind
from dispatch.workflow.conditions import CaseFacts, Condition
from dispatch.workflow.words import CaseState


class Rank(Enum):
    """How prominent the button is."""

    MAIN = "main"
    SECONDARY = "secondary"
    DANGER = "danger"


@dataclass(frozen=True)
class Transition:
    """One row: from any of `sources` to `target` (None: the state stays).

    Where `branch` is given and does not hold, the case goes to `otherwise` instead. `needs` are the fields without
    which the action is refused, `takes` those it may be told besides. `starts` … `resumes` are clocks; `withdraws` are
    those that end because nobody owes any more what they time, not because it was done.
    """

    action: Action
    sources: frozenset[CaseState]
    target: CaseState | None
    permission: str
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    branch: Condition | None = None
    otherwise: CaseState | None = None
    starts: tuple[ClockKind, ...] = ()
    stops: tuple[ClockKind, ...] = ()
    pauses: tuple[ClockKind, ...] = ()
    resumes: tuple[ClockKind, ...] = ()
    withdraws: tuple[ClockKind, ...] = ()
    rank: Rank = Rank.SECONDARY
    shortcut: str = ""
    bulk: bool = False

    @property
    def moves(self) -> bool:
        """Whether the state changes, so that a page that shows an older version must not press it."""
        return self.target is not None

    def target_of(self, case: CaseFacts) -> CaseState:
        """The state after it was done to `case` as it is now."""
        if self.target is None:
            return case.state
        if self.branch is None or self.otherwise is None or self.branch.holds(case):
            return self.target
        return self.otherwise

    def targets_from(self, state: CaseState) -> tuple[CaseState, ...]:
        """Every state it may lead to from `state`."""
        return tuple(t for t in (self.target, self.otherwise) if t is not None) or (state,)

    def refusal(self, case: CaseFacts) -> Condition | None:
        """The first condition that does not hold."""
        return next((c for c in self.conditions if not c.holds(case)), None)
