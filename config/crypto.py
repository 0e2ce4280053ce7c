"""Personal data at rest: encrypted, and findable only by who knows the whole value.

A value is sealed with AES-256-GCM under a key derived from `FIELD_KEY`, with a fresh nonce each time.
Look-up goes by a blind index, an HMAC under another derived key, in a column beside it.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import LargeBinary
from sqlalchemy.types import TypeDecorator

from config.settings import settings

_VERSION = b"\x01"


@lru_cache(maxsize=8)
def _derive(field_key: str, purpose: bytes) -> bytes:
    return hmac.new(bytes.fromhex(field_key), purpose, hashlib.sha256).digest()


@lru_cache(maxsize=4)
def _cipher(field_key: str) -> AESGCM:
    return AESGCM(_derive(field_key, b"seal"))


def seal(text: str) -> bytes:
    """Encrypt `text`: version byte, 12 bytes nonce, ciphertext with tag."""
    nonce = os.urandom(12)
    return _VERSION + nonce + _cipher(settings().field_key).encrypt(nonce, text.encode(), _VERSION)


def unseal(sealed: bytes) -> str:
    """Decrypt what `seal` made; ValueError if it was altered or the key is another."""
    try:
        return _cipher(settings().field_key).decrypt(sealed[1:13], sealed[13:], sealed[:1]).decode()
    except InvalidTag as error:
        raise ValueError("sealed value does not open: altered, or another FIELD_KEY") from error


def derive_key(purpose: bytes) -> bytes:
    """32 bytes made from `FIELD_KEY` for one purpose and no other."""
    return _derive(settings().field_key, purpose)


def blind_index(value: str) -> str:
    """64 hex digits that are the same for the same value and tell nothing of it without the key."""
    key = _derive(settings().field_key, b"blind-index")
    return hmac.new(key, value.encode(), hashlib.sha256).hexdigest()


class Encrypted(TypeDecorator[str]):
    """A text column that the database only ever sees sealed."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: object) -> bytes | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: bytes | None, dialect: object) -> str | None:
        return None if value is None else unseal(bytes(value))
