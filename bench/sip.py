"""The city and the seats, played by sipp (Debian: sip-tester). They are silent, and nobody hears what they are sent."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from config.embedded import processes
from config.settings import ROOT
from tests.switch.pbx import free_sip_port

SCENARIOS = ROOT / "bench" / "sipp"
CARRIER, SEATS = "127.0.0.2", "127.0.0.1"
NO_VOICE = {"VOICE": "", "PORT": "media_port"}
FIRST_NUMBER = 13_900_000_001


@dataclass
class Told:
    """When, in milliseconds of sipp's own clock, each thing happened to the caller with that number."""

    dialled: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    put_down: dict[str, int] = field(default_factory=dict)

    @property
    def never_taken(self) -> set[str]:
        return set(self.dialled) - set(self.taken)

    @property
    def unfinished(self) -> set[str]:
        """Taken, and neither hung up nor put down: still in the call, or the switch broke off."""
        return set(self.taken) - set(self.left) - set(self.put_down)


class Sip:
    """`switch` is the port where Asterisk listens for SIP; callers come from `trunk_port` of another address."""

    def __init__(self, folder: Path, switch: int, trunk_port: int, seats_port: int) -> None:
        if shutil.which("sipp") is None:
            raise RuntimeError("sipp is missing: it is in Debian's package sip-tester")
        self._folder, self._switch = folder, switch
        self._trunk_port, self._seats_port = trunk_port, seats_port
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def seats_answer(self, secrets: dict[str, str], *, rings_ms: int, talks_ms: int) -> None:
        """Every seat's telephone: registered, and picked up when it rings. `secrets`: password by number."""
        self._start(
            "seats", "seat", SEATS, self._seats_port, {"RINGS": str(rings_ms), "TALKS": str(talks_ms)},
            ("-l", "5000"),
        )  # fmt: skip
        lines = (f"{n};[authentication username={n} password={s}]" for n, s in secrets.items())
        command = self._command(
            "register", "register", SEATS, None, {"SEATS_PORT": str(self._seats_port)},
            ("-inf", str(self._file("seats.csv", lines)), "-m", str(len(secrets)), "-r", "20"),
        )  # fmt: skip
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"not every seat is registered: {self.errors('register')}")

    def callers_call(
        self, calls: int, rate: float, *, stays_ms: int, patient: float = 0.0, voices: bool = False
    ) -> None:
        """So many, so many a second; `patient`: the share that waits to be put down. `voices`: each sends a second of
        silence, over and over, as a telephone does."""
        numbers = (str(FIRST_NUMBER + number) for number in range(calls))
        self._start(
            "callers", "caller", CARRIER, self._trunk_port,
            {"STAYS": str(stays_ms), "PATIENT": str(patient), **(self._voice() if voices else NO_VOICE)},
            (
                "-inf", str(self._file("callers.csv", numbers)), "-m", str(calls), "-r", str(round(rate * 60)),
                "-rp", "60000", "-l", "5000",
            ),
        )  # fmt: skip

    def _voice(self) -> dict[str, str]:
        sound = self._folder / "silence.alaw"
        sound.write_bytes(b"\xd5" * 8000)
        return {"VOICE": f'<exec rtp_stream="{sound},-1,8"/>', "PORT": "rtpstream_audio_port"}

    def nobody_calls_any_more(self) -> None:
        """Who is in a call stays in it."""
        self.processes["callers"].send_signal(signal.SIGUSR1)

    def told(self) -> Told:
        """What is in the callers' log by now."""
        moments: defaultdict[str, dict[str, int]] = defaultdict(dict)
        path = self._folder / "callers.said"
        for line in path.read_text(errors="replace").splitlines() if path.exists() else ():
            what, number, at = line.split()
            moments[what].setdefault(number, int(at))
        return Told(**moments)

    def errors(self, name: str) -> str:
        """The end of what sipp complained of."""
        path = self._folder / f"{name}.errors"
        return path.read_text(errors="replace")[-2000:] if path.exists() else ""

    def stop(self) -> None:
        for process in self.processes.values():
            processes.stop(process, patience=2)

    def _start(
        self, name: str, scenario: str, address: str, port: int, words: dict[str, str], more: Iterable[str]
    ) -> None:
        self.processes[name] = processes.start(
            self._command(name, scenario, address, port, words, more), log=self._folder / f"{name}.screen"
        )

    def _command(
        self,
        name: str,
        scenario: str,
        address: str,
        port: int | None,
        words: dict[str, str],
        more: Iterable[str],
    ) -> list[str]:
        text = (SCENARIOS / f"{scenario}.xml").read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        path = self._folder / f"{name}.xml"
        path.write_text(text)
        return [
            "sipp", f"127.0.0.1:{self._switch}", "-sf", str(path), "-i", address, "-mi", address,
            "-mp", str(free_sip_port()), *(("-p", str(port)) if port else ()), "-nostdin", "-aa",
            "-watchdog_minor_maxtriggers", "100000", "-watchdog_major_maxtriggers", "100000",
            "-trace_err", "-error_file", str(self._folder / f"{name}.errors"),
            "-trace_logs", "-log_file", str(self._folder / f"{name}.said"), "-log_overwrite", "false",
            "-buff_size", "8388608", *more,
        ]  # fmt: skip

    def _file(self, name: str, lines: Iterable[str]) -> Path:
        path = self._folder / name
        path.write_text("SEQUENTIAL\n" + "".join(f"{line}\n" for line in lines))
        return path
