"""On the whole way of a call to a closed case, who called is in the rows that hold it, sealed, and nowhere else."""

from __future__ import annotations

import logging

import pytest
import structlog
from sqlalchemy import select

from accounts.models import AuditEntry
from config import live
from config.extensions import db, job_queue
from config.logging import configure
from dispatch import services
from dispatch.workflow import CaseState
from hotline.services import finish_wrap_up
from tests.factories.dispatch import intake, make_staff
from tests.factories.hotline import SwitchCall, make_agent

NUMBER, NAME, IDENTITY = "13912340042", "欧阳修竹", "11010519491231002X"
SECRETS = (NUMBER, "+86" + NUMBER, NAME, IDENTITY)


@pytest.fixture
def told(monkeypatch):
    """What went to open pages."""
    sent: list[str] = []
    monkeypatch.setattr(live.socketio, "emit", lambda *about, **more: sent.append(f"{about} {more}"))
    return sent


@pytest.fixture
def logged(app, capsys):
    """What every logger wrote, at the most talkative level."""
    root = logging.getLogger()
    before, level, chosen = root.handlers[:], root.level, structlog.get_config()
    configure(app.config["SETTINGS"].model_copy(update={"log_level": "DEBUG", "log_format": "json"}))
    yield lambda: capsys.readouterr().err
    root.handlers = before
    root.setLevel(level)
    structlog.configure(**chosen)


def test_who_called_is_told_to_no_log_no_message_no_job_and_no_trail(app, sign_in, told, logged):
    staff, agent = make_staff(), make_agent()
    call = SwitchCall("+86" + NUMBER)
    call.arrive()
    call.press()
    call.tell("leg.answered", leg=call.seat_leg)
    browser = sign_in(agent)
    facts = intake(
        phone=NUMBER, citizen_name=NAME, call_no=call.row.call_no, content=f"{NAME} {IDENTITY}：路灯不亮"
    )
    case = services.register_case(agent, facts)
    for address in ("/workbench", f"/cases/{case.case_no}", "/calls", f"/calls/{call.row.call_no}"):
        assert NUMBER not in browser.get(address).text
    assert browser.post(f"/cases/{case.case_no}/unmask").status_code == 200
    call.caller_hangs_up()
    finish_wrap_up(agent)
    services.dispatch_case(staff.dispatcher, case, staff.bureau.id)
    services.sign_case(staff.officer, case)
    services.write_reply(staff.officer, case, "已修复。", solved=True)
    services.release_reply(staff.approver, case)
    services.pass_reply(staff.reviewer, case)
    services.close_after_callback(staff.caller, case, True, 5)
    assert case.state is CaseState.CLOSED
    trail = [f"{row.verb} {row.subject_id} {row.detail}" for row in db.session.scalars(select(AuditEntry))]
    jobs = [f"{job.description} {job.args} {job.kwargs}" for job in job_queue().jobs]
    assert told
    assert any(line.startswith("caller:unmask") for line in trail)
    for place, lines in (("live", told), ("trail", trail), ("jobs", jobs), ("log", [logged()])):
        found = [line for line in lines if any(secret in line for secret in SECRETS)]
        assert not found, place


def test_an_error_page_says_nothing_of_who_called(app, sign_in, monkeypatch):
    monkeypatch.setitem(app.config, "RAISE_UNEXPECTED", False)

    def broken(*_facts: object) -> None:
        raise RuntimeError(f"{NAME} {NUMBER}")

    monkeypatch.setattr("dispatch.views.case_page.whole_case", broken)
    case = services.register_case(make_staff().agent, intake(phone=NUMBER, citizen_name=NAME))
    answer = sign_in(make_agent()).get(f"/cases/{case.case_no}")
    assert answer.status_code == 500
    assert not any(secret in answer.text for secret in SECRETS)
