"""Where bytes are kept by name: a folder by default, a bucket of an S3-compatible store where one is named.

Recordings (sealed before they come here, `config.vault`) and the files people give (`config.storage`) stand on shelves
of their own in it.
"""

from __future__ import annotations

from typing import BinaryIO, Protocol

from config.settings import settings
from config.shelf.folder import FolderShelf

TO_INSTALL = 'pip install "hotline-12345[s3]"'
SPREAD_BY = {"files": slice(0, 2), "vault": slice(-2, None)}
"""The part of a name that is its folder: hashes differ from their beginning, identifiers of ours at their end."""


class Shelf(Protocol):
    """Whatever keeps bytes by name. Where it is full, broken or away, each raises OSError."""

    def put(self, name: str, content: BinaryIO) -> None:
        """Keep it whole or not at all."""

    def open(self, name: str) -> BinaryIO:
        """A stream that can seek; FileNotFoundError if there is none."""

    def delete(self, name: str) -> None:
        """Gone, if it was there."""

    def has(self, name: str) -> bool:
        """Whether it is there."""


def shelf(kind: str) -> Shelf:
    """This installation's shelf for `files` or for the `vault`."""
    ours = settings()
    if ours.s3_bucket:
        try:
            from config.shelf.bucket import BucketShelf
        except ImportError as error:
            raise RuntimeError(f"S3_BUCKET needs a library that is not installed: {TO_INSTALL}") from error
        return BucketShelf(ours, kind)
    return FolderShelf(ours.var_dir / kind, SPREAD_BY[kind])
