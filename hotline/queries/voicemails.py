"""The desk of messages."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from config.extensions import db
from hotline.models import CallQueue, Recording, Voicemail
from hotline.queries.loading import with_name


def voicemails(done: bool = False) -> Select[Any]:
    """Those to be dealt with, the oldest first; or those that are."""
    return (
        select(Voicemail)
        .where(Voicemail.done_at.is_not(None) if done else Voicemail.done_at.is_(None))
        .options(
            joinedload(Voicemail.queue).lazyload(CallQueue.skill),
            joinedload(Voicemail.call),
            with_name(Voicemail.taken_by),
            with_name(Voicemail.done_by),
        )
    )


def voicemail_keys(done: bool = False) -> list[Any]:
    return [Voicemail.done_at.desc() if done else Voicemail.left_at, Voicemail.id]


def voicemails_open() -> int:
    """How many nobody has dealt with."""
    wanted = select(func.count()).select_from(Voicemail).where(Voicemail.done_at.is_(None))
    return db.session.scalar(wanted) or 0


def sounds_of(messages: list[Voicemail]) -> dict[int, Recording]:
    """The recording of each message by its call."""
    calls = [message.call_id for message in messages]
    wanted = select(Recording).where(Recording.call_id.in_(calls), Recording.is_message)
    return {recording.call_id: recording for recording in db.session.scalars(wanted)}
