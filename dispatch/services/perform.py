"""One way through: every deed on a case is refused or done here, under the lock of its row.

`perform` locks the case, asks the table whether the action may be done in this state, by this person, with these data;
lets the action's effect write what is its own; then moves state and clocks, and writes one event and one audit row.
All in one transaction: a deed is either wholly there or not at all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.live import tell
from config.transaction import after_commit, transactional
from dispatch.models import Case, CaseEvent
from dispatch.services import timing
from dispatch.signals import case_changed
from dispatch.workflow import Action, CaseState, Transition, transition


@dataclass
class Deed:
    """What an effect works with: the locked case, who acts, the data, and what the timeline will say."""

    case: Case
    row: Transition
    person: Person
    at: datetime
    data: dict[str, Any]
    text: str = ""
    internal: bool = False
    facts: dict[str, Any] = field(default_factory=dict)

    def get(self, name: str, default: Any = None) -> Any:
        return self.data.get(name, default)


Effect = Callable[[Deed], None]
_effects: dict[Action, Effect] = {}


def effect(*actions: Action) -> Callable[[Effect], Effect]:
    """Register what an action writes besides state, clocks and event."""

    def register(function: Effect) -> Effect:
        for action in actions:
            _effects[action] = function
        return function

    return register


@transactional
def perform(
    case_id: int,
    action: Action,
    person: Person,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Case:
    """Do `action` to the case. `version` is that of the page it was pressed on, if there was one.

    Conflict: somebody was first (names who and when). Refused: a rule says no. NotPermitted: this person may not.
    Invalid: data are missing. Nothing is changed by any of them.
    """
    case = lock(case_id)
    row = transition(action)
    if case.state not in row.sources:
        raise _too_late(case, row, version)
    if version is not None and version != case.version and row.target is not None:
        raise _too_late(case, row, version)
    ensure(person, row.permission, case)
    if (condition := row.refusal(case)) is not None:
        raise Refused(condition.otherwise, condition=condition.name)
    given = {name: value for name, value in (data or {}).items() if value not in (None, "", [])}
    if missing := [name for name in row.needs if name not in given]:
        raise Invalid(fields={name: _("This is needed.") for name in missing})
    return carry_out(Deed(case, row, person, clock.now(), given))


def carry_out(deed: Deed) -> Case:
    """The effect, the move, the clocks, the event: for `perform` and for the registration of a new case."""
    case, row = deed.case, deed.row
    before = case.state
    if write := _effects.get(row.action):
        write(deed)
    case.state = row.target_from(before)
    case.version += 1
    case.changed_at = deed.at
    if case.state is not before:
        _mark_end(deed)
    db.session.flush()
    timing.apply(case, row, deed.at)
    _remember(deed, before)
    _tell(deed, before)
    return case


def lock(case_id: int) -> Case:
    """The case with its row locked, as it is now."""
    case = db.session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    )
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def _too_late(case: Case, row: Transition, version: int | None) -> Refused:
    """Why the action cannot be done any more: who did what, and when."""
    last = db.session.scalar(
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.to_state != CaseEvent.from_state)
        .order_by(CaseEvent.id.desc())
        .limit(1)
    )
    if last is not None and last.person is not None and last.action is not None:
        return Conflict(
            _(
                "%(who)s was first: “%(what)s” at %(when)s. The case is now “%(state)s”.",
                who=last.person.name,
                what=last.action.label,
                when=clock.local(last.at).strftime("%H:%M:%S"),
                state=case.state.label,
            ),
            by=last.person.name,
            at=last.at.isoformat(),
            state=case.state.value,
        )
    return Refused(
        _(
            "“%(what)s” cannot be done while the case is “%(state)s”.",
            what=row.action.label,
            state=case.state.label,
        ),
        state=case.state.value,
    )


def _mark_end(deed: Deed) -> None:
    from dispatch.workflow import FINISHED_STATES

    case = deed.case
    if case.state in FINISHED_STATES and case.closed_at is None:
        case.closed_at, case.closed_by_id = deed.at, deed.person.id
    if case.state is CaseState.DRAFT:
        case.closed_at = case.closed_by_id = None


def _remember(deed: Deed, before: CaseState) -> None:
    case = deed.case
    db.session.add(
        CaseEvent(
            case_id=case.id,
            at=deed.at,
            action=deed.row.action,
            from_state=before.value,
            to_state=case.state.value,
            person_id=deed.person.id,
            department_id=deed.person.department_id,
            text=deed.text,
            internal=deed.internal,
            facts=deed.facts,
        )
    )
    audit.record(f"case:{deed.row.action.value}", deed.person, ("case", case.id), {"case_no": case.case_no})


_DESKS = {
    CaseState.PENDING_DISPATCH: "dispatch",
    CaseState.REPLIED: "review",
    CaseState.CALLBACK: "callback",
}


def _tell(deed: Deed, before: CaseState) -> None:
    case = deed.case
    facts = {"case_no": case.case_no, "state": case.state.value, "action": deed.row.action.value}
    tell(f"case:{case.id}", "case", {**facts, "version": case.version})
    if case.state is not before:
        for state, change in ((before, -1), (case.state, 1)):
            if desk := _DESKS.get(state):
                tell(f"desk:{desk}", "worklist", {**facts, "desk": desk, "delta": change})
    if case.lead_department_id is not None:
        tell(f"department:{case.lead_department_id}", "worklist", {**facts, "desk": "inbox", "delta": 0})
    after_commit(
        case_changed.send,
        None,
        case_id=case.id,
        action=deed.row.action,
        from_state=before,
        to_state=case.state,
    )
