"""The hotline's floor: skills, queues, seats, and who can do what."""

from __future__ import annotations

from sqlalchemy import select

from accounts.models import Person
from config.extensions import db
from config.transaction import transactional
from console.demonstration.city.people import TEAM_SIZE, TEAMS, team_logins
from hotline.models import CallQueue, Seat
from hotline.services.queues import GENERAL, create_skill, grant_skills, save_queue, save_seat

PROVIDER = "history"
"""The switch of history's calls: its telephones are rung for no other call, and no other telephone for its calls."""

SEATS = tuple(f"{1001 + n}" for n in range(30))
SITE, HISTORY_SITE = "云汀大厦三层", "历史坐席"

SKILLS = {
    GENERAL: ("综合咨询", "综合受理"),
    "enterprise": ("企业服务", "企业服务专席"),
    "departmental": ("专线业务", "原部门专线"),
    "dialect": ("方言与外语", "方言与外语"),
}
"""Skill: its name, and its queue's; the flow of the house leads to each by its code."""


def history_seat(login: str) -> str:
    """The telephone of one of history's agents."""
    return f"h-{login.rpartition('-')[2]}"


@transactional
def found() -> int:
    """Set up what is missing. Returns how many seats are new."""
    if db.session.scalar(select(CallQueue.id).where(CallQueue.code == "enterprise")) is None:
        for n, (code, (skill, queue)) in enumerate(SKILLS.items()):
            made = create_skill(code, skill)
            save_queue(None, code, name=queue, skill_id=made.id, is_default=n == 0)
    known = set(db.session.scalars(select(Seat.number)))
    agents = [login for team in range(TEAMS) for login in team_logins(team)]
    wanted = [(number, SITE, "") for number in SEATS] + [
        (history_seat(login), HISTORY_SITE, PROVIDER) for login in agents
    ]
    new = [row for row in wanted if row[0] not in known]
    for number, site, provider in new:
        seat = save_seat(None, number, site)
        if provider:
            seat.provider = provider
    if new:
        _grant(["agent", "agent2", "agent3", "shiftlead", *agents])
    return len(new)


def _grant(logins: list[str]) -> None:
    """Everybody answers general questions; every third one something besides."""
    skills = {code: create_skill(code, name).id for code, (name, _queue) in SKILLS.items()}
    people = {p.login: p for p in db.session.scalars(select(Person).where(Person.login.in_(logins)))}
    for n, login in enumerate(logins):
        levels = {
            skills[GENERAL]: 5,
            skills["departmental"]: 4,
            skills["enterprise"]: 3,
            skills["dialect"]: 2,
        }
        levels[list(skills.values())[n % len(skills)]] = 7
        grant_skills(None, people[login], levels)


assert TEAM_SIZE * TEAMS <= 99, "two digits number history's telephones"
