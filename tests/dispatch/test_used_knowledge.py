"""Knowledge used for a case: written on the case, by those whose case it is; links by text message."""

from __future__ import annotations

import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config.errors import Invalid, NotPermitted, Refused
from config.extensions import db
from config.sms import SmsMessage
from dispatch import queries, services
from dispatch.queries.timeline import entries
from dispatch.services.sending import send_link
from knowledge_base.interfaces import script_places
from knowledge_base.models import KnowledgeUse
from knowledge_base.services import record_script_use, record_use, write_script
from knowledge_base.words import UseKind
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import intake, make_case, make_staff
from tests.factories.hotline import make_agent, make_call
from tests.factories.knowledge_base import make_editor, make_item

NUMBER = "+8613912340042"


@pytest.fixture
def staff(app, clock):
    return make_staff()


@pytest.fixture
def call(app, clock):
    return make_call(number=NUMBER)


def told(case, person):
    return [
        one.label
        for one in entries(db.session.scalars(queries.timeline(case)), person)
        if one.kind == "knowledge"
    ]


def test_what_was_quoted_is_a_line_of_the_case(staff):
    case, item = make_case(staff=staff), make_item("停水怎么办")
    record_use(staff.agent, item, UseKind.INSERTED, subject=f"case:{case.case_no}")
    record_use(staff.agent, item, UseKind.OPENED, subject=f"case:{case.case_no}")
    (line,) = told(case, staff.agent)
    assert "停水怎么办" in line
    assert item.item_no in line


def test_nobody_writes_on_a_case_that_is_not_theirs(staff):
    case, item = make_case(staff=staff), make_item()
    stranger = make_person([Role.CASE_OFFICER], department=make_department())
    for subject in (f"case:{case.case_no}", "case:none", "case:\x00", "moon:1"):
        assert record_use(stranger, item, UseKind.INSERTED, subject=subject).subject == ""
    assert told(case, staff.agent) == []


def test_what_was_used_while_typing_becomes_the_cases(staff):
    agent, item = staff.agent, make_item("停水怎么办")
    script = write_script(make_editor(), "结束语", "再见")
    record_use(agent, item, UseKind.INSERTED, subject="intake:abc")
    record_script_use(agent, script, UseKind.INSERTED, subject="intake:abc")
    record_use(make_person([Role.AGENT]), item, UseKind.INSERTED, subject="intake:abc")
    case = services.register_case(agent, intake(intake_key="abc"))
    assert len(told(case, agent)) == 2
    subjects = [use.subject for use in db.session.query(KnowledgeUse).order_by(KnowledgeUse.id)]
    assert subjects == [f"case:{case.case_no}", f"case:{case.case_no}", "intake:abc"]


def test_a_link_goes_to_the_caller_masked_recorded_and_once(call):
    item, agent = make_item("停水怎么办", public=True), call.agent
    use = send_link(agent, item, call=call, consent=True, intake_key="abc")
    message = db.session.query(SmsMessage).one()
    assert (message.number, message.purpose) == (NUMBER, "knowledge_link")
    assert message.text.endswith(f"/public/knowledge/{item.item_no}")
    assert "停水怎么办" in message.text
    assert (use.kind, use.sent_to, use.subject) == (UseKind.SENT, "139****0042", "intake:abc")
    trail = db.session.query(AuditEntry).filter_by(verb="case:send_link").one()
    assert NUMBER not in str(trail.detail)
    assert send_link(agent, item, call=call, consent=True) is use
    assert db.session.query(SmsMessage).count() == 1


def test_a_link_of_a_case_is_a_line_of_it(staff):
    case, item = make_case(staff=staff, contact_phone=NUMBER), make_item("停水怎么办", public=True)
    send_link(staff.agent, item, case=case, consent=True)
    (line,) = told(case, staff.agent)
    assert "139****0042" in line


def test_without_consent_a_public_page_or_a_mobile_nothing_is_sent(call):
    item, agent = make_item("停水怎么办", public=True), call.agent
    with pytest.raises(Invalid):
        send_link(agent, item, call=call)
    with pytest.raises(Refused):
        send_link(agent, make_item("内部口径"), call=call, consent=True)
    fixed, withheld = make_call(number="+861065001234"), make_call(number="")
    for other in (fixed, withheld):
        with pytest.raises(Refused):
            send_link(other.agent, item, call=other, consent=True)
    with pytest.raises(NotPermitted):
        send_link(make_agent(), item, call=call, consent=True)
    with pytest.raises(Refused):
        send_link(agent, item, consent=True)
    assert db.session.query(SmsMessage).count() == 0


def test_departments_send_no_links(staff):
    case = make_case(staff=staff, contact_phone=NUMBER)
    officer = make_person([Role.CASE_OFFICER], department=case.lead_department or staff.bureau)
    with pytest.raises(NotPermitted):
        send_link(officer, make_item(public=True), case=case, consent=True)


def test_the_dialog_asks_for_consent_and_shows_no_number(sign_in, call):
    item, client = make_item("停水怎么办", public=True), sign_in(call.agent)
    asked = {"item": str(item.id), "call": call.call_no, "intake": "abc"}
    page = client.get("/cases/knowledge-link", query_string=asked).text
    assert "139****0042" in page
    assert "13912340042" not in page
    assert client.post("/cases/knowledge-link", data=asked).status_code == 422
    done = client.post("/cases/knowledge-link", data={**asked, "consent": "1"})
    assert (done.status_code, db.session.query(SmsMessage).count()) == (200, 1)
    hidden = client.get(
        "/cases/knowledge-link", query_string={**asked, "item": str(make_item("内部口径").id)}
    )
    assert "内部口径" not in hidden.text
    assert "consent" not in hidden.text
    for wrong in ({"item": "0"}, {"item": "x"}, {"call": "none"}, {"case": "20260101-0000001"}):
        assert client.get("/cases/knowledge-link", query_string={**asked, **wrong}).status_code == 404


def test_scripts_belong_to_the_citys_own_categories_and_queues(staff):
    make_case(staff=staff)
    assert script_places().categories
