"""What workers do for this floor, by the names RQ knows."""

from __future__ import annotations

import json

from config.crypto import unseal
from hotline.services.exporting import write_export


def export_calls(person_id: int, sealed: str, language: str) -> int:
    """Write a long table of calls, found by the arguments in `sealed`; how many rows it has."""
    return write_export(person_id, json.loads(unseal(bytes.fromhex(sealed))), language)
