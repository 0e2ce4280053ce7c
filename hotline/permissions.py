"""Who may do what with calls."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from accounts.models import Person
from accounts.permissions import allow, conditions, named, reaches, role_is
from accounts.roles import Role
from hotline.models import Call
from hotline.queries.branches import OVERSEE_ALL, branch_of, is_of_branch

OVERSEERS = (Role.SHIFT_LEAD, *OVERSEE_ALL)


def own_call(person: Person, call: Any) -> bool:
    """The agent of the call, answered or placed."""
    return isinstance(call, Call) and call.agent_id == person.id


def leads(person: Person, agent: Any) -> bool:
    """A shift lead, of the agent's part of the tree; one for the whole city also of those who belong nowhere."""
    if not person.has_role(Role.SHIFT_LEAD):
        return False
    if not isinstance(agent, Person) or "/" in person.departments_in_scope(Role.SHIFT_LEAD):
        return True
    return reaches(person, agent.department, Role.SHIFT_LEAD)


def oversees(person: Person, call: Any) -> bool:
    """Who oversees calls: this one too, if it is of the branch they lead."""
    if not person.has_role(*OVERSEERS):
        return False
    branch = branch_of(person)
    return branch is None or not isinstance(call, Call) or is_of_branch(call, branch)


def leads_call(person: Person, call: Any) -> bool:
    """A shift lead, of a call of their branch."""
    return person.has_role(Role.SHIFT_LEAD) and oversees(person, call)


def register() -> None:
    """Fill this floor's rows of the table."""
    telephonists = role_is(Role.AGENT, Role.SHIFT_LEAD, Role.CALLBACK_AGENT)
    overseers = role_is(*OVERSEERS)
    allow("call:take", telephonists)
    allow("call:list", telephonists, overseers)
    allow("call:list_all", overseers)
    allow("call:export", role_is(Role.SHIFT_LEAD, Role.MANAGER, Role.QC_INSPECTOR))
    allow("call:see", own_call, oversees)
    allow("missed:call", telephonists)
    allow("missed:close", telephonists)
    allow("voicemail:handle", telephonists)
    allow("number_rule:propose", telephonists)
    allow("number_rule:list", role_is(Role.SHIFT_LEAD, Role.MANAGER, Role.AUDITOR))
    allow("number_rule:decide", role_is(Role.SHIFT_LEAD))
    allow("recording:play", own_call, oversees)
    allow("recording:hold", role_is(Role.MANAGER, Role.QC_INSPECTOR))
    allow("caller:unmask_call", own_call, leads_call)
    allow("floor:watch", role_is(Role.SHIFT_LEAD, Role.MANAGER, Role.PLANNER))
    allow("floor:lead", leads)
    allow("ivr:see", role_is(Role.SYSTEM_ADMIN, Role.SHIFT_LEAD, Role.MANAGER))
    allow("ivr:change", role_is(Role.SYSTEM_ADMIN, Role.SHIFT_LEAD))
    allow("ivr:switch", role_is(Role.SYSTEM_ADMIN, Role.SHIFT_LEAD, Role.MANAGER))
    allow("text:list", role_is(Role.SYSTEM_ADMIN, Role.SHIFT_LEAD, Role.MANAGER, Role.AUDITOR))
    allow("break_allowance:save", role_is(Role.SHIFT_LEAD, Role.SYSTEM_ADMIN))
    allow("queue:list", role_is(Role.SYSTEM_ADMIN, Role.SHIFT_LEAD, Role.MANAGER))
    allow("queue:save", role_is(Role.SYSTEM_ADMIN))


named(
    {
        "break_allowance:save": _l("Set how long breaks may last"),
        "call:export": _l("Export calls"),
        "call:list": _l("List one's own calls"),
        "call:list_all": _l("List everybody's calls"),
        "call:see": _l("Open a call"),
        "call:take": _l("Take and place calls"),
        "caller:unmask_call": _l("See a caller's whole number"),
        "floor:lead": _l("Steer the floor"),
        "floor:watch": _l("Watch the floor"),
        "number_rule:decide": _l("Decide which numbers are blocked or come first"),
        "number_rule:list": _l("See which numbers are blocked or come first"),
        "number_rule:propose": _l("Propose to block a number"),
        "missed:call": _l("Call back who gave up waiting"),
        "missed:close": _l("Close missed calls without calling"),
        "voicemail:handle": _l("Deal with messages citizens left"),
        "recording:hold": _l("Hold recordings as evidence"),
        "recording:play": _l("Listen to recordings"),
        "ivr:see": _l("See call flows and try them"),
        "ivr:change": _l("Change and publish call flows"),
        "ivr:switch": _l("Switch the emergency broadcast and straight-to-a-person"),
        "queue:list": _l("See queues and seats"),
        "text:list": _l("See the text messages written to citizens"),
        "queue:save": _l("Change queues and seats"),
    }
)
conditions(
    {
        own_call: _l("one's own call"),
        leads: _l("agents of one's own part of the tree"),
        oversees: _l("calls one oversees"),
        leads_call: _l("calls of the people one leads"),
    }
)
