"""Who hears which live message."""

from __future__ import annotations

import pytest
from flask import Flask

from accounts.models import SignInSession
from accounts.roles import Role
from accounts.services.people import change_person
from accounts.services.rights import grant_role
from accounts.services.sessions import end_session
from config.extensions import db
from config.live import Bus, tell
from console.sockets import may_join, rooms_of
from dispatch import services
from dispatch.workflow import CaseState, RequestKind, ReturnReason
from tests.console.wire import Wire
from tests.factories.accounts import make_department, make_person
from tests.factories.dispatch import make_case, make_staff
from tests.support.served import served

pytestmark = pytest.mark.alone


@pytest.fixture
def connect(committed: Flask, sign_in):
    """`connect(person)` → a socket of theirs, over a real connection; of nobody without one."""
    opened: list[Wire] = []
    with served(committed) as address:

        def open_socket(person=None) -> Wire:
            cookie = ""
            if person is not None:
                kept = sign_in(person).get_cookie("hotline")
                cookie = f"hotline={kept.value}"
            opened.append(Wire(address, cookie))
            return opened[-1]

        yield open_socket
        for one in opened:
            one.close()


def test_who_is_not_signed_in_is_refused(connect):
    assert connect().refusal == "signed out"


def test_a_signed_in_person_is_let_in_and_their_connection_has_an_age(connect):
    socket = connect(make_person([Role.AGENT]))
    assert socket.refusal == ""
    assert socket.ask("beat") == {"ok": True}


@pytest.mark.parametrize(
    ("role", "room"),
    [
        (Role.DISPATCHER, "desk:dispatch"),
        (Role.REVIEWER, "desk:review"),
        (Role.CALLBACK_AGENT, "desk:callback"),
        (Role.SUPERVISION_OFFICER, "desk:supervision"),
        (Role.SHIFT_LEAD, "floor"),
    ],
)
def test_a_desk_is_heard_by_its_role_and_by_no_agent(app: Flask, role, room):
    assert room in rooms_of(make_person([role]))
    assert room not in rooms_of(make_person([Role.AGENT]))


def test_a_department_is_heard_by_its_own_officers_only(app: Flask):
    here, there = make_department(), make_department()
    assert f"department:{here.id}" in rooms_of(make_person([Role.CASE_OFFICER], here))
    assert f"department:{here.id}" not in rooms_of(make_person([Role.CASE_OFFICER], there))
    assert f"department:{here.id}" not in rooms_of(make_person([Role.AGENT], here))


def test_a_case_is_heard_by_who_may_see_it(app: Flask):
    case = make_case()
    assert may_join(make_person([Role.DISPATCHER]), f"case:{case.id}")
    assert not may_join(make_person([Role.CASE_OFFICER], make_department()), f"case:{case.id}")


@pytest.mark.parametrize(
    "room", ["case:0", "case:x", "case:²", "case:", "case", "person:1", "floor", "case:" + "9" * 30, ""]
)
def test_no_other_room_is_joined_by_asking(app: Flask, room):
    assert not may_join(make_person([Role.MANAGER]), room)


def test_rubbish_instead_of_a_room_is_a_no(connect):
    socket = connect(make_person([Role.MANAGER]))
    assert [socket.ask("join", rubbish) for rubbish in (None, 7, {"a": 1}, ["case:1"])] == [{"ok": False}] * 4


def test_a_person_hears_what_is_told_to_them_and_nobody_else_does(connect):
    agent, other = make_person([Role.AGENT]), make_person([Role.AGENT])
    hers, his = connect(agent), connect(other)
    tell(f"person:{agent.id}", "presence", {"state": "idle"})
    assert hers.heard() == ["presence"]
    assert his.hears_nothing()


def test_a_room_that_was_left_is_heard_no_more(connect):
    case = make_case()
    socket = connect(make_person([Role.DISPATCHER]))
    assert socket.ask("join", f"case:{case.id}") == {"ok": True}
    tell(f"case:{case.id}", "case", {"case_no": case.case_no})
    assert socket.heard() == ["case"]
    socket.ask("leave", f"case:{case.id}")
    tell(f"case:{case.id}", "case", {"case_no": case.case_no})
    assert socket.hears_nothing()


def test_two_hotlines_on_one_redis_do_not_hear_each_other(connect, committed: Flask):
    socket = connect(make_person([Role.DISPATCHER]))
    server, _, number = committed.config["SETTINGS"].redis_url.rpartition("/")
    Bus(f"{server}/15").emit("board", {}, namespace="/", room="board")
    assert socket.hears_nothing()
    Bus(f"{server}/{number}").emit("board", {}, namespace="/", room="board")
    assert socket.heard() == ["board"]


def test_a_socket_ends_with_its_session_and_those_of_other_sessions_stay(connect):
    person = make_person([Role.AGENT])
    first, second = connect(person), connect(person)
    ended = db.session.query(SignInSession).order_by(SignInSession.id).first()
    end_session(ended, "for this test")
    assert first.is_cut_off()
    assert second.ask("beat") == {"ok": True}


def test_a_socket_ends_when_the_rights_of_its_person_change_so_that_it_comes_back_with_the_new_ones(connect):
    person, admin = make_person([Role.AGENT]), make_person([Role.SECURITY_ADMIN])
    socket = connect(person)
    grant_role(admin, person, Role.DISPATCHER, None)
    assert socket.is_cut_off()
    again = connect(person)
    tell("desk:dispatch", "worklist", {})
    assert again.heard() == ["worklist"]


def test_a_socket_ends_when_its_person_goes_to_another_department(connect):
    here, there = make_department(), make_department()
    officer, admin = make_person([Role.CASE_OFFICER], here), make_person([Role.SYSTEM_ADMIN])
    socket = connect(officer)
    change_person(admin, officer, name="同一人", department=here)
    assert socket.ask("beat") == {"ok": True}
    change_person(admin, officer, name="同一人", department=there)
    assert socket.is_cut_off()


def test_a_case_that_went_to_another_department_is_heard_no_more_where_it_was(connect):
    staff = make_staff()
    other = make_department("交通局", staff.city)
    case = make_case(CaseState.DISPATCHED, staff)
    theirs, centre = connect(staff.officer), connect(staff.dispatcher)
    room = f"case:{case.id}"
    for socket in (theirs, centre):
        assert socket.ask("join", room) == {"ok": True}
    services.request_return(staff.officer, case, ReturnReason.NOT_OUR_DUTY, "职责不符", "三定规定")
    services.decide_request(staff.dispatcher, case, RequestKind.RETURN, True)
    assert "case" in theirs.heard()
    assert "case" in centre.heard()
    assert theirs.ask("join", room) == {"ok": False}
    assert centre.ask("join", room) == {"ok": True}
    services.dispatch_case(staff.dispatcher, case, other.id)
    assert "case" in centre.heard()
    assert theirs.hears_nothing()


IN_THE_LIBRARY = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
"""An event's name that is a list ends the thread that reads the event, before it comes to us; and nothing else."""
RUBBISH = [
    '42["join"]',
    '42["join",1,2,3]',
    '42["join",{"a":[null,"\\u0000"]}]',
    '42["nothing"]',
    '42["connect"]',
    '42["disconnect"]',
    '42["beat",' + '["' * 500 + '"]' * 500 + "]",
    '42["leave",{"_placeholder":true,"num":7}]',
    "42[]",
    "42{}",
    '42"x"',
    "42null",
    pytest.param("42[[1],2]", marks=IN_THE_LIBRARY),
    "42[",
    '43999["x"]',
    "44",
    '451-["join",{"_placeholder":true,"num":0}]',
    '42/elsewhere,["join","case:1"]',
    "49",
    "4",
    "9",
]


@pytest.mark.parametrize("frame", RUBBISH)
def test_rubbish_on_one_socket_ends_no_other(connect, frame):
    bad, good = connect(make_person([Role.AGENT])), connect(make_person([Role.AGENT]))
    bad.throw(frame)
    assert good.ask("beat") == {"ok": True}
