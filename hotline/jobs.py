"""What workers do for this floor, by the names RQ knows."""

from __future__ import annotations

from hotline.services.exporting import write_export


def export_calls(person_id: int, arguments: dict[str, str], language: str) -> int:
    """Write a long table of calls; how many rows it has."""
    return write_export(person_id, arguments, language)
