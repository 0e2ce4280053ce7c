"""Bringing a recording from Asterisk's spool, for the worker that keeps it."""

from __future__ import annotations

import re
from functools import lru_cache

import httpx

from config.settings import settings

_URL = re.compile(r"ari:(recordings/stored/[A-Za-z0-9_.:+-]+)/file")
PATIENCE = 60.0


@lru_cache(maxsize=1)
def _client() -> httpx.Client:
    """One for all: to make it costs more than to fetch a recording."""
    return httpx.Client(timeout=PATIENCE)


def fetch(url: str) -> bytes:
    """The file of `ari:recordings/stored/…/file`. ValueError if it is no such address; httpx's errors otherwise."""
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError("not a recording of Asterisk")
    ours = settings()
    answer = _client().get(
        f"{ours.asterisk_url.rstrip('/')}/ari/{found[1]}/file",
        auth=(ours.asterisk_user, ours.asterisk_password),
    )
    answer.raise_for_status()
    return answer.content
