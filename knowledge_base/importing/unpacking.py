"""Open an archive without being harmed by it: limits on count, size, ratio and depth, and names that stay inside."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from knowledge_base.importing.problems import Unreadable
from knowledge_base.words import ImportProblem

DEEPEST = 2
"""An archive within an archive is opened, one within that is not."""
RATIO, SMALL = 200, 1 << 20
"""A file that unpacks to more than so many times its size is a bomb, unless it is small."""
_UTF8_NAME, _LOCKED = 0x800, 0x1
_LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass
class Limits:
    """What is left for one import; counted down while it is unpacked."""

    files: int
    bytes: int
    one_file: int


@dataclass(frozen=True)
class Member:
    """A file of an archive: its bytes, or why they are not taken."""

    name: str
    data: bytes = b""
    problem: ImportProblem | None = None


def members(data: bytes, limits: Limits, depth: int = 1) -> Iterator[Member]:
    """The files of an archive, those of archives within it too. Unreadable if the archive as a whole is not taken."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir() and not _is_litter(e.filename)]
        limits.files -= len(entries)
        if limits.files < 0:
            raise Unreadable(ImportProblem.TOO_MANY)
        # What the directory of the archive claims; whether it lies is seen while each file is read.
        if sum(e.file_size for e in entries) > limits.bytes:
            raise Unreadable(ImportProblem.BOMB)
        for entry in entries:
            yield from _member(archive, entry, limits, depth)


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits, depth: int) -> Iterator[Member]:
    name = _name(entry)
    try:
        if _escapes(name):
            raise Unreadable(ImportProblem.ESCAPING)
        data = _content(archive, entry, limits)
        if name.lower().endswith(".zip"):
            if depth >= DEEPEST:
                raise Unreadable(ImportProblem.TOO_DEEP)
            limits.files += 1  # the archive itself is no file that goes in
            for inner in members(data, limits, depth + 1):
                yield Member(f"{name}/{inner.name}", inner.data, inner.problem)
            return
    except Unreadable as wrong:
        yield Member(name, problem=wrong.problem)
    else:
        yield Member(name, data)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> bytes:
    if entry.flag_bits & _LOCKED:
        raise Unreadable(ImportProblem.ENCRYPTED)
    if entry.file_size > limits.one_file:
        raise Unreadable(ImportProblem.TOO_LARGE)
    if entry.file_size > SMALL and entry.file_size > RATIO * max(entry.compress_size, 1):
        raise Unreadable(ImportProblem.BOMB)
    try:
        with archive.open(entry) as stream:
            data = stream.read(entry.file_size + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unreadable(ImportProblem.BROKEN) from error
    limits.bytes -= len(data)
    if len(data) > entry.file_size or limits.bytes < 0:
        raise Unreadable(ImportProblem.BOMB)
    return data


def check_office(data: bytes, most: int) -> None:
    """Office files are archives too: Unreadable if this one unpacks to more than `most` bytes."""
    limits = Limits(files=10_000, bytes=most, one_file=most)
    for member in members(data, limits, DEEPEST):
        if member.problem in (ImportProblem.BOMB, ImportProblem.TOO_LARGE, ImportProblem.ENCRYPTED):
            raise Unreadable(member.problem)


def _name(entry: zipfile.ZipInfo) -> str:
    """Archives made on Chinese Windows write names in GBK and do not say so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/").replace("\x00", "")


def _escapes(name: str) -> bool:
    return name.startswith("/") or name[1:2] == ":" or ".." in name.split("/")


def _is_litter(name: str) -> bool:
    return name.startswith(_LITTER) or name.rsplit("/", 1)[-1] in _LITTER
