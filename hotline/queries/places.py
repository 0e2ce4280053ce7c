"""One virtual centre of many sites and departments: whether an agent is one of those a queue wants."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, any_, bindparam, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased
from sqlalchemy.types import BigInteger, String

from accounts.models import Department, Person
from hotline.models import AgentPresence, CallQueue, Seat


def works_there(queue: CallQueue) -> ColumnElement[bool]:
    """Whether the agent of a statement with AgentPresence and Seat is one of this queue's places."""
    sites = literal(queue.sites, ARRAY(String))
    return matches(sites, literal(queue.department_ids, ARRAY(BigInteger)))


def asked_for() -> ColumnElement[bool]:
    """The same with the parameters `sites` and `departments`, for statements that are built once."""
    return matches(bindparam("sites", type_=ARRAY(String)), bindparam("departments", type_=ARRAY(BigInteger)))


def matches(sites: Any, department_ids: Any) -> ColumnElement[bool]:
    """The same for columns or parameters. None named means all."""
    mine, named = aliased(Department), aliased(Department)
    belongs = exists(
        select(Person.id)
        .join(mine, mine.id == Person.department_id)
        .join(named, mine.path.like(named.path + "%"))
        .where(Person.id == AgentPresence.agent_id, named.id == any_(department_ids))
    )
    return and_(
        or_(func.cardinality(sites) == 0, Seat.site == any_(sites)),
        or_(func.cardinality(department_ids) == 0, belongs),
    )
