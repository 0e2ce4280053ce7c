"""Rights are granted one by one, by somebody else, and three powers stay with three people."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from accounts.models import AuditEntry, RoleGrant
from accounts.queries import live_sessions
from accounts.roles import SEPARATED, Role
from accounts.services.people import create_person
from accounts.services.rights import grant_role, withdraw_role
from accounts.services.sessions import open_session
from config.errors import NotPermitted, Refused
from config.extensions import db
from tests.factories.accounts import make_department, make_person


@pytest.fixture
def security(app):
    return make_person([Role.SECURITY_ADMIN])


def test_a_granted_role_is_held_and_told_in_the_trail(security):
    office, person = make_department(), make_person()
    grant_role(security, person, Role.DISPATCHER, office)
    assert person.has_role(Role.DISPATCHER)
    row = db.session.query(AuditEntry).filter_by(verb="person:grant").one()
    assert (row.person_id, row.subject_id) == (security.id, str(person.id))
    assert row.detail == {"role": "dispatcher", "department": office.code}


def test_nobody_grants_rights_to_themselves(security):
    with pytest.raises(Refused):
        grant_role(security, security, Role.MANAGER, None)


def test_a_right_that_is_there_is_not_granted_twice(security):
    person = make_person([Role.AGENT])
    with pytest.raises(Refused):
        grant_role(security, person, Role.AGENT, None)


def test_nobody_grants_further_than_their_own_right_reaches(app):
    branch, beside = make_department(), make_department()
    security = make_person([Role.SECURITY_ADMIN], branch)
    person = make_person(department=branch)
    grant_role(security, person, Role.CASE_OFFICER, make_department(parent=branch))
    for department in (beside, None):
        with pytest.raises(NotPermitted):
            grant_role(security, person, Role.CASE_OFFICER, department)


@pytest.mark.parametrize("held", sorted(SEPARATED))
@pytest.mark.parametrize("wanted", sorted(SEPARATED))
def test_one_person_never_holds_two_of_the_three_powers(security, held, wanted):
    person = make_person([held])
    with pytest.raises(Refused):
        grant_role(security, person, wanted, make_department())
    assert person.roles == {held}


def test_a_person_is_not_made_with_two_of_the_three_powers(app):
    with pytest.raises(Refused):
        create_person("both", "两权", None, (Role.AUDITOR, Role.SYSTEM_ADMIN))


def test_the_database_keeps_the_powers_apart_whatever_the_code_does(app):
    person = make_person([Role.AUDITOR])
    db.session.add(RoleGrant(person_id=person.id, role=Role.SECURITY_ADMIN))
    with pytest.raises(IntegrityError, match="uq_role_grant_separated"):
        db.session.flush()


def test_who_gets_a_power_signs_in_anew_with_a_second_factor(security):
    person = make_person([Role.AGENT])
    open_session(person)
    grant_role(security, person, Role.MANAGER, None)
    assert db.session.scalars(live_sessions(person)).all(), "an ordinary role changes nothing for the session"
    grant_role(security, person, Role.AUDITOR, None)
    assert not db.session.scalars(live_sessions(person)).all()


def test_a_withdrawn_role_is_gone_at_once(security):
    person = make_person([Role.AGENT, Role.CALLBACK_AGENT])
    grant = next(g for g in person.grants if g.role is Role.AGENT)
    withdraw_role(security, person, grant)
    assert person.roles == {Role.CALLBACK_AGENT}


def test_the_role_of_machines_is_not_granted_to_people(security):
    with pytest.raises(Refused):
        grant_role(security, make_person(), Role.API_CLIENT, None)
