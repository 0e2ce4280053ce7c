"""Administration: the permission table as it is in force."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template

from accounts.models import Person, RoleGrant
from accounts.permissions import Predicate, name_of, requires, table
from accounts.roles import Role
from accounts.views import blueprint


@dataclass(frozen=True)
class Row:
    """A permission: the roles that have it everywhere, those that have it on a condition, and the conditions."""

    name: str
    everywhere: frozenset[Role]
    on_condition: frozenset[Role]
    conditions: tuple[str, ...]
    words: str


@blueprint.get("/administration/permissions")
@requires("permission:read")
def permissions() -> str:
    """Roles across, permissions down."""
    subjects: dict[str, list[Row]] = {}
    for name, predicates in table().items():
        subjects.setdefault(name.partition(":")[0], []).append(row_of(name, predicates))
    return render_template("accounts/permissions.html", subjects=subjects, roles=list(Role))


def row_of(name: str, predicates: tuple[Predicate, ...]) -> Row:
    """A predicate that only asks for roles names them; the others are asked about a person who has just one role."""
    plain = [p for p in predicates if hasattr(p, "roles")]
    conditional = [p for p in predicates if not hasattr(p, "roles")]
    everywhere = frozenset[Role]().union(*(p.roles for p in plain))
    sometimes = {role for role in Role for p in conditional if _holds(p, role)}
    said = tuple(str(p.says) for p in conditional)  # type: ignore[attr-defined]
    return Row(name, everywhere, frozenset(sometimes) - everywhere, said, name_of(name))


def _holds(predicate: Predicate, role: Role) -> bool:
    """Whether somebody with only this role passes before any thing is named. The person is nobody's row."""
    somebody = Person(name="", login="", active=True, grants=[RoleGrant(role=role)])
    return bool(predicate(somebody, None))
