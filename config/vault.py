"""What must stay secret at rest and is too large for a column: recordings. Sealed in pieces, so that a player may jump.

A file begins with a mark and a nonce of its own; then come pieces of 64 KiB, each packed (a talk is half silence),
sealed with AES-256-GCM and preceded by its length. The number of a piece and whether it is the last are sealed with it:
pieces cannot be swapped, and an end cannot be cut off.
"""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.crypto import derive_key
from config.errors import NotFound
from config.shelf import shelf

PIECE = 64 * 1024
LENGTH = 4
LONGEST = PIECE + 1024  # of a sealed piece: what cannot be packed grows a little
MARK = b"HV1\n"
NONCE = 8
HEAD = len(MARK) + NONCE


class Altered(Exception):
    """A piece does not open: changed, cut off, or sealed with another FIELD_KEY."""


def keep(name: str, content: bytes) -> None:
    """Seal `content` and put it on the shelf. OSError if there is no room."""
    with tempfile.TemporaryFile() as sealed:
        for part in _seal(content):
            sealed.write(part)
        sealed.seek(0)
        shelf("vault").put(name, sealed)


def read(name: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
    """The bytes from `start` up to `end` (not included), opened piece by piece. NotFound, or Altered on the way."""
    try:
        file = shelf("vault").open(name)
    except FileNotFoundError as error:
        raise NotFound() from error
    return _unseal(file, start, end)


def forget(name: str) -> None:
    """Delete it for good."""
    shelf("vault").delete(name)


def _cipher() -> AESGCM:
    return AESGCM(derive_key(b"vault"))


def _seal(content: bytes) -> Iterator[bytes]:
    nonce, cipher = os.urandom(NONCE), _cipher()
    yield MARK + nonce
    pieces = max(1, -(-len(content) // PIECE))
    for number in range(pieces):
        packed = zlib.compress(content[number * PIECE : (number + 1) * PIECE], level=1)
        sealed = cipher.encrypt(nonce + number.to_bytes(4), packed, _about(number, number == pieces - 1))
        yield len(sealed).to_bytes(LENGTH) + sealed


def _unseal(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    with file:
        head = file.read(HEAD)
        if len(head) != HEAD or not head.startswith(MARK):
            raise Altered("this is no sealed file")
        nonce, cipher = head[len(MARK) :], _cipher()
        number, length = 0, _length(file)
        while length is not None and (end is None or number * PIECE < end):
            if (number + 1) * PIECE <= start:
                file.seek(length, os.SEEK_CUR)
                following = _length(file)
            else:
                sealed = file.read(length)
                following = _length(file)
                try:
                    about = _about(number, following is None)
                    piece = zlib.decompress(cipher.decrypt(nonce + number.to_bytes(4), sealed, about))
                except InvalidTag as error:
                    raise Altered(f"piece {number} does not open") from error
                yield piece[max(0, start - number * PIECE) : None if end is None else end - number * PIECE]
            number, length = number + 1, following


def _length(file: BinaryIO) -> int | None:
    """Of the piece that follows; None at the end."""
    found = file.read(LENGTH)
    if not found:
        return None
    length = int.from_bytes(found)
    if len(found) < LENGTH or length > LONGEST:
        raise Altered("the length of a piece was touched")
    return length


def _about(number: int, is_last: bool) -> bytes:
    return number.to_bytes(4) + bytes([is_last])
