"""The department tree, and rights that reach down it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Department
from accounts.permissions import reaches
from accounts.queries import department_tree, departments_under
from accounts.roles import Role
from accounts.services.departments import create_department, move_department
from config.errors import Invalid, Refused
from config.extensions import db
from tests.factories.accounts import make_department, make_person

# Each number says under which of the departments before it (modulo) the next one stands.
TREES = st.lists(st.integers(0, 99), min_size=1, max_size=7)
MOVES = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=4)


def grow(shape: list[int]) -> list[Department]:
    grown = [make_department()]
    for n in shape:
        grown.append(make_department(parent=grown[n % len(grown)]))
    return grown


def stands_under(department: Department, other: Department) -> bool:
    """By walking up, as a person would on paper."""
    at: Department | None = department
    while at is not None:
        if at.id == other.id:
            return True
        at = db.session.get(Department, at.parent_id) if at.parent_id else None
    return False


@given(shape=TREES, moves=MOVES)
def test_a_right_reaches_exactly_what_stands_below_it_however_the_tree_was_moved(app, shape, moves):
    grown = grow(shape)
    admin = make_person([Role.SYSTEM_ADMIN])
    for who, where in moves:
        department, target = grown[who % len(grown)], grown[where % len(grown)]
        if stands_under(target, department):
            with pytest.raises(Refused):
                move_department(admin, department, target)
        else:
            move_department(admin, department, target)
    for granted in grown:
        officer = make_person([Role.CASE_OFFICER], granted)
        for department in grown:
            assert reaches(officer, department, Role.CASE_OFFICER) is stands_under(department, granted)
        below = set(db.session.scalars(departments_under(granted)))
        assert below == {one for one in grown if stands_under(one, granted)}


@given(shape=TREES)
def test_in_the_list_each_department_follows_the_one_it_stands_under(app, shape):
    grown = grow(shape)
    seen: set[int] = set()
    for department in db.session.scalars(department_tree()):
        assert department.parent_id is None or department.parent_id in seen
        seen.add(department.id)
    assert {one.id for one in grown} <= seen


def test_a_role_reaches_only_where_it_was_granted(app):
    here, there = make_department(), make_department()
    person = make_person([Role.CASE_OFFICER], here)
    assert reaches(person, here, Role.CASE_OFFICER)
    assert not reaches(person, here, Role.DEPARTMENT_APPROVER)
    assert not reaches(person, there, Role.CASE_OFFICER)


def test_numbers_that_begin_alike_are_not_mistaken_for_each_other(app):
    """`/1/` is no prefix of `/11/`: the path ends with a bar."""
    first = make_department()
    second = make_department()
    second.path, first.path = "/11/", "/1/"
    assert not second.is_under(first)


def test_a_right_without_department_reaches_the_whole_city(app):
    assert reaches(make_person([Role.DISPATCHER]), make_department(), Role.DISPATCHER)


@pytest.mark.parametrize("code", ["", " ", "a b", "../x", "=1+1", "x" * 33, "é"])
def test_a_department_has_a_plain_code(app, code):
    with pytest.raises(Invalid) as invalid:
        create_department(code, "城管局")
    assert "code" in invalid.value.fields


def test_two_departments_do_not_share_a_code(app):
    make_department(code="csgl")
    with pytest.raises(Invalid):
        make_department(code="csgl")
