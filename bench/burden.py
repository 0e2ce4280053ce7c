"""What a program costs: processor time and memory, with all its children."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds(pid: int) -> float:
    """What the process and its children have spent since they began."""
    return sum(_own_seconds(one) for one in family(pid))


def family(pid: int) -> list[int]:
    """The process and all below it."""
    found = [pid]
    with suppress(FileNotFoundError, ProcessLookupError):  # children come and go meanwhile
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += family(int(child))
    return found


def own_mb(pid: int) -> float:
    """The process's share of memory: what several hold together is divided among them (PSS)."""
    with suppress(FileNotFoundError, ProcessLookupError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def _own_seconds(pid: int) -> float:
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS
    return 0.0
