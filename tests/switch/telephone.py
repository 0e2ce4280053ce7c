"""A real SIP telephone (baresip), driven through its control port. It sends a tone of its own and keeps what it
hears."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

from config.embedded import processes
from tests.switch.pbx import free_sip_port, wait_for
from tests.switch.tones import RATE, heard_in, samples, write_tone

MODULES = "/usr/lib/baresip/modules"
TONES = {
    "prompt": 350,
    "music": 600,
    "citizen": 1000,
    "1001": 1300,
    "1002": 1700,
    "1003": 2100,
    "1010": 2900,
    "other": 2500,
}
LISTEN_S = 0.8
SILENT_AFTER_S = 0.6


class Telephone:
    """`number` at `address`; with a `password` it registers as a seat, without it is somebody outside."""

    def __init__(
        self,
        folder: Path,
        number: str,
        registrar: str,
        *,
        tone: str,
        password: str | None = None,
        address: str = "127.0.0.1",
        port: int,
    ) -> None:
        self.number, self.folder, self._registrar = number, folder, registrar
        self.registers = password is not None
        folder.mkdir(parents=True)
        (folder / "heard").mkdir()
        write_tone(folder / "tone.wav", TONES[tone], 120)
        self._control = free_sip_port()
        rtp = 30_000 + (port * 16) % 20_000
        (folder / "config").write_text(
            f"""poll_method epoll
sip_listen {address}:{port}
call_local_timeout 120
call_max_calls 4
audio_player aufile,{folder}/played.wav
audio_source aufile,{folder}/tone.wav
audio_alert aufile,/dev/null
ausrc_srate 8000
auplay_srate 8000
ausrc_channels 1
auplay_channels 1
audio_txmode thread
rtp_ports {rtp}-{rtp + 14}
module_path {MODULES}
module g711.so
module aufile.so
module sndfile.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
ctrl_tcp_listen 127.0.0.1:{self._control}
snd_path {folder}/heard
"""
        )
        (folder / "contacts").touch()
        proof = f";auth_user={number};auth_pass={password}" if password else ""
        (folder / "accounts").write_text(
            f"<sip:{number}@{registrar};transport=udp>{proof};regint={20 if password else 0};answermode=manual"
            ";audio_codecs=PCMA/8000/1;ptime=20;dtmfmode=rtpevent\n"
        )
        self.events: list[dict[str, Any]] = []
        self._answers: dict[str, dict[str, Any]] = {}
        self._changed = threading.Condition()
        self._asked = 0
        self._last_size, self._grew_at = 0, 0.0

    def start(self) -> Telephone:
        """On the hook; a seat is registered."""
        self._process = processes.start(
            ("stdbuf", "-oL", "baresip", "-f", str(self.folder)),
            log=self.folder / "log",
            environment=dict(os.environ),
        )
        self._link = wait_for(self._connect, 10, f"{self.number}'s control port")
        threading.Thread(target=self._read, daemon=True).start()
        if self.registers:
            wait_for(lambda: "200 OK" in (self.folder / "log").read_text(), 15, f"{self.number} registered")
        return self

    def _connect(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self._control), timeout=None)
        except OSError:
            return None

    def _read(self) -> None:
        """Netstrings of JSON: answers to commands, and events."""
        buffer = b""
        while True:
            try:
                data = self._link.recv(65536)
            except OSError:
                return
            if not data:
                return
            buffer += data
            while (found := re.match(rb"(\d+):", buffer)) and len(buffer) > found.end() + int(found[1]):
                end = found.end() + int(found[1])
                message = json.loads(buffer[found.end() : end])
                buffer = buffer[end + 1 :]
                with self._changed:
                    if message.get("response"):
                        self._answers[message["token"]] = message
                    else:
                        self.events.append(message)
                    self._changed.notify_all()

    def command(self, name: str, argument: str = "") -> None:
        self._asked += 1
        token = str(self._asked)
        body = json.dumps({"command": name, "params": argument, "token": token}).encode()
        self._link.sendall(b"%d:%b," % (len(body), body))
        with self._changed:
            assert self._changed.wait_for(lambda: token in self._answers, 5), f"{self.number}: {name}"

    def count(self, kind: str) -> int:
        return sum(event.get("type") == kind for event in self.events)

    def wait(self, kind: str, times: int = 1, seconds: float = 10) -> None:
        """Until an event of that kind has come so often since the telephone was started."""
        with self._changed:
            assert self._changed.wait_for(lambda: self.count(kind) >= times, seconds), (
                f"{self.number}: no {kind}, but {[event.get('type') for event in self.events][-12:]}"
            )

    # -- what people do

    def dial(self, number: str) -> None:
        self.command("dial", f"sip:{number}@{self._registrar}")

    def press(self, keys: str) -> None:
        for key in keys:
            self.command("sndcode", key)
            time.sleep(0.25)  # a finger's pace: a telephone merges two tones without a pause

    def pick_up(self) -> None:
        """Once it rings."""
        wait_for(self.rings, 15, f"{self.number} rings")
        before = self.count("CALL_ESTABLISHED")
        self.command("accept")
        self.wait("CALL_ESTABLISHED", before + 1)

    def rings(self) -> bool:
        answered = {event.get("id") for event in self.events if event.get("type") == "CALL_ESTABLISHED"}
        return bool(self.open_calls() - answered)

    def hang_up(self) -> None:
        self.command("hangup")

    def put_down(self) -> None:
        """Whatever it is in: talking, dialling or ringing."""
        while found := self.open_calls():
            self.command("hangup")
            wait_for(lambda: len(self.open_calls()) < len(found), 5, f"{self.number} down")

    def open_calls(self) -> set[str]:
        """The calls it has by baresip's ids: dialled, ringing or talking."""
        with self._changed:
            closed = {event.get("id") for event in self.events if event.get("type") == "CALL_CLOSED"}
            return {event["id"] for event in self.events if event.get("id")} - closed

    def hears(self) -> set[str]:
        """Whom it hears now: the tones in the last stretch of what came in, once that is all new."""
        files = sorted(self.folder.glob("heard/*dec*.wav"), key=lambda path: path.stat().st_mtime)
        if not files:
            return set()
        size, now = files[-1].stat().st_size, time.monotonic()
        if size != self._last_size:
            self._last_size, self._grew_at = size, now
        elif now - self._grew_at > SILENT_AFTER_S:
            return set()  # alone in a room nothing is sent at all
        return heard_in(samples(files[-1])[-int(RATE * LISTEN_S) :], TONES)

    @property
    def is_dead(self) -> bool:
        return self._process.poll() is not None

    def die(self) -> None:
        """`kill -9`: it says nothing to anybody. It may be started again."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._link.close()
        with self._changed:
            self.events.clear()

    def stop(self) -> None:
        try:
            self.command("quit")
        except (AssertionError, OSError, AttributeError):
            pass
        finally:
            if hasattr(self, "_link"):
                self._link.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            processes.stop(self._process)


def who_hears_whom(expected: dict[Telephone, set[str]], seconds: float = 12) -> None:
    """Until every telephone hears exactly these, all at the same time."""
    found: dict[str, set[str]] = {}

    def so() -> bool:
        found.clear()
        found.update({telephone.number: telephone.hears() for telephone in expected})
        return all(found[telephone.number] == wanted for telephone, wanted in expected.items())

    wait_for(
        so, seconds, lambda: f"expected { {t.number: w for t, w in expected.items()} }, heard {found}; it"
    )
