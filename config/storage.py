"""Files people give us: checked by what they are, not by what they are called, and kept by their hash."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import IO, BinaryIO

import structlog
from flask_babel import gettext as _
from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from config import clock
from config.errors import NoRoom, NotFound, Refused, TooLarge
from config.extensions import db
from config.model import Model, Moment
from config.settings import settings
from config.shelf import shelf

log = structlog.get_logger(__name__)

# kind -> (ending, mime type, what its first bytes may be). ZIP-based office files share their first bytes.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "pdf": ("application/pdf", (b"%PDF-",)),
    "doc": ("application/msword", (b"\xd0\xcf\x11\xe0",)),
    "xls": ("application/vnd.ms-excel", (b"\xd0\xcf\x11\xe0",)),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
    "wav": ("audio/wav", (b"RIFF",)),
    "mp3": ("audio/mpeg", (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")),
    "mp4": ("video/mp4", ()),
    "txt": ("text/plain", ()),
    "csv": ("text/csv", ()),
    "md": ("text/markdown", ()),
    "markdown": ("text/markdown", ()),
    "html": ("text/html", ()),
    "htm": ("text/html", ()),
    "zip": ("application/zip", (b"PK\x03\x04", b"PK\x05\x06")),
}
DOCUMENTS = (
    "jpg",
    "jpeg",
    "png",
    "gif",
    "webp",
    "pdf",
    "doc",
    "docx",
    "xls",
    "xlsx",
    "txt",
    "mp3",
    "mp4",
    "wav",
)


class StoredFile(Model):
    """`stored_by_id` is the number of whoever gave it; this floor knows no people, so it is a number and no key."""

    __tablename__ = "stored_file"

    filename: Mapped[str] = mapped_column(String(255))
    mime: Mapped[str] = mapped_column(String(120))
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    stored_at: Mapped[Moment]
    stored_by_id: Mapped[int | None] = mapped_column(BigInteger)


def store(
    stream: BinaryIO | IO[bytes], filename: str, kinds: Iterable[str] = DOCUMENTS, by: int | None = None
) -> StoredFile:
    """Keep the bytes of `stream`, given by person `by`; the row joins the caller's transaction.

    Refused by name where the ending is not one of `kinds`, the content is not what the ending says, or the
    file is empty; TooLarge past `UPLOAD_MAX_MB`; NoRoom where the disk takes no more.
    """
    name = os.path.basename(filename.replace("\\", "/")).replace("\x00", "").strip()[-255:] or "file"
    ending = Path(name).suffix.lower().lstrip(".")
    allowed = tuple(kinds)
    if ending not in allowed:
        raise Refused(
            _(
                "%(name)s: files of this type are not taken. Taken are: %(kinds)s.",
                name=name,
                kinds=", ".join(allowed),
            )
        )
    try:
        sha256, size = _kept(stream, name, ending)
    except OSError as error:
        log.error("file_not_kept", error=type(error).__name__, errno=error.errno)
        raise NoRoom(
            _(
                "%(name)s could not be kept: there is no room for files. Please tell the administrator.",
                name=name,
            )
        ) from error
    row = StoredFile(
        filename=name,
        mime=KINDS[ending][0],
        size=size,
        sha256=sha256,
        stored_at=clock.now(),
        stored_by_id=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _kept(stream: BinaryIO | IO[bytes], name: str, ending: str) -> tuple[str, int]:
    """Hash and size of what is now on the shelf, whole; where anything fails, nothing of it stays."""
    with tempfile.TemporaryFile() as incoming:
        sha256, size = _copy(stream, incoming, name)
        incoming.seek(0)
        _check(incoming.read(16), ending, name, size)
        kept = shelf("files")
        if not kept.has(sha256):
            incoming.seek(0)
            kept.put(sha256, incoming)
    return sha256, size


def open_file(file_id: int) -> tuple[StoredFile, BinaryIO]:
    """The row and an open stream of its bytes; NotFound if either is missing."""
    row = db.session.get(StoredFile, file_id)
    if row is None:
        raise NotFound(_("This file is not here."))
    return row, open_bytes(row)


def open_bytes(row: StoredFile) -> BinaryIO:
    """An open stream of what is kept under the row; NotFound if it is missing."""
    try:
        return shelf("files").open(row.sha256)
    except FileNotFoundError as error:
        raise NotFound(_("This file is not here.")) from error


def _copy(stream: BinaryIO | IO[bytes], target: IO[bytes], name: str) -> tuple[str, int]:
    digest, size, most = hashlib.sha256(), 0, settings().upload_max_mb * 1024 * 1024
    while chunk := stream.read(1 << 16):
        size += len(chunk)
        if size > most:
            raise TooLarge(_("%(name)s is larger than %(mb)s MB.", name=name, mb=settings().upload_max_mb))
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest(), size


def _check(head: bytes, ending: str, name: str, size: int) -> None:
    if size == 0:
        raise Refused(_("%(name)s is empty.", name=name))
    starts = KINDS[ending][1]
    if starts and not head.startswith(starts):
        raise Refused(_("%(name)s is not what its ending .%(ending)s says.", name=name, ending=ending))
