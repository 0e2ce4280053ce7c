"""What is known of a caller, and which open cases may be the same matter."""

from __future__ import annotations

from sqlalchemy import Select, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from dispatch.models import Case, Citizen
from dispatch.queries.desks import open_only
from dispatch.workflow import CaseState


def caller_history(phone_index: str, limit: int = 10) -> Select[Case]:
    """The newest cases of a number (its blind index), open or not."""
    return select(Case).where(_of(phone_index)).order_by(Case.id.desc()).limit(limit)


def open_cases_of(phone_index: str, limit: int = 10) -> Select[Case]:
    """Open cases of a number, and those into which one of its cases was merged: urge these instead of registering
    anew (domain § 3, Rules)."""
    follower = aliased(Case)
    own = select(Case.id).where(_of(phone_index), open_only())
    masters = select(follower.master_case_id).where(
        follower.contact_index == phone_index, follower.state == CaseState.MERGED
    )
    wanted = select(Case).where(Case.id.in_(union_all(own, masters)), open_only())
    return wanted.order_by(Case.id.desc()).limit(limit)


def _of(phone_index: str) -> ColumnElement[bool]:
    citizen = select(Citizen.id).where(Citizen.phone_index == phone_index).scalar_subquery()
    return or_(Case.contact_index == phone_index, Case.citizen_id == citizen)


def similar_open_cases(
    category_code: str,
    place_code: str | None = None,
    phone_index: str | None = None,
    limit: int = 5,
    but: int | None = None,
) -> Select[Case]:
    """Open cases of the same category from the same caller or the same place: likely the same matter.

    `place_code` is a street, district or community. Without caller and place nothing is similar.
    """
    same: list[ColumnElement[bool]] = []
    if place_code:
        same += [
            column == place_code for column in (Case.street_code, Case.district_code, Case.community_code)
        ]
    if phone_index:
        same.append(Case.contact_index == phone_index)
    statement = select(Case).where(Case.category_code == category_code, open_only(), or_(False, *same))
    if but is not None:
        statement = statement.where(Case.id != but)
    return statement.order_by(Case.id.desc()).limit(limit)
