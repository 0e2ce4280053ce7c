"""Files that a form names. A token proves that this person sent the file: an id alone could be anybody's."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from accounts.models import Person
from config.crypto import blind_index
from config.extensions import db
from config.storage import StoredFile

_MAC_LENGTH = 24


@dataclass(frozen=True)
class KeptFile:
    """A file that was sent before the form: what the form shows of it."""

    token: str
    filename: str
    size: int


def token_of(person: Person, file_id: int) -> str:
    """`12-4f0c…`: what a form holds of a file that `person` sent."""
    return f"{file_id}-{_mac(person, file_id)}"


def file_ids(person: Person, tokens: Iterable[str]) -> list[int]:
    """The ids of those tokens that are really `person`'s, each once, in their order."""
    found: dict[int, None] = {}
    for token in tokens:
        number, _dash, mac = str(token).partition("-")
        readable = number.isascii() and number.isdigit() and len(number) < 10
        if readable and hmac.compare_digest(mac.encode(), _mac(person, int(number)).encode()):
            found[int(number)] = None
    return list(found)


def kept_files(person: Person, tokens: object) -> list[KeptFile]:
    """The files behind the tokens of a draft or of a form that came back."""
    ids = file_ids(person, tokens if isinstance(tokens, list | tuple) else ())
    if not ids:
        return []
    rows = {row.id: row for row in db.session.scalars(select(StoredFile).where(StoredFile.id.in_(ids)))}
    return [KeptFile(token_of(person, n), rows[n].filename, rows[n].size) for n in ids if n in rows]


def _mac(person: Person, file_id: int) -> str:
    return blind_index(f"file:{person.id}:{file_id}")[:_MAC_LENGTH]
