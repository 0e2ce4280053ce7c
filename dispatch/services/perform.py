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
from sqlalchemy import select, update

from accounts import audit
from accounts.models import Person
from accounts.permissions import ensure
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused
from config.extensions import db
from config.live import tell
from config.transaction import after_commit, transactional
from dispatch.models import Assignment, Case, CaseEvent, CaseRequest
from dispatch.services import timing
from dispatch.signals import case_changed
from dispatch.workflow import (
    FINISHED_STATES,
    Action,
    CaseState,
    RequestKind,
    Ruling,
    Transition,
    rows_from,
    transition,
)
from dispatch.workflow.fields import read_fields

MOST_LOOKED_AT = 50
"""Deeds, newest first: a page so much older than its case is no second press of a button."""


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
    Invalid: a field is missing or is not what it should be. Nothing is changed by any of them.
    """
    case = lock(case_id)
    row = transition(action)
    if case.state not in row.sources or (version is not None and version != case.version and row.moves):
        raise _too_late(case, row)
    ensure(person, row.permission, case)
    if (condition := row.refusal(case)) is not None:
        raise Refused(condition.otherwise, condition=condition.name)
    values, wrong = read_fields(dict(data or {}), row.needs, row.takes)
    if wrong:
        raise Invalid(fields=wrong)
    if version is not None and _said_already(case, row, person, values, case.version - version):
        return case
    return carry_out(Deed(case, row, person, clock.now(), values))


def carry_out(deed: Deed) -> Case:
    """The effect, the move, the clocks, the event: for `perform` and for the registration of a new case."""
    case, row = deed.case, deed.row
    before, led_before = case.state, case.lead_department_id
    # Nothing is written before all of it is known: the database would refuse a state without its clock.
    with db.session.no_autoflush:
        target = row.target_of(case)
        if write := _effects.get(row.action):
            write(deed)
        case.state = target
        case.version += 1
        case.changed_at = deed.at
        if case.state is not before:
            _mark_end(deed)
            _lapse_requests(deed)
        started = timing.apply(case, row, deed.at)
    db.session.add(case)
    db.session.flush()
    timing.set_timers(started)
    _remember(deed, before)
    _tell(deed, before, led_before)
    return case


def lock(case_id: int, wait: bool = True) -> Case:
    """The case with its row locked, as it is now. Without `wait`, Conflict where somebody else is at it."""
    case = db.session.scalar(
        select(Case)
        .where(Case.id == case_id)
        .with_for_update(of=Case, skip_locked=not wait)
        .execution_options(populate_existing=True)
    )
    if case is None and not wait:
        raise Conflict(_("Somebody is working on that case at this moment; try again."))
    if case is None:
        raise NotFound(_("There is no such case."))
    return case


def _said_already(case: Case, row: Transition, person: Person, values: dict[str, Any], since: int) -> bool:
    """Whether this is the same page sent again: among the `since` deeds done after it was shown is this one, in these
    words, by this person. What moves the case or is held by a condition cannot be done twice as it is."""
    if row.moves or row.conditions or "note" not in values or not 0 < since < MOST_LOOKED_AT:
        return False
    if "attachment_ids" in values:  # which only a second look at each file could tell apart
        return False
    newest = (
        select(CaseEvent)
        .where(CaseEvent.case_id == case.id, CaseEvent.action.is_not(None))
        .order_by(CaseEvent.id.desc())
        .limit(since)
    )
    return any(
        (event.action, event.person_id, event.text) == (row.action, person.id, values["note"])
        for event in db.session.scalars(newest)
    )


def _too_late(case: Case, row: Transition) -> Refused:
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
    case = deed.case
    if case.state in FINISHED_STATES and case.closed_at is None:
        case.closed_at, case.closed_by_id = deed.at, deed.person.id
        if case.lead_department_id is not None:
            end_assignments(case, deed.at)
    if case.state is not CaseState.SUSPENDED:
        case.review_on = None
    if case.state in FINISHED_STATES or case.state is CaseState.MERGED:
        case.referred, case.proposed_notice = False, None


def end_assignments(case: Case, at: datetime) -> None:
    """Nobody has a part in the case any more."""
    db.session.execute(
        update(Assignment)
        .where(Assignment.case_id == case.id, Assignment.ended_at.is_(None))
        .values(ended_at=at)
    )


def _lapse_requests(deed: Deed) -> None:
    """A request that cannot be ruled on in the new state has lost its object."""
    case = deed.case
    rulable = {
        RequestKind(row.action.value.removeprefix("approve_")) for row in rows_from(case.state) if _rules(row)
    }
    if not (gone := case.pending_requests - rulable):
        return
    case.pending = sorted(kind.value for kind in case.pending_requests & rulable)
    db.session.execute(
        update(CaseRequest)
        .where(
            CaseRequest.case_id == case.id, CaseRequest.kind.in_(gone), CaseRequest.ruling == Ruling.WAITING
        )
        .values(ruling=Ruling.LAPSED, ruled_at=deed.at)
    )


def _rules(row: Transition) -> bool:
    return row.action.value.startswith("approve_")


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


def _tell(deed: Deed, before: CaseState, led_before: int | None) -> None:
    case = deed.case
    facts = {"case_no": case.case_no, "state": case.state.value, "action": deed.row.action.value}
    tell(f"case:{case.id}", "case", {**facts, "version": case.version})
    if case.state is not before:
        for state, change in ((before, -1), (case.state, 1)):
            if desk := _DESKS.get(state):
                tell(f"desk:{desk}", "worklist", {**facts, "desk": desk, "delta": change})
    for led in {led_before, case.lead_department_id} - {None}:  # who lost it, too
        tell(f"department:{led}", "worklist", {**facts, "desk": "inbox", "delta": 0})
    after_commit(
        case_changed.send,
        None,
        case_id=case.id,
        action=deed.row.action,
        from_state=before,
        to_state=case.state,
    )
