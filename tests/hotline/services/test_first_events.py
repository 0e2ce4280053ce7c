"""Everybody calls a web that has just begun: the statements of the first events are made ready by one thread."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import SimpleNamespace

import pytest
from flask import Flask

from config.embedded.processes import wait_until
from config.extensions import db
from config.settings import ROOT
from hotline.models import CallEvent
from hotline.services import taking
from tests.factories.hotline import SwitchCall

CALLERS = 48
BEGINS = """
import sys, threading
from config import clock, ids
from config.settings import Settings
from wsgi import create_app
app = create_app(Settings.model_validate_json(sys.argv[1]))
from config.extensions import db
from hotline.services import receive_event
from hotline.telephony.contract import EventMessage
sys.setswitchinterval(0.001)  # as config/gunicorn.py has it
calls = sys.argv[2:]
together, failed = threading.Barrier(len(calls)), []
def answered(key):
    about = {"id": ids.new_id(), "at": clock.now(), "provider": "simulator", "call": key, "type": "leg.answered"}
    about["leg"] = f"{key}-c"
    with app.app_context():
        together.wait()
        try:
            receive_event(EventMessage.model_validate(about))
        except Exception as error:
            failed.append(f"{type(error).__name__}: {error}")
        db.session.remove()
threads = [threading.Thread(target=answered, args=(key,)) for key in calls]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
with app.app_context():
    db.engine.dispose()
print(failed)
"""


class Door:
    """A lock that tells how many have come to it."""

    def __init__(self) -> None:
        self.lock, self.came = threading.Lock(), 0

    def __enter__(self) -> None:
        self.came += 1
        self.lock.acquire()

    def __exit__(self, *_error: object) -> None:
        self.lock.release()


class Session:
    """Answers, when it may, that there is no such call."""

    def __init__(self) -> None:
        self.asked: list[object] = []
        self.may = threading.Event()

    def execute(self, _statement: object, key: dict[str, object]) -> Session:
        self.asked.append(key["call"])
        self.may.wait(30)
        return self

    def all(self) -> list[object]:
        return []

    def one_or_none(self) -> None:
        return None


def test_one_makes_ready_and_meanwhile_waits_for_no_call(monkeypatch: pytest.MonkeyPatch):
    door, session = Door(), Session()
    monkeypatch.setattr(taking, "_MAKING_READY", door)
    monkeypatch.setattr(taking, "_is_ready", False)
    monkeypatch.setattr(taking, "db", SimpleNamespace(session=session))
    askers = [threading.Thread(target=taking._known, args=({"call": "c"},)) for _ in range(2)]
    for asker in askers:
        asker.start()
    wait_until(lambda: door.came == 2 and session.asked, 20, "both at the door, one behind it")
    assert session.asked == [None], "nobody holds a call that is none"
    session.may.set()
    for asker in askers:
        asker.join(30)
    taking._known({"call": "c"})
    assert (session.asked, door.came) == ([None, "c", "c", "c"], 2)


@pytest.mark.parametrize("begin", range(2))
def test_each_of_many_first_events_finds_its_call(committed: Flask, begin: int):
    calls = [SwitchCall(f"+8613912{number:06d}") for number in range(CALLERS)]
    for call in calls:
        call.arrive()
    db.session.commit()
    told = committed.config["SETTINGS"].model_dump_json()
    done = subprocess.run(
        [sys.executable, "-c", BEGINS, told, *(call.key for call in calls)],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stdout[-1000:] + done.stderr[-3000:]
    assert db.session.query(CallEvent).filter_by(type="leg.answered").count() >= CALLERS
