"""Who acts in the past: the people whose part each deed is."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from sqlalchemy import select

from accounts.models import Department, Person
from accounts.roles import Role
from config.extensions import db
from console.demonstration.city import departments
from console.demonstration.city.people import TEAMS, team_logins


@dataclass
class Cast:
    """Everybody by the part they play; `officers` and `approvers` by the department's id."""

    team: list[Person]
    dispatchers: list[Person]
    reviewers: list[Person]
    callers: list[Person]
    supervisor: Person
    officers: dict[int, Person]
    approvers: dict[int, Person]
    offices: dict[str, Department]

    def below(self, department: Department) -> list[Department]:
        """Departments right below that have an officer of their own."""
        return [d for d in self.offices.values() if d.parent_id == department.id and d.id in self.officers]

    def another(self, department: Department, rng: Random) -> Department:
        """Some other bureau: to which a case goes by mistake, or which assists."""
        bureaus = [d for d in self.offices.values() if d.level == "bureau" and d.id in self.officers]
        return rng.choice([d for d in bureaus if d.id != department.id])


def cast_of(day_number: int) -> Cast:
    """The people of a day; its team takes the calls."""
    people = list(db.session.scalars(select(Person).where(Person.active).order_by(Person.id)))
    by_login = {p.login: p for p in people}

    def with_role(role: Role) -> list[Person]:
        return [p for p in people if p.has_role(role) and not p.login.startswith("api-")]

    def by_department(role: Role) -> dict[int, Person]:
        return {p.department_id: p for p in with_role(role) if p.department_id is not None}

    return Cast(
        team=[by_login[login] for login in team_logins(day_number % TEAMS)],
        dispatchers=with_role(Role.DISPATCHER),
        reviewers=with_role(Role.REVIEWER),
        callers=with_role(Role.CALLBACK_AGENT),
        supervisor=by_login["supervisor"],
        officers=by_department(Role.CASE_OFFICER),
        approvers=by_department(Role.DEPARTMENT_APPROVER),
        offices=departments.by_code(),
    )
