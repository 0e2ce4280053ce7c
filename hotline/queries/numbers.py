"""Which numbers are blocked or let through first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from config import clock
from config.extensions import db
from hotline.models import NumberRule
from hotline.queries.loading import with_name
from hotline.words import RuleState

VIEWS = ("proposed", "in_force", "past")


def number_rules(view: str) -> Select[Any]:
    """Those to be decided, those in force, or those that are over; newest first."""
    found = select(NumberRule).options(
        with_name(NumberRule.made_by), with_name(NumberRule.decided_by), joinedload(NumberRule.call)
    )
    in_time = or_(NumberRule.until_at.is_(None), NumberRule.until_at > clock.now())
    if view == "proposed":
        return found.where(NumberRule.state == RuleState.PROPOSED)
    if view == "in_force":
        return found.where(NumberRule.state == RuleState.IN_FORCE, in_time)
    return found.where(
        NumberRule.state != RuleState.PROPOSED, or_(NumberRule.state != RuleState.IN_FORCE, ~in_time)
    )


def proposals_waiting() -> int:
    """How many wait for a decision."""
    waiting = select(func.count()).select_from(NumberRule).where(NumberRule.state == RuleState.PROPOSED)
    return db.session.scalar(waiting) or 0
