"""People and departments for tests, made through the services."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from accounts.models import Department, Person
from accounts.roles import Role
from accounts.services.departments import create_department
from accounts.services.people import create_person

_number = itertools.count(1)


def make_department(name: str = "", parent: Department | None = None, **more: Any) -> Department:
    n = next(_number)
    return create_department(more.pop("code", f"D{n:05d}"), name or f"单位{n}", parent=parent, **more)


def make_person(
    roles: Iterable[Role] = (), department: Department | None = None, name: str = "", **more: Any
) -> Person:
    n = next(_number)
    more.setdefault("must_change_password", False)
    return create_person(
        more.pop("login", f"person{n}"), name or f"人员{n}", department, tuple(roles), **more
    )
