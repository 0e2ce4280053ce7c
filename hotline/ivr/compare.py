"""What differs between two versions of a flow, node by node. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hotline.ivr.document import Flow


class Change(StrEnum):
    """What became of a node."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True)
class Difference:
    """`fields`: (name, before, after) of what changed in a node that stayed."""

    node: str
    change: Change
    fields: tuple[tuple[str, str, str], ...] = ()


def differences(before: Flow, after: Flow) -> list[Difference]:
    """In the order of the names; the beginning of the flow counts as a field of ""."""
    found = []
    if before.start != after.start:
        found.append(Difference("", Change.CHANGED, (("start", before.start, after.start),)))
    for name in sorted({*before.nodes, *after.nodes}):
        old, new = before.nodes.get(name), after.nodes.get(name)
        if old is None or new is None:
            found.append(Difference(name, Change.REMOVED if new is None else Change.ADDED))
        elif old != new:
            was, is_ = old.model_dump(mode="json"), new.model_dump(mode="json")
            fields = tuple(
                (field, _said(was.get(field)), _said(is_.get(field)))
                for field in {**was, **is_}
                if was.get(field) != is_.get(field)
            )
            found.append(Difference(name, Change.CHANGED, fields))
    return found


def _said(value: object) -> str:
    if isinstance(value, dict):
        return " · ".join(f"{key} {_said(one)}" for key, one in value.items() if one not in ("", None))
    if isinstance(value, list):
        return " · ".join(_said(one) for one in value)
    return "" if value is None else str(value)
