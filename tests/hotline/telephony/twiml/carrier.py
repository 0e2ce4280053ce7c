"""A carrier on this machine: a real HTTP server with a REST interface, telephones that execute the documents they are
given, conferences in which people hear one another, and signed news of all of it, as doubled and late as asked for.

Written from the public description of such interfaces, and independent of the code under test but for nothing.
"""

from __future__ import annotations

import base64
import io
import json
import threading
import time
import wave
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
from twilio.request_validator import RequestValidator

from tests.hotline.telephony.twiml.line import Line, Room

ACCOUNT, TOKEN, NUMBER = "AC" + "0" * 32, "the carrier's token in a test", "+8612345000000"


class Carrier:
    """`call_in(number)` is somebody who dials us. `lines` are all telephones by the carrier's name of their call."""

    def __init__(self) -> None:
        self.hotline = ""
        self.lines: dict[str, Line] = {}
        self.rooms: dict[str, Room] = {}
        self.recordings: dict[str, dict[str, Any]] = {}
        self.asked: list[tuple[str, str, dict[str, list[str]]]] = []
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.chance = Random(7)
        self.doubles_and_delays = False
        self.loses_next_answers = 0
        self.is_away = False
        self.keeps_news = False
        self._made = 0
        self._validator = RequestValidator(TOKEN)
        self._post = ThreadPoolExecutor(24, thread_name_prefix="carrier")
        self._client = httpx.Client(timeout=20, trust_env=False)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        for line in list(self.lines.values()):
            line.put_down("completed")
        for line in list(self.lines.values()):
            line.join(5)
        self._post.shutdown(wait=True, cancel_futures=True)
        self._server.shutdown()
        self._server.server_close()
        self._client.close()

    def name(self, kind: str) -> str:
        with self.lock:
            self._made += 1
            return f"{kind}{self._made:032x}"

    def call_in(self, number: str, dialled: str = NUMBER) -> Line:
        """A citizen calls our number."""
        line = Line(self, self.name("CA"), number, dialled, inbound=True)
        line.url = f"{self.hotline}/telephony/twiml/voice"
        line.status_url, line.status_events = f"{self.hotline}/telephony/twiml/status", {"completed"}
        return self._begin(line)

    def _begin(self, line: Line) -> Line:
        with self.changed:
            self.lines[line.sid] = line
            self.changed.notify_all()
        line.start()
        return line

    # -- what it tells the hotline

    def fetch(self, url: str, form: dict[str, str]) -> str:
        """A document. A carrier that does not hear the answer asks again."""
        answer = self.post(url, form)
        if self.doubles_and_delays:
            answer = self.post(url, form)
        assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.text[:300]}"
        assert answer.headers["content-type"].startswith("text/xml")
        return answer.text

    def tell(self, url: str, form: dict[str, str]) -> None:
        """News: nobody waits for the answer."""
        if url and not self.keeps_news:
            self._post.submit(self._tell, url, {**form, "Timestamp": format_datetime(datetime.now(UTC))})

    def _tell(self, url: str, form: dict[str, str]) -> None:
        for _ in range(2 if self.doubles_and_delays else 1):
            if self.doubles_and_delays:
                time.sleep(self.chance.uniform(0, 0.25))
            self.post(url, form)

    def post(self, url: str, form: dict[str, str]) -> httpx.Response:
        signed = self._validator.compute_signature(url, form)
        return self._client.post(url, data=form, headers={"X-Twilio-Signature": signed})

    # -- what it is asked

    def answer(self, method: str, path: str, form: dict[str, list[str]], login: str) -> tuple[int, Any]:
        if login != base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode():
            return 401, {"message": "who are you?"}
        if self.is_away:
            return 503, {"message": "later"}
        parts = [part for part in path.removeprefix(f"/2010-04-01/Accounts/{ACCOUNT}").split("/") if part]
        with self.lock:
            self.asked.append((method, "/" + "/".join(parts), form))
        one = {name: values[-1] for name, values in form.items()}
        match [part.removesuffix(".json") for part in parts]:
            case ["Calls"] if method == "POST":
                return self._ring(one, form)
            case ["Calls", sid] if sid in self.lines:
                return self._call(self.lines[sid], method, one)
            case ["Calls", sid, "Recordings"] if sid in self.lines:
                return self._record(self.lines[sid], one, form)
            case ["Calls", sid, "Recordings", "Twilio.CURRENT"] if sid in self.lines:
                return self._change_recording(self.lines[sid], one)
            case ["Conferences", room, "Participants", sid]:
                return self._participant(room, sid, one)
            case ["Recordings", name] if method == "GET" and name.removesuffix(".wav") in self.recordings:
                return 200, self.recordings[name.removesuffix(".wav")]["sound"]
        return 404, {"code": 20404, "message": f"no {path}"}

    def _ring(self, one: dict[str, str], form: dict[str, list[str]]) -> tuple[int, Any]:
        if not one["To"] or one["To"].endswith("@"):
            return 400, {"code": 21201, "message": "no such address"}
        line = Line(self, self.name("CA"), one["From"], one["To"], inbound=False)
        line.url, line.status_url = one["Url"], one["StatusCallback"]
        line.status_events, line.ring_timeout = set(form["StatusCallbackEvent"]), float(one["Timeout"])
        self._begin(line)
        return 201, {"sid": line.sid, "status": "queued"}

    def _call(self, line: Line, method: str, one: dict[str, str]) -> tuple[int, Any]:
        if method == "POST" and line.is_over:
            return 400, {"code": 21220, "message": "Call is not in-progress"}
        if one.get("Status") in ("completed", "canceled"):
            line.put_down(one["Status"])
        elif one.get("Url"):
            line.redirect(one["Url"])
        return 200, {"sid": line.sid, "status": line.status}

    def _record(self, line: Line, one: dict[str, str], form: dict[str, list[str]]) -> tuple[int, Any]:
        if line.status != "in-progress":
            return 400, {"code": 21220, "message": "Call is not in-progress"}
        name = self.name("RE")
        self.recordings[name] = {
            "call": line.sid, "url": one["RecordingStatusCallback"], "status": "in-progress",
            "since": time.monotonic(), "seconds": 0.0, "sound": b"",
        }  # fmt: skip
        line.recording = name
        self._tell_recording(name)
        return 201, {"sid": name, "status": "in-progress"}

    def _change_recording(self, line: Line, one: dict[str, str]) -> tuple[int, Any]:
        if line.recording is None:
            return 404, {"code": 20404, "message": "no recording"}
        found = self.recordings[line.recording]
        if found["since"] is not None:
            found["seconds"] += time.monotonic() - found["since"]
        found["since"] = time.monotonic() if one["Status"] == "in-progress" else None
        found["status"] = one["Status"]
        if one["Status"] == "stopped":
            self.finish_recording(line)
        return 200, {"sid": line.recording, "status": one["Status"]}

    def finish_recording(self, line: Line) -> None:
        """The call is over, or it was told to stop."""
        if (name := line.recording) is None:
            return
        line.recording, found = None, self.recordings[name]
        if found["since"] is not None:
            found["seconds"] += time.monotonic() - found["since"]
        found["status"], found["sound"] = "completed", _wav(found["seconds"])
        self._tell_recording(name)

    def _tell_recording(self, name: str) -> None:
        found = self.recordings[name]
        news = {"AccountSid": ACCOUNT, "CallSid": found["call"], "RecordingSid": name}
        news |= {"RecordingStatus": found["status"], "RecordingDuration": str(round(found["seconds"]))}
        self.tell(found["url"], news)

    def _participant(self, room_sid: str, sid: str, one: dict[str, str]) -> tuple[int, Any]:
        room = next((room for room in self.rooms.values() if room.sid == room_sid), None)
        line = self.lines.get(sid)
        with self.changed:
            if room is None or line is None or line not in room.people:
                return 404, {"code": 20404, "message": "not in this conference"}
            person = room.people[line]
            if "Muted" in one:
                person.muted = one["Muted"] == "true"
            if "Coaching" in one:
                coached = self.lines.get(one.get("CallSidToCoach", ""))
                person.coaches = coached if one["Coaching"] == "true" else None
            if "Hold" in one and person.held != (one["Hold"] == "true"):
                person.held = one["Hold"] == "true"
                room.tell("participant-hold" if person.held else "participant-unhold", line)
            self.changed.notify_all()
        return 200, {"call_sid": sid, "conference_sid": room_sid, "hold": person.held}

    def wait(self, truth: Callable[[], Any], seconds: float = 20, what: str = "") -> Any:
        """Until it is so; what was found."""
        with self.changed:
            assert self.changed.wait_for(truth, seconds), f"never: {what}\n{self.picture()}"
            return truth()

    def picture(self) -> str:
        return "\n".join(f"{line}: hears {sorted(line.hears())}" for line in self.lines.values())


def _wav(seconds: float) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\1\0" * max(1, int(8000 * seconds)))
    return made.getvalue()


def _handler(carrier: Carrier) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
            login = self.headers.get("Authorization", "").removeprefix("Basic ")
            form = parse_qs(raw, keep_blank_values=True)
            status, found = carrier.answer(self.command, urlsplit(self.path).path, form, login)
            if carrier.loses_next_answers and self.command == "POST":
                carrier.loses_next_answers -= 1
                self.close_connection = True
                return
            body = found if isinstance(found, bytes) else json.dumps(found).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    return Handler
