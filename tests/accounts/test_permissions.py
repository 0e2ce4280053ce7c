"""The permission table of this floor: each row with somebody who may and somebody who may not."""

from __future__ import annotations

import pytest
from flask_babel import force_locale

from accounts.permissions import allow, ensure, may, table
from accounts.roles import Role
from accounts.views.permissions import row_of
from config.errors import NotPermitted
from tests.factories.accounts import make_department, make_person

SYSTEM, SECURITY, AUDITOR, AGENT = Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR, Role.AGENT
ROWS = {
    "person:list": ({SYSTEM, SECURITY, AUDITOR}, AGENT),
    "person:see": ({SYSTEM, SECURITY, AUDITOR}, Role.MANAGER),
    "person:create": ({SYSTEM}, SECURITY),
    "person:change": ({SYSTEM}, SECURITY),
    "person:reset_second_factor": ({SYSTEM}, SECURITY),
    "person:grant": ({SECURITY}, SYSTEM),
    "person:reset_password": ({SECURITY}, SYSTEM),
    "person:deactivate": ({SECURITY}, AUDITOR),
    "department:list": ({SYSTEM, SECURITY, AUDITOR, Role.MANAGER}, AGENT),
    "department:change": ({SYSTEM}, SECURITY),
    "department:describe": (
        {SYSTEM, Role.KB_EDITOR, Role.CASE_OFFICER, Role.DEPARTMENT_APPROVER},
        AUDITOR,
    ),
    "department:import": ({SYSTEM}, AUDITOR),
    "permission:read": ({SYSTEM, SECURITY, AUDITOR}, AGENT),
    "token:list": ({SYSTEM, SECURITY, AUDITOR}, Role.API_CLIENT),
    "token:create": ({SECURITY}, SYSTEM),
    "token:revoke": ({SECURITY}, SYSTEM),
    "audit:read": ({AUDITOR}, SECURITY),
}
OF_A_PERSON = [name for name in ROWS if name.startswith("person:") and name != "person:list"]
NOT_ONESELF = ("person:reset_second_factor", "person:grant", "person:reset_password", "person:deactivate")


def test_every_row_of_this_floor_has_its_cases(app):
    ours = {name for name in table() if name.partition(":")[0] in {row.partition(":")[0] for row in ROWS}}
    assert ours == set(ROWS)


@pytest.mark.parametrize("permission", ROWS)
def test_a_permission_is_held_by_its_roles_and_by_no_other(app, permission):
    allowed, refused = ROWS[permission]
    assert refused not in allowed
    for role in Role:
        assert may(make_person([role]), permission) is (role in allowed), role


@pytest.mark.parametrize("permission", OF_A_PERSON)
def test_an_administrator_of_a_branch_reaches_its_people_and_nobody_elses(app, permission):
    branch = make_department()
    below, beside = make_department(parent=branch), make_department()
    admin = make_person([next(iter(ROWS[permission][0]))], branch)
    assert may(admin, permission, make_person(department=below))
    assert not may(admin, permission, make_person(department=beside))
    assert not may(admin, permission, make_person())


@pytest.mark.parametrize("permission", NOT_ONESELF)
def test_an_administrator_does_not_do_it_to_themselves(app, permission):
    admin = make_person([next(iter(ROWS[permission][0]))])
    assert not may(admin, permission, admin)
    assert may(admin, permission, make_person())


def test_whoever_resets_passwords_does_not_reset_second_factors(app):
    """Otherwise one administrator alone could take over the account of another."""
    victim = make_person([AUDITOR])
    for role in Role:
        person = make_person([role])
        assert not (
            may(person, "person:reset_password", victim) and may(person, "person:reset_second_factor", victim)
        )


def test_who_was_sent_away_may_nothing(app):
    person = make_person([SECURITY])
    person.active = False
    assert not may(person, "token:create")


def test_ensure_says_which_permission_is_missing(app):
    with pytest.raises(NotPermitted) as refused:
        ensure(make_person([AGENT]), "audit:read")
    assert refused.value.detail == {"permission": "audit:read"}


@pytest.mark.parametrize("name", ["Case:sign", "case", "case:sign:now", "case:sign "])
def test_a_permission_has_a_proper_name(name):
    with pytest.raises(ValueError, match="subject:verb"):
        allow(name)


def test_an_unknown_permission_is_a_mistake_and_not_a_no(app):
    with pytest.raises(KeyError):
        may(make_person(), "nothing:known")


def test_every_permission_and_every_condition_has_words_for_the_page(app):
    rows = [row_of(name, predicates) for name, predicates in table().items()]
    assert {row.name for row in rows if not row.words} == set()
    for language in ("zh", "en"):
        with force_locale(language):
            for name, predicates in table().items():
                row = row_of(name, predicates)
                assert row.words != name
                assert all("_" not in said for said in row.conditions)
