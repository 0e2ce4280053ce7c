"""The table as a picture and as a page: docs/workflow.md is written from here and never by hand."""

from __future__ import annotations

from collections import defaultdict

from dispatch.workflow.table import TRANSITIONS
from dispatch.workflow.transition import Transition
from dispatch.workflow.words import CaseState

HEAD = """# The life of a case

Written by `./manage cases diagram --write` from `dispatch/workflow/table.py`; a test holds it up to date.
"""
COLUMNS = ("action", "from", "to", "permission", "needs", "may take", "must be true", "clocks", "key", "bulk")


def mermaid() -> str:
    """The states and what leads from one to another, as a Mermaid state diagram."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in TRANSITIONS:
        for source in sorted(row.sources):
            for target in row.targets_from(source):
                if row.target is not None:
                    arrows[source.value, target.value].append(row.action.value)
    lines = ["stateDiagram-v2", "    [*] --> draft"]
    lines += [
        f"    {source} --> {target}: {', '.join(how)}" for (source, target), how in sorted(arrows.items())
    ]
    return "\n".join([*lines, "    archived --> [*]"]) + "\n"


def page() -> str:
    """The whole page as Markdown: the picture, then every row."""
    rows = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    rows += ["| " + " | ".join(cell or "–" for cell in _cells(row)) + " |" for row in TRANSITIONS]
    beside = "Actions whose target is – leave the state as it is; they are not in the picture."
    return f"{HEAD}\n```mermaid\n{mermaid()}```\n\n{beside}\n\n" + "\n".join(rows) + "\n"


def _cells(row: Transition) -> list[str]:
    return [
        f"`{row.action.value}`",
        ", ".join(state.value for state in CaseState if state in row.sources),
        _target(row),
        f"`{row.permission}`",
        ", ".join(row.needs),
        ", ".join(row.takes),
        ", ".join(condition.name for condition in row.conditions),
        _clocks(row),
        row.shortcut.upper(),
        "yes" if row.bulk else "",
    ]


def _target(row: Transition) -> str:
    if row.target is None:
        return ""
    if row.branch is None or row.otherwise is None:
        return row.target.value
    return f"{row.target.value} if {row.branch.name}, else {row.otherwise.value}"


def _clocks(row: Transition) -> str:
    said = (
        ("starts", row.starts),
        ("stops", row.stops),
        ("pauses", row.pauses),
        ("resumes", row.resumes),
        ("withdraws", row.withdraws),
    )
    return "; ".join(f"{verb} {', '.join(kind.value for kind in kinds)}" for verb, kinds in said if kinds)
