"""Identifiers and chance come from here, so that a test can set them."""

from __future__ import annotations

import random as _random
import secrets
import time

# Digits and capitals that nobody confuses on the telephone: without 0 O 1 I L U V.
_SPOKEN = "23456789ABCDEFGHJKMNPQRSTWXYZ"

_shared = _random.Random()


def random() -> _random.Random:
    """The shared source of chance for what needs no secrecy (`random().seed(7)` in a test)."""
    return _shared


def new_id() -> str:
    """A globally unique identifier, 32 hex digits, sortable by the time it was made (milliseconds)."""
    return f"{time.time_ns() // 1_000_000:012x}{secrets.token_hex(10)}"


def secret_token() -> str:
    """A password for machines: 32 letters and digits that need no quoting anywhere."""
    return secrets.token_hex(16)


def random_code(length: int) -> str:
    """An unguessable code of `length` characters that a citizen can say and key in."""
    return "".join(secrets.choice(_SPOKEN) for _ in range(length))
