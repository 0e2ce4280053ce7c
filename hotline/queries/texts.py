"""Text messages that were written."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select

from config.sms import SmsMessage


def texts() -> Select[Any]:
    return select(SmsMessage)


def text_keys() -> list[Any]:
    """Newest first."""
    return [SmsMessage.created_at.desc(), SmsMessage.id.desc()]
