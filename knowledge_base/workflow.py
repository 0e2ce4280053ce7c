"""The life of knowledge as one table: draft → in review → published → retired.

A department's draft goes to the editors first: handed in, then accepted (and so in review) or refused with a reason.

What has a life is a version. An item is what its versions have in common: while a revision is written and reviewed,
the published version stays in force. Pure: no database, no request. Buttons, services and tests are read from it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from accounts.roles import Role
from config.words import Hue, Word
from knowledge_base.words import ItemState


class ItemAction(Word):
    """A deed on an item. The same word on button, in history and in the audit trail."""

    EDIT = "edit", _l("Edit"), Hue.QUIET
    HAND_IN = "hand_in", _l("Hand in to the editors"), Hue.GOOD
    ACCEPT = "accept", _lp("knowledge action", "Accept"), Hue.GOOD
    REFUSE = "refuse", _lp("knowledge action", "Refuse"), Hue.LATE
    SUBMIT = "submit", _l("Submit for review"), Hue.GOOD
    WITHDRAW = "withdraw", _l("Take back"), Hue.QUIET
    RETURN = "return", _l("Send back"), Hue.LATE
    APPROVE = "approve", _l("Approve and publish"), Hue.GOOD
    REVISE = "revise", _l("Revise"), Hue.QUIET
    CONFIRM = "confirm", _l("Read again: still right"), Hue.QUIET
    RETIRE = "retire", _lp("knowledge action", "Retire"), Hue.LATE
    DISCARD = "discard", _l("Discard draft"), Hue.LATE


class VersionFacts(Protocol):
    """What the table looks at; the model has it, and so has a test's plain object."""

    state: ItemState
    writer_ids: list[int]
    has_sibling_in_work: bool


class Actor(Protocol):
    """Who wants to do it."""

    id: int

    def has_role(self, *roles: Role) -> bool: ...


@dataclass(frozen=True)
class Condition:
    """`holds(version, actor)`; `otherwise` is what the person is told when it does not."""

    name: str
    holds: Callable[[VersionFacts, Actor], bool]
    otherwise: Any


FOUR_EYES = Condition(
    "four_eyes",
    lambda version, actor: actor.id not in version.writer_ids,
    _l("You worked on this text yourself; somebody else must approve it."),
)
NOTHING_IN_WORK = Condition(
    "nothing_in_work",
    lambda version, _actor: not version.has_sibling_in_work,
    _l("A revision of this item is already being worked on."),
)

NOT_WITH_THE_EDITORS = Condition(
    "not_with_the_editors",
    lambda version, actor: version.state is not ItemState.HANDED_IN or actor.has_role(Role.KB_EDITOR),
    _l("It has been handed in: take it back first, or let the editors change it."),
)


@dataclass(frozen=True)
class Transition:
    """One row. `target` None: the version's state stays. `needs` are the data without which it is refused."""

    action: ItemAction
    sources: frozenset[ItemState]
    target: ItemState | None
    permission: str
    needs: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    shortcut: str = ""

    def target_from(self, state: ItemState) -> ItemState:
        """The state after it was done in `state`."""
        return self.target or state

    def refusal(self, version: VersionFacts, actor: Actor) -> Condition | None:
        """The first condition that does not hold."""
        return next((c for c in self.conditions if not c.holds(version, actor)), None)


S, A = ItemState, ItemAction

TRANSITIONS: tuple[Transition, ...] = (
    Transition(
        A.EDIT, frozenset({S.DRAFT, S.HANDED_IN}), None, "knowledge:edit", conditions=(NOT_WITH_THE_EDITORS,),
        shortcut="e",
    ),
    Transition(A.HAND_IN, frozenset({S.DRAFT}), S.HANDED_IN, "knowledge:hand_in", shortcut="s"),
    Transition(A.ACCEPT, frozenset({S.HANDED_IN}), S.IN_REVIEW, "knowledge:assess", shortcut="p"),
    Transition(A.REFUSE, frozenset({S.HANDED_IN}), S.DRAFT, "knowledge:assess", needs=("reason",), shortcut="b"),
    Transition(A.SUBMIT, frozenset({S.DRAFT}), S.IN_REVIEW, "knowledge:submit", shortcut="s"),
    Transition(A.WITHDRAW, frozenset({S.HANDED_IN, S.IN_REVIEW}), S.DRAFT, "knowledge:edit"),
    Transition(
        A.APPROVE, frozenset({S.IN_REVIEW}), S.PUBLISHED, "knowledge:approve", conditions=(FOUR_EYES,), shortcut="p"
    ),
    Transition(A.RETURN, frozenset({S.IN_REVIEW}), S.DRAFT, "knowledge:approve", needs=("reason",), shortcut="b"),
    Transition(
        A.REVISE, frozenset({S.PUBLISHED, S.RETIRED}), None, "knowledge:edit", conditions=(NOTHING_IN_WORK,),
        shortcut="r",
    ),
    Transition(A.CONFIRM, frozenset({S.PUBLISHED}), None, "knowledge:edit", shortcut="v"),
    Transition(A.RETIRE, frozenset({S.PUBLISHED}), S.RETIRED, "knowledge:approve", needs=("reason",)),
    Transition(A.DISCARD, frozenset({S.DRAFT}), S.RETIRED, "knowledge:edit"),
)  # fmt: skip

_BY_ACTION = {row.action: row for row in TRANSITIONS}


def transition(action: ItemAction) -> Transition:
    """The row of `action`; each action has exactly one."""
    return _BY_ACTION[action]


def rows_from(state: ItemState) -> tuple[Transition, ...]:
    """Rows that start in `state`, in the order of the table."""
    return tuple(row for row in TRANSITIONS if state in row.sources)
