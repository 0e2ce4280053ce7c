"""What a file is: its ending says it, its first bytes must agree."""

from __future__ import annotations

import io
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from knowledge_base.importing.problems import Unreadable
from knowledge_base.words import ImportProblem


class FileKind(StrEnum):
    """What we take."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    XLSX = "xlsx"
    ZIP = "zip"


ENDINGS = {
    "txt": FileKind.TEXT,
    "md": FileKind.MARKDOWN,
    "markdown": FileKind.MARKDOWN,
    "html": FileKind.HTML,
    "htm": FileKind.HTML,
    "docx": FileKind.DOCX,
    "pdf": FileKind.PDF,
    "xlsx": FileKind.XLSX,
    "zip": FileKind.ZIP,
}
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"#!")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_INSIDE = {"word/document.xml": FileKind.DOCX, "xl/workbook.xml": FileKind.XLSX}


def ending_of(name: str) -> str:
    """`规定.DOCX` → `docx`."""
    return PurePosixPath(name.replace("\\", "/")).suffix.lower().lstrip(".")


def kind_of(name: str, data: bytes) -> FileKind:
    """The kind of a whole file; Unreadable where it is none of ours or not what its ending says."""
    ending = ending_of(name)
    if ending in ("doc", "xls", "ppt", "wps", "et"):
        raise Unreadable(ImportProblem.OLD_OFFICE)
    wanted = ENDINGS.get(ending)
    if wanted is None:
        raise Unreadable(ImportProblem.KIND)
    if not data.strip():
        raise Unreadable(ImportProblem.EMPTY)
    if data.startswith(_OLE):
        raise Unreadable(ImportProblem.ENCRYPTED if _LOCKED in data else ImportProblem.OLD_OFFICE)
    if data.startswith(_PROGRAMS) or _really(data, wanted) is not wanted:
        raise Unreadable(ImportProblem.DISGUISED)
    return wanted


def _really(data: bytes, wanted: FileKind) -> FileKind:
    if b"%PDF-" in data[:1024]:
        return FileKind.PDF
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside(data)
    if wanted in (FileKind.TEXT, FileKind.MARKDOWN, FileKind.HTML):
        return wanted
    if wanted is FileKind.PDF or len(data) < 64:
        raise Unreadable(ImportProblem.BROKEN)
    return FileKind.TEXT


def _inside(data: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    return next((kind for name, kind in _INSIDE.items() if name in names), FileKind.ZIP)
