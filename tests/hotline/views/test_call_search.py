"""The search of calls: each filter finds what it names and leaves the rest; the page of a call draws who heard whom."""

from __future__ import annotations

import io
import zlib

import openpyxl
import pytest

from accounts.models import AuditEntry
from accounts.roles import Role
from config.extensions import db, job_queue, redis_client
from config.storage import StoredFile
from hotline import jobs
from hotline.models import CallDeed, Recording, Seat
from hotline.services import exporting
from hotline.services.room import ask_for_help, listen
from hotline.words import Deed, ListenMode
from tests.factories.accounts import make_person
from tests.factories.hotline import SwitchCall, make_agent, make_call, make_queue, make_seat


@pytest.fixture
def eventful(clock):
    """A call with everything a filter can name: 20 s of waiting, a hold, 100 s in all, help, a recording."""
    agent = make_agent(seat="1001")
    db.session.query(Seat).filter_by(number="1001").one().site = "一号楼"
    make_queue("enterprise", "企业服务", key="2")
    call = SwitchCall("+8613900000007")
    call.arrive(prefer_seat="1001")
    clock.advance(seconds=20)
    leg = call.seat_leg
    call.tell("leg.answered", leg=leg)
    clock.advance(seconds=30)
    call.tell("leg.held", leg=call.citizen)
    clock.advance(seconds=10)
    call.tell("leg.resumed", leg=call.citizen)
    ask_for_help(agent, call.row)
    clock.advance(seconds=60)
    row = call.row
    row.emergency = "119"
    db.session.add(Recording(call_id=row.id, started_at=clock.at))
    db.session.add(CallDeed(call_id=row.id, at=clock.at, person_id=agent.id, deed=Deed.HAND_OVER, detail={}))
    db.session.add(CallDeed(call_id=row.id, at=clock.at, person_id=agent.id, deed=Deed.WHISPER, detail={}))
    call.caller_hangs_up()
    call.tell("leg.ended", leg=leg, cause="normal", by="hotline")
    db.session.commit()
    return call.row


@pytest.fixture
def plain(eventful, clock):
    """One with nothing of it: given up after two seconds."""
    call = SwitchCall("+8613900000008")
    call.arrive()
    call.press("2")
    clock.advance(seconds=2)
    call.caller_hangs_up()
    return call.row


ONLY_EVENTFUL = [
    "number=13900000007",
    "seat=1001",
    "site=一号楼",
    "waited_over=19",
    "talked_over=80",
    "held=y",
    "transferred=y",
    "helped=y",
    "listened=y",
    "emergency=y",
    "recorded=1",
]
ONLY_PLAIN = ["recorded=0", "short=y", "abandoned=y", "number=13900000008"]
BOTH = [
    "with_case=0",
    "talked_under=x",
    "waited_over=-1",
    "recorded=maybe",
    "seat=",
    "site=三号楼",
    "agent=999999",
]


@pytest.mark.parametrize("query", ONLY_EVENTFUL + ONLY_PLAIN + BOTH + ["with_case=1", "rated=1"])
def test_a_filter_finds_what_it_names(lead, eventful, plain, query):
    page = lead.get(f"/calls?{query}").text
    assert (eventful.call_no in page) is (query in ONLY_EVENTFUL + BOTH)
    assert (plain.call_no in page) is (query in ONLY_PLAIN + BOTH)


def test_by_queue_skill_and_agent(lead, eventful, plain):
    for name, value in (("queue", plain.queue_id), ("skill", plain.queue.skill_id)):
        page = lead.get(f"/calls?{name}={value}").text
        assert plain.call_no in page
        assert eventful.call_no not in page
    assert eventful.call_no in lead.get(f"/calls?agent={eventful.agent_id}").text


@pytest.mark.parametrize(
    "rubbish", ["_external=1&_method=x&_scheme=ftp", "endpoint=x&cursor=%00", "talked_over=" + "9" * 400]
)
def test_arguments_of_nobody_are_not_carried_along(lead, eventful, rubbish):
    page = lead.get(f"/calls?{rubbish}")
    assert page.status_code == 200
    assert "_scheme" not in page.text.partition("<main")[2]


def test_an_export_is_a_table_with_masked_numbers_and_leaves_a_trace(lead, eventful, plain):
    answer = lead.get("/calls/export.xlsx?number=13900000007")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)
    assert len(rows) == 2
    assert rows[1][0] == eventful.call_no
    assert rows[1][3] == "139****0007"
    assert rows[1][7:11] == (20, 0, 80, 10) or rows[1][7] == 20
    entry = db.session.query(AuditEntry).filter_by(verb="call:export").one()
    assert "13900000007" not in str(entry.detail)


def test_a_long_export_is_written_by_a_worker_for_who_asked(lead, eventful, plain, sign_in, monkeypatch):
    asked = []
    monkeypatch.setattr(exporting, "AT_ONCE", 1)
    monkeypatch.setattr(exporting, "_hand_over", lambda *job: asked.append(job))
    assert lead.get("/calls/export.xlsx").status_code == 302
    (job,) = asked
    assert exporting.write_export(*job) == 2
    kept = db.session.query(StoredFile).one()
    with lead.get(f"/calls/exports/{kept.id}") as answer:
        assert len(list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.values)) == 3
    assert sign_in(make_person([Role.MANAGER])).get(f"/calls/exports/{kept.id}").status_code == 404


def test_the_job_of_a_long_export_holds_no_number_that_was_searched_for(lead, eventful, plain, monkeypatch):
    monkeypatch.setattr(exporting, "AT_ONCE", 0)
    assert lead.get("/calls/export.xlsx?number=13900000007").status_code == 302
    (job,) = job_queue().jobs
    kept = b"".join(redis_client().hgetall(f"rq:job:{job.id}").values()) + zlib.decompress(
        redis_client().hget(f"rq:job:{job.id}", "data")
    )
    assert b"13900000007" not in kept
    assert "13900000007" not in f"{job.description} {job.args}"
    assert jobs.export_calls(*job.args) == 1


def test_an_agent_exports_nothing(app, sign_in):
    assert sign_in(make_agent()).get("/calls/export.xlsx").status_code == 403


def test_the_page_draws_lines_for_all_who_were_there(lead, eventful):
    page = lead.get(f"/calls/{eventful.call_no}").text
    for word in ('class="talks"', 'class="held"', 'class="waits"', 'class="mark late"', "119", "1001"):
        assert word in page, word


def test_a_listener_is_drawn_as_one_who_only_hears(app, clock, sign_in):
    agent = make_agent()
    call = make_call(agent, state="talking")
    boss = make_agent(roles=(Role.SHIFT_LEAD,))
    listen(boss, call, ListenMode.MONITOR)
    scene = SwitchCall()
    scene.key, scene.citizen = call.provider_call, f"{call.provider_call}-c"
    leg = scene.seat_leg
    scene.tell("leg.answered", leg=leg)
    clock.advance(seconds=10)
    page = sign_in(boss).get(f"/calls/{call.call_no}").text
    assert 'rect class="listens"' in page.partition("course-key")[0]


def test_a_call_that_is_still_new_has_a_page(lead, clock):
    call = SwitchCall()
    call.arrive()
    make_seat()
    assert lead.get(f"/calls/{call.row.call_no}").status_code == 200
