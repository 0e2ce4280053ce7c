"""The city is whole: somebody for every part, somewhere for every matter, and nothing twice."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import func, select

from accounts.models import Department, DepartmentKind, DepartmentLevel, Person
from accounts.roles import Role
from accounts.services.passwords import verify_password
from config.extensions import db
from console.demonstration.city import found_city
from console.demonstration.city.people import PASSWORD, SHOWN, shown_people
from dispatch.models import Category, Place, PlaceLevel
from dispatch.queries import suggest_lead
from knowledge_base.models import KnowledgeVersion
from knowledge_base.words import ItemKind, ItemState


def test_about_sixty_departments_of_all_kinds_and_levels(city):
    departments = db.session.scalars(select(Department)).all()
    assert 55 <= len(departments) <= 70
    assert {d.kind for d in departments} == set(DepartmentKind)
    assert {d.level for d in departments} == set(DepartmentLevel)
    merged = [d for d in departments if d.kind is DepartmentKind.MERGED]
    assert all(d.former_numbers for d in merged)


def test_every_department_that_answers_cases_has_somebody_to_write_and_somebody_to_release(city):
    people = db.session.scalars(select(Person)).all()
    for department in db.session.scalars(select(Department)):
        if department.code in ("ytsf", "rxzx"):
            continue
        own = [p for p in people if p.department_id == department.id]
        assert any(p.has_role(Role.CASE_OFFICER) for p in own), department.name
        assert any(p.has_role(Role.DEPARTMENT_APPROVER) for p in own), department.name


def test_there_is_somebody_to_sign_in_as_for_every_role(city):
    shown = {role for somebody in SHOWN for role in somebody.roles}
    assert shown == set(Role) - {Role.API_CLIENT}
    assert [login for login, _name, _role in shown_people()] == [somebody.login for somebody in SHOWN]
    for somebody in SHOWN:
        person = db.session.scalars(select(Person).where(Person.login == somebody.login)).one()
        assert verify_password(person.password_hash, PASSWORD)
        assert not person.must_change_password


def test_the_three_administrators_are_three_people(city):
    three = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR}
    for person in db.session.scalars(select(Person)):
        assert len(person.roles & three) <= 1


def test_the_catalogue_knows_a_lead_for_every_category_at_every_street(city):
    streets = db.session.scalars(select(Place).where(Place.level == PlaceLevel.STREET)).all()
    leaves = db.session.scalars(select(Category).where(Category.parent_code.is_not(None))).all()
    assert len(streets) >= 10
    for n, category in enumerate(leaves):
        street = streets[n % len(streets)]
        assert suggest_lead(category.code, street.code, street.parent_code) is not None, category.path_name


def test_a_local_matter_goes_to_its_own_street(city):
    found = suggest_lead("0302", "990101", "9901")
    assert found is not None
    assert found.department.name == "雁桥街道办事处"


def test_sixty_items_of_knowledge_of_every_kind_are_published_by_two_people(city):
    versions = db.session.scalars(
        select(KnowledgeVersion).where(KnowledgeVersion.state == ItemState.PUBLISHED)
    ).all()
    assert len(versions) >= 60
    assert set(Counter(v.kind for v in versions)) == set(ItemKind)
    assert all(150 <= len(v.body) <= 500 for v in versions)
    assert all(v.approved_by_id not in v.writer_ids for v in versions)


def test_founding_the_city_again_adds_nothing(city):
    before = _rows()
    assert not any(found_city().values())
    assert _rows() == before


def _rows() -> list[int | None]:
    tables = (Department, Person, Place, Category, KnowledgeVersion)
    return [db.session.scalar(select(func.count()).select_from(table)) for table in tables]
