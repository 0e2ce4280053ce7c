"""The programs of the hotline, each listed once: what the supervisor starts, restarts and stops."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from config.settings import ROOT, Settings

PYTHON = Path(sys.executable)
FLASK = (str(PYTHON), "-m", "flask", "--app", "wsgi")


@dataclass(frozen=True)
class Program:
    """`wanted(settings)` says whether it runs here; `once` programs end by themselves and stay ended."""

    name: str
    command: Callable[[Settings], tuple[str, ...]]
    wanted: Callable[[Settings], bool] = lambda settings: True
    once: bool = False
    patience: float = 10.0


PREPARE: tuple[Program, ...] = (
    Program("migrate", lambda s: (*FLASK, "db", "upgrade")),
    Program("calendar", lambda s: (*FLASK, "calendar", "seed")),
    Program("reference", lambda s: (*FLASK, "cases", "reference")),
    Program("city", lambda s: (*FLASK, "demo", "city"), wanted=lambda s: s.demo),
)

PROGRAMS: tuple[Program, ...] = (
    Program(
        "web",
        lambda s: (
            str(PYTHON),
            "-m",
            "gunicorn",
            "-c",
            str(ROOT / "config" / "gunicorn.py"),
            "wsgi:create_app()",
        ),
    ),
    Program("worker", lambda s: (str(PYTHON), "-m", "config", "worker")),
    Program("clock", lambda s: (str(PYTHON), "-m", "config", "clock")),
    Program(
        "simulator",
        lambda s: (*FLASK, "simulate", "--rate", str(s.simulate_rate), "--agents", str(s.simulate_agents)),
        wanted=lambda s: s.demo,
    ),
    Program(
        "history",
        lambda s: (*FLASK, "demo", "history", "--days", str(s.demo_days), "--cases", str(s.demo_cases)),
        wanted=lambda s: s.demo and s.demo_days > 0,
        once=True,
    ),
)

AGENT = Program("switch", lambda s: (str(PYTHON), "-m", "hotline.telephony.asterisk"))
"""It speaks for an Asterisk, where there is one, under a supervisor of yours (docs/switch.md)."""


def command_of(name: str, settings: Settings) -> tuple[str, ...]:
    """How the program of that name is started. StopIteration if there is none."""
    return next(program.command(settings) for program in (*PROGRAMS, AGENT) if program.name == name)
