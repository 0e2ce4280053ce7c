"""Lines in the administration, and the workbench with a caller whose cases are open."""

from __future__ import annotations

import pytest

from accounts.audit import AuditEntry
from accounts.roles import Role
from config.extensions import db
from hotline.models import Call
from hotline.telephony.cti.lines import make_line
from hotline.telephony.cti.models import CtiLine
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case
from tests.factories.hotline import make_agent

CITIZEN = "+8613912340042"


def test_an_administrator_sees_the_lines_and_revokes_one(app, sign_in):
    make_line("Water works")
    client = sign_in(make_person([Role.SYSTEM_ADMIN]))
    assert "Water works" in client.get("/administration/cti").text
    line = db.session.query(CtiLine).one()
    assert client.post(f"/administration/cti/{line.id}/revoke").status_code == 302
    db.session.expire_all()
    assert db.session.query(CtiLine).one().revoked_at is not None
    verbs = [entry.verb for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)]
    assert [verb for verb in verbs if verb.startswith("cti:")] == ["cti:make", "cti:revoke"]


@pytest.mark.parametrize(("role", "sees"), [(Role.SHIFT_LEAD, 200), (Role.AGENT, 403)])
def test_others_revoke_nothing(app, sign_in, role, sees):
    make_line("Water works")
    client = sign_in(make_person([role]))
    assert client.get("/administration/cti").status_code == sees
    line = db.session.query(CtiLine).one()
    assert client.post(f"/administration/cti/{line.id}/revoke").status_code == 403
    assert line.revoked_at is None


def test_the_command_prints_the_address_once(app):
    printed = app.test_cli_runner().invoke(args=["cti", "token", "Water works"])
    assert printed.exit_code == 0, printed.output
    assert "/telephony/cti/" in printed.output
    again = app.test_cli_runner().invoke(args=["cti", "token", "Water works"])
    assert again.exit_code == 1


@pytest.mark.parametrize("is_known", [True, False])
def test_the_open_cases_of_a_known_caller_come_up_instead_of_a_new_form(app, client, sign_in, is_known):
    agent = make_agent(seat="1001")
    case = make_case(phone=CITIZEN) if is_known else None
    told = {
        "event": "newCall",
        "callId": "1",
        "from": CITIZEN,
        "to": "1",
        "direction": "in",
        "user": ["1001"],
    }
    assert client.post(f"/telephony/cti/{make_line('Water works')}", json=told).status_code == 200
    call_no = db.session.query(Call).one().call_no
    page = sign_in(agent).get(f"/workbench?call={call_no}").text
    if case is not None:
        assert case.case_no in page
    assert ('hx-trigger="load"' in page.split("data-case", 1)[1].split("</section>", 1)[0]) is not is_known
