"""A shelf in a bucket of an S3-compatible store, for hotlines of many machines (`pip install ".[s3]"`)."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from minio import Minio
from minio.error import MinioException, S3Error
from urllib3 import PoolManager, Retry, Timeout
from urllib3.exceptions import HTTPError

from config.settings import Settings

PATIENCE = Timeout(connect=3, read=30)
CONNECTIONS = 32
READ_AHEAD = 256 * 1024
"""Bytes asked for at once; a player that jumps leaves the rest of them."""


class Away(OSError):
    """The store does not answer, or says no."""


class BucketShelf:
    """`kind` is the first part of every name, so that one bucket holds both shelves."""

    def __init__(self, ours: Settings, kind: str) -> None:
        self._client = client(
            ours.s3_endpoint, ours.s3_access_key, ours.s3_secret_key, ours.s3_region or None
        )
        self._bucket, self._kind = ours.s3_bucket, kind

    def put(self, name: str, content: BinaryIO) -> None:
        length = content.seek(0, os.SEEK_END)
        content.seek(0)
        with _told():
            self._client.put_object(self._bucket, self._key(name), content, length)

    def open(self, name: str) -> BinaryIO:
        with _told():
            size = self._client.stat_object(self._bucket, self._key(name)).size
        return io.BufferedReader(_Remote(size or 0, lambda start, n: self._part(name, start, n)), READ_AHEAD)

    def delete(self, name: str) -> None:
        with _told():
            self._client.remove_object(self._bucket, self._key(name))

    def has(self, name: str) -> bool:
        try:
            with _told():
                self._client.stat_object(self._bucket, self._key(name))
        except FileNotFoundError:
            return False
        return True

    def _part(self, name: str, start: int, length: int) -> bytes:
        with _told():
            answer = self._client.get_object(self._bucket, self._key(name), offset=start, length=length)
            try:
                return bytes(answer.read())
            finally:
                answer.close()
                answer.release_conn()

    def _key(self, name: str) -> str:
        if not name.isalnum():
            raise ValueError(f"{name!r} is no name of a kept file")
        return f"{self._kind}/{name}"


class _Remote(io.RawIOBase):
    """A file elsewhere, read part by part where it is asked for."""

    def __init__(self, size: int, part: Callable[[int, int], bytes]) -> None:
        self._size, self._part, self._at = size, part, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        part = self._part(self._at, length)
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


@lru_cache
def client(endpoint: str, access_key: str, secret_key: str, region: str | None) -> Minio:
    """One per process and store: it keeps its connections."""
    where = urlsplit(endpoint)
    pool = PoolManager(
        timeout=PATIENCE,
        maxsize=CONNECTIONS,
        retries=Retry(2, backoff_factor=0.2, status_forcelist=(502, 503, 504)),
    )
    secure = where.scheme == "https"
    return Minio(where.netloc, access_key, secret_key, region=region, secure=secure, http_client=pool)


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong there is told as what goes wrong with a disk."""
    try:
        yield
    except S3Error as error:
        if error.code in ("NoSuchKey", "NoSuchObject"):
            raise FileNotFoundError(error.object_name or "") from error
        raise Away(f"{error.code}: {error.message}") from error
    except (MinioException, HTTPError) as error:
        raise Away(f"{type(error).__name__}: {error}"[:300]) from error
