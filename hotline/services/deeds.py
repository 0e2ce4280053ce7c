"""Writing down what somebody pressed in a call, in the transaction of the deed."""

from __future__ import annotations

from typing import Any

from config import clock
from config.extensions import db
from hotline.models import Call, CallDeed
from hotline.words import Deed


def note(call: Call, person_id: int | None, deed: Deed, **detail: Any) -> None:
    """One row on the call's ladder; of nobody, where it happened by itself."""
    row = {"call_id": call.id, "at": clock.now(), "person_id": person_id, "deed": deed, "detail": detail}
    db.session.add(CallDeed(**row))
