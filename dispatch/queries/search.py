"""All cases a person may know of, narrowed; and the feed of changes for machines."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from accounts.models import Person
from dispatch.models import Case
from dispatch.queries.desks import CaseFilter, in_reach, narrowed
from dispatch.roles import CENTRE_ROLES


def search_cases(person: Person, filters: CaseFilter) -> Select[Case]:
    """All cases the person may know of; page by `NEWEST_FIRST`."""
    return narrowed(known_to(person), filters, person)


def changed_since(person: Person, moment: datetime, filters: CaseFilter) -> Select[Case]:
    """Cases touched at or after `moment`; page by `(changed_at, id)`, oldest change first, to follow a feed."""
    return narrowed(known_to(person).where(Case.changed_at >= moment), filters, person)


def known_to(person: Person) -> Select[Case]:
    """Cases the person may know of: the centre's people of all, departments of those in their reach."""
    statement = select(Case).options(joinedload(Case.lead_department))
    return statement if person.has_role(*CENTRE_ROLES) else statement.where(in_reach(person))
