"""Who may do what: a table of named permissions, each a list of predicates over (person, object).

A floor adds its rows by `allow("case:sign", officer_of_lead)`. A permission holds if any of its predicates does.
Views name a permission, never a role: `@requires("case:list")`, `@public`, `@requires_scope("cases:read")`; every
route carries exactly one of them, and a test holds that.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.models import Department, Person
from accounts.roles import Role
from config.errors import NotPermitted

Predicate = Callable[[Person, Any], bool]
View = TypeVar("View", bound=Callable[..., Any])

_table: dict[str, tuple[Predicate, ...]] = {}
_words: dict[str, Any] = {}
_NAME = re.compile(r"^[a-z_]+:[a-z_]+$")


def allow(permission: str, *predicates: Predicate) -> None:
    """Add a row: `permission` (`subject:verb`) holds where any of `predicates` does."""
    if not _NAME.match(permission):
        raise ValueError(f"a permission is named subject:verb, not {permission!r}")
    _table[permission] = predicates


def named(words: Mapping[str, Any]) -> None:
    """What each permission is called where a person reads the table."""
    _words.update(words)


def conditions(words: Mapping[Predicate, Any]) -> None:
    """What each predicate that asks for more than a role is called there."""
    for predicate, said in words.items():
        predicate.says = said  # type: ignore[attr-defined]


def name_of(permission: str) -> str:
    """Its words in the reader's language."""
    return str(_words[permission])


def table() -> dict[str, tuple[Predicate, ...]]:
    """All rows, for the page, the docs and the tests."""
    return dict(sorted(_table.items()))


def may(person: Person, permission: str, thing: Any = None) -> bool:
    """Whether `person` may do it to `thing`. An unknown permission is a mistake of ours, not a no."""
    return person.active and any(predicate(person, thing) for predicate in _table[permission])


def ensure(person: Person, permission: str, thing: Any = None) -> None:
    """NotPermitted unless `person` may."""
    if not may(person, permission, thing):
        raise NotPermitted(_("You may not do this."), permission=permission)


# -- predicates ------------------------------------------------------------------------------------


def role_is(*roles: Role) -> Predicate:
    """The person holds one of `roles`, wherever."""

    def holds(person: Person, _thing: Any) -> bool:
        return person.has_role(*roles)

    holds.__name__ = "role_is_" + "_or_".join(role.value for role in roles)
    holds.roles = frozenset(roles)  # type: ignore[attr-defined]
    return holds


def anyone(_person: Person, _thing: Any) -> bool:
    """Everybody who is signed in."""
    return True


anyone.roles = frozenset(Role)  # type: ignore[attr-defined]


def nobody(_person: Person, _thing: Any) -> bool:
    """No person; only the hotline itself."""
    return False


def oneself(person: Person, thing: Any) -> bool:
    """The thing is the person."""
    return thing is not None and getattr(thing, "id", None) == person.id


def reaches(person: Person, department: Department | None, *roles: Role) -> bool:
    """Whether a grant of one of `roles` reaches `department`, down the tree."""
    if department is None:
        return False
    return any(department.path.startswith(prefix) for prefix in person.departments_in_scope(*roles))


# -- decorators of views ---------------------------------------------------------------------------


def requires(permission: str) -> Callable[[View], View]:
    """The view is for signed-in people who have `permission` without regard to an object."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            ensure(current_person(), permission)
            return view(*args, **kwargs)

        guarded.access = ("permission", permission)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def public(view: View) -> View:
    """The view is for everybody, signed in or not."""
    view.access = ("public", "")  # type: ignore[attr-defined]
    return view


def requires_scope(scope: str) -> Callable[[View], View]:
    """The view is for API clients whose bearer token has `scope`; they act as the token's person."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            from accounts.services.tokens import authenticate

            authenticate(scope)
            return view(*args, **kwargs)

        guarded.access = ("scope", scope)  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate
