"""Who may do what to a case: rows of the permission table, named as the transition table names them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from accounts.models import Person
from accounts.permissions import allow, conditions, named, reaches, role_is
from accounts.roles import Role
from dispatch.models import Case
from dispatch.queries import addressee_of_notice, departments_below, departments_involved
from dispatch.roles import CENTRE_ROLES, DEPARTMENT_ROLES
from dispatch.workflow import CaseState

R = Role


def _concerned(person: Person, case: Case | None, *roles: Role) -> bool:
    """A grant of `roles` reaches the lead department (without a case: reaches any)."""
    if case is None:
        return person.has_role(*roles)
    return reaches(person, case.lead_department, *roles)


def officer_of_lead(person: Person, case: Case | None) -> bool:
    """A case officer of the lead department, or of one above it."""
    return _concerned(person, case, R.CASE_OFFICER)


def approver_of_lead(person: Person, case: Case | None) -> bool:
    """A department approver of the lead department, or of one above it."""
    return _concerned(person, case, R.DEPARTMENT_APPROVER)


def involved(person: Person, case: Case | None) -> bool:
    """Somebody of a department that has a part in the case."""
    if case is None or not person.has_role(*DEPARTMENT_ROLES):
        return person.has_role(*DEPARTMENT_ROLES)
    if _concerned(person, case, *DEPARTMENT_ROLES):
        return True
    return any(reaches(person, department, *DEPARTMENT_ROLES) for department in departments_involved(case.id))


def assisting(person: Person, case: Case | None) -> bool:
    """Somebody of a department that assists, or to which the case was handed down."""
    if case is None or not person.has_role(*DEPARTMENT_ROLES):
        return person.has_role(*DEPARTMENT_ROLES)
    parts = departments_involved(case.id, lead=False)
    return any(reaches(person, department, *DEPARTMENT_ROLES) for department in parts)


def handed_down(person: Person, case: Case | None) -> bool:
    """A case officer of a department to which the case was handed down."""
    if case is None or not person.has_role(R.CASE_OFFICER):
        return person.has_role(R.CASE_OFFICER)
    return any(reaches(person, department, R.CASE_OFFICER) for department in departments_below(case.id))


def answers_notice(person: Person, case: Case | None) -> bool:
    """Somebody of the department that the open notice is addressed to."""
    if case is None or not person.has_role(*DEPARTMENT_ROLES):
        return person.has_role(*DEPARTMENT_ROLES)
    return reaches(person, addressee_of_notice(case.id), *DEPARTMENT_ROLES)


def may_add_files(person: Person, case: Case | None) -> bool:
    """Those who register cases, and the departments that have a part in one."""
    return person.has_role(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER, R.API_CLIENT) or involved(person, case)


def agent_of_own_draft(person: Person, case: Case | None) -> bool:
    """An agent, for a case that has not gone to the dispatch desk."""
    return person.has_role(R.AGENT, R.SHIFT_LEAD) and (case is None or case.state is CaseState.DRAFT)


def may_see_contact(person: Person, case: Case | None) -> bool:
    """The department that must contact the citizen, unless the citizen asked for confidence."""
    return case is not None and not case.confidential and not case.anonymous and involved(person, case)


allow("case:list", role_is(*CENTRE_ROLES, *DEPARTMENT_ROLES))
allow("case:view", role_is(*CENTRE_ROLES), involved)
allow("case:register", role_is(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER, R.API_CLIENT))
allow("case:send_link", role_is(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER, R.CALLBACK_AGENT))
allow("case:import", role_is(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER))
allow("case:dispatch", role_is(R.DISPATCHER))
allow("case:not_accept", role_is(R.DISPATCHER), agent_of_own_draft)
allow("case:sign", officer_of_lead, approver_of_lead)
allow("case:hand_down", officer_of_lead, approver_of_lead)
allow("case:handle", officer_of_lead, approver_of_lead, handed_down)
allow("case:assist", assisting)
allow("case:attach", may_add_files)
allow("case:release", approver_of_lead)
allow("case:request", officer_of_lead, approver_of_lead)
allow("case:rule_return", role_is(R.DISPATCHER))
allow("case:rule_request", role_is(R.REVIEWER))
allow("case:rule_suspension", role_is(R.SUPERVISION_OFFICER))
allow("case:review", role_is(R.REVIEWER))
allow("case:callback", role_is(R.CALLBACK_AGENT))
allow("case:decide", role_is(R.SUPERVISION_OFFICER))
allow("case:urge", role_is(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER, R.CALLBACK_AGENT, R.SUPERVISION_OFFICER))
allow("case:supervise", role_is(R.SUPERVISION_OFFICER))
allow("case:answer_notice", answers_notice)
allow(
    "case:supplement", role_is(R.AGENT, R.SHIFT_LEAD, R.DISPATCHER, R.CALLBACK_AGENT, R.SUPERVISION_OFFICER)
)
allow("case:archive", role_is(R.SUPERVISION_OFFICER, R.DISPATCHER))
allow(
    "case:unmask",
    role_is(R.AGENT, R.SHIFT_LEAD, R.CALLBACK_AGENT, R.SUPERVISION_OFFICER),
    may_see_contact,
)
allow("desk:dispatch", role_is(R.DISPATCHER))
allow("desk:review", role_is(R.REVIEWER))
allow("desk:callback", role_is(R.CALLBACK_AGENT))
allow("desk:supervision", role_is(R.SUPERVISION_OFFICER))
allow("desk:inbox", role_is(*DEPARTMENT_ROLES))

named(
    {
        "case:answer_notice": _l("Answer a supervision notice"),
        "case:archive": _l("Archive cases"),
        "case:assist": _l("Report back to the lead"),
        "case:attach": _l("Attach files"),
        "case:callback": _l("Call back and close"),
        "case:decide": _l("Decide on difficult cases"),
        "case:dispatch": _l("Dispatch cases"),
        "case:hand_down": _l("Hand down to a section"),
        "case:handle": _l("Handle a case and write its reply"),
        "case:import": _l("Import cases"),
        "case:send_link": _l("Send links to knowledge by text message"),
        "case:list": _l("List cases"),
        "case:not_accept": _l("Not accept a case"),
        "case:register": _l("Register cases"),
        "case:release": _l("Release a reply"),
        "case:request": _l("Ask for a return, extension or suspension"),
        "case:review": _l("Review replies"),
        "case:rule_request": _l("Rule on requests of departments"),
        "case:rule_return": _l("Rule on returns"),
        "case:rule_suspension": _l("Rule on suspensions"),
        "case:sign": _l("Sign for a case"),
        "case:supervise": _l("Supervise a case"),
        "case:supplement": _l("Add what the citizen says later"),
        "case:unmask": _l("See a citizen's whole number"),
        "case:urge": _l("Urge a case"),
        "case:view": _l("Open a case"),
        "desk:callback": _l("Work at the callback desk"),
        "desk:dispatch": _l("Work at the dispatch desk"),
        "desk:inbox": _l("Work in the department inbox"),
        "desk:review": _l("Work at the review desk"),
        "desk:supervision": _l("Work at the supervision desk"),
    }
)
conditions(
    {
        officer_of_lead: _l("an officer of the lead department or one above"),
        approver_of_lead: _l("an approver of the lead department or one above"),
        involved: _l("a department with a part in the case"),
        assisting: _l("a department that assists"),
        handed_down: _l("a department it was handed down to"),
        answers_notice: _l("the department the notice is for"),
        may_add_files: _l("who registers, or has a part in the case"),
        agent_of_own_draft: _l("an agent, while it is a draft"),
        may_see_contact: _l("a department with a part in it, unless confidential"),
    }
)
