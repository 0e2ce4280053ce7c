"""The form of one action, ready to be drawn: with what it begins with and what may help to fill it in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from accounts.models import Person
from accounts.permissions import ensure, may
from config import clock
from config.errors import NotFound
from config.extensions import db
from config.web.forms import HouseForm
from dispatch import queries, services
from dispatch.forms import action_form
from dispatch.models import Case
from dispatch.services.department import waiting_reply
from dispatch.views.facts import suggestion_for
from dispatch.workflow import Action, RequestKind, Transition, transition


@dataclass(frozen=True)
class Panel:
    """`same` are open cases that may be the same matter; `draft_key` is where what is typed is kept."""

    row: Transition
    form: HouseForm
    refusal: str = ""
    suggestion: queries.Suggestion | None = None
    same: list[Case] = field(default_factory=list)
    draft_key: str = ""
    draft_version: int = 0


def action_named(name: str) -> Action:
    """The action, or NotFound: an address that nobody made."""
    try:
        return Action(name)
    except ValueError as error:
        raise NotFound(_("There is no such action.")) from error


def open_panel(person: Person, case: Case, action: Action) -> Panel:
    """The form as it begins, with what this person typed before; NotPermitted, or with the reason why not now."""
    row = transition(action)
    ensure(person, row.permission, case)
    key = draft_key(case, action)
    kept = services.load_draft(person, key)
    start = {**_first_values(action, case), **(kept[0] if kept else {})}
    return fill_panel(case, row, action_form(row, case, start=start))


def fill_panel(case: Case, row: Transition, form: HouseForm) -> Panel:
    """The panel round a form, fresh or refused."""
    condition = row.refusal(case) if case.state in row.sources else None
    return Panel(
        row=row,
        form=form,
        refusal=str(condition.otherwise) if condition else "",
        suggestion=suggestion_for(case) if row.action is Action.DISPATCH else None,
        same=_same_matter(case) if row.action is Action.MERGE else [],
        draft_key=draft_key(case, row.action),
    )


def panel_asked_for(person: Person, case: Case, name: str) -> Panel | None:
    """The panel that an address opens, if it can be opened now."""
    if not name:
        return None
    try:
        action = action_named(name)
    except NotFound:
        return None
    row = transition(action)
    if case.state not in row.sources or not may(person, row.permission, case):
        return None
    return open_panel(person, case, action)


def draft_key(case: Case, action: Action) -> str:
    """Where the typing of this action on this case is kept."""
    return f"{action.value}-{case.case_no}"


def _same_matter(case: Case) -> list[Case]:
    place = case.street_code or case.district_code
    found = queries.similar_open_cases(case.category_code, place, case.contact_index, but=case.id)
    return list(db.session.scalars(found))


def _first_values(action: Action, case: Case) -> dict[str, Any]:
    """What a form begins with: the suggested lead, the words that are there already, what was asked for."""
    if action is Action.DISPATCH:
        suggestion = suggestion_for(case)
        return {"lead": suggestion.department.code if suggestion else "", "advice": case.advice}
    if action is Action.RESUBMIT:
        names = ("title", "content", "asked", "address", "category_code", "advice")
        return {name: getattr(case, name) for name in names}
    if action in _SOLVED:
        return {"solved": _SOLVED[action]}
    if action is Action.WRITE_REPLY:
        return _written_before(case)
    if action is Action.SUPERVISE and case.proposed_notice:
        return {"cause": case.proposed_notice.value}
    if action is Action.APPROVE_EXTENSION:
        asked = [
            one for one in db.session.scalars(queries.requests_of(case)) if one.kind is RequestKind.EXTENSION
        ]
        return {"days": asked[-1].days} if asked else {}
    return {}


_SOLVED = {
    Action.CLOSE_SATISFIED: "true",
    Action.CLOSE_UNREASONABLE: "false",
    Action.ORDER_REDO: "false",
    Action.REFER: "false",
}
"""What the callback's action already says of the citizen's answer; it can be changed."""


def _written_before(case: Case) -> dict[str, Any]:
    """The reply that waits for release is written on, not anew."""
    reply = waiting_reply(case)
    if reply is None:
        return {}
    yes_no = {True: "true", False: "false", None: None}
    return {
        "public_text": reply.public_text,
        "internal_text": reply.internal_text,
        "why_not": reply.why_not,
        "claim_true": yes_no[reply.claim_true],
        "solved": yes_no[reply.solved],
        "beyond_duty": yes_no[reply.beyond_duty],
        "contacted_number": reply.contacted_number or "",
        "contacted_at": f"{clock.local(reply.contacted_at):%Y-%m-%dT%H:%M}" if reply.contacted_at else "",
    }
