"""People for every role: a few with logins one remembers, and an officer and an approver in every department."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from accounts.models import Department, DepartmentLevel, Person
from accounts.roles import Role
from accounts.services.passwords import hash_password
from accounts.services.people import create_person
from config.extensions import db
from config.transaction import transactional
from console.demonstration.chance import dice
from console.demonstration.city import departments
from console.demonstration.names import a_name

PASSWORD = "Hotline-12345"  # noqa: S105 - shown on the sign-in page, on purpose
"""Of everybody in the demonstration. It opens nothing else: these people exist only where `demo city` was run."""


class Somebody(NamedTuple):
    login: str
    name: str
    department: str
    roles: tuple[Role, ...]


CENTRE, CITY = departments.CENTRE, departments.CITY

SHOWN = (
    Somebody("agent", "张敏", CENTRE, (Role.AGENT,)),
    Somebody("agent2", "李佳", CENTRE, (Role.AGENT,)),
    Somebody("agent3", "王晓晨", CENTRE, (Role.AGENT,)),
    Somebody("shiftlead", "陈立群", CENTRE, (Role.SHIFT_LEAD, Role.AGENT)),
    Somebody("dispatcher", "周文静", CENTRE, (Role.DISPATCHER,)),
    Somebody("officer", "郑凯", "csgl", (Role.CASE_OFFICER,)),
    Somebody("approver", "孙国梁", "csgl", (Role.DEPARTMENT_APPROVER,)),
    Somebody("reviewer", "吴海霞", CENTRE, (Role.REVIEWER,)),
    Somebody("callback", "何雨桐", CENTRE, (Role.CALLBACK_AGENT,)),
    Somebody("supervisor", "罗建平", CENTRE, (Role.SUPERVISION_OFFICER,)),
    Somebody("editor", "唐雪", CENTRE, (Role.KB_EDITOR,)),
    Somebody("kbapprover", "冯志远", CENTRE, (Role.KB_APPROVER,)),
    Somebody("inspector", "谢婉清", CENTRE, (Role.QC_INSPECTOR,)),
    Somebody("planner", "蒋一帆", CENTRE, (Role.PLANNER,)),
    Somebody("manager", "高明远", CITY, (Role.MANAGER,)),
    Somebody("sysadmin", "许诺", CITY, (Role.SYSTEM_ADMIN,)),
    Somebody("secadmin", "秦岚", CITY, (Role.SECURITY_ADMIN,)),
    Somebody("auditor", "范正清", CITY, (Role.AUDITOR,)),
)
"""Named on the sign-in page, in the order in which a case meets them."""

UNSHOWN = (
    Somebody("dispatcher2", "曹颖", CENTRE, (Role.DISPATCHER,)),
    Somebody("reviewer2", "邓志高", CENTRE, (Role.REVIEWER,)),
    Somebody("callback2", "沈月", CENTRE, (Role.CALLBACK_AGENT,)),
)

TEAMS, TEAM_SIZE = 4, 6
"""Shift teams that took history's calls; each day one of them works (chance of the day's number)."""


def team_logins(team: int) -> list[str]:
    """Agents of history: they have no password and sit at telephones of their own."""
    return [f"h-agent-{team * TEAM_SIZE + n + 1:02d}" for n in range(TEAM_SIZE)]


@transactional
def found() -> int:
    """Employ who is missing. Returns how many are new."""
    known = set(db.session.scalars(select(Person.login)))
    offices = departments.by_code()
    wanted = [s for s in (*SHOWN, *UNSHOWN, *_officers(offices)) if s.login not in known]
    sealed = hash_password(PASSWORD) if wanted else ""  # one for all: a hundred hashes take several seconds
    for somebody in wanted:
        person = create_person(
            somebody.login,
            somebody.name,
            offices[somebody.department],
            somebody.roles,
            must_change_password=False,
            totp_exempt=True,
        )
        person.password_hash = sealed
    agents = [login for team in range(TEAMS) for login in team_logins(team) if login not in known]
    for login in agents:
        name, _woman = a_name(dice("agent", login))
        create_person(login, name, offices[CENTRE], (Role.AGENT,), must_change_password=False)
    return len(wanted) + len(agents)


def _officers(offices: dict[str, Department]) -> list[Somebody]:
    """Two people in each department that answers cases; in a community one does both."""
    found: list[Somebody] = []
    for code, office in offices.items():
        if code in (CITY, CENTRE):
            continue
        officer, _woman = a_name(dice("officer", code))
        approver, _woman = a_name(dice("approver", code))
        if office.level in (DepartmentLevel.COMMUNITY, DepartmentLevel.SECTION):
            both = (Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER)
            found.append(Somebody(f"officer-{code}", officer, code, both))
        elif code != "csgl":  # whose two are on the sign-in page
            found.append(Somebody(f"officer-{code}", officer, code, (Role.CASE_OFFICER,)))
            found.append(Somebody(f"approver-{code}", approver, code, (Role.DEPARTMENT_APPROVER,)))
    return found


def shown_people() -> list[tuple[str, str, str]]:
    """(login, name, role in words) of those on the sign-in page; empty where no city was founded."""
    logins = [somebody.login for somebody in SHOWN]
    there = set(db.session.scalars(select(Person.login).where(Person.login.in_(logins))))
    return [(s.login, s.name, s.roles[0].label) for s in SHOWN if s.login in there]
