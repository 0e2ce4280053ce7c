"""Bringing a recording from the carrier, for the worker that keeps it."""

from __future__ import annotations

import re

import httpx

from config.settings import settings
from hotline.telephony.twiml.rest import VERSION

_URL = re.compile(r"twiml:(recordings)/([A-Za-z0-9]{1,64})")
PATIENCE = 60.0


def fetch(url: str) -> bytes:
    """The file of `twiml:recordings/RE…`. ValueError if it is no such address; httpx's errors otherwise."""
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError("not a recording of the carrier")
    ours = settings()
    answer = httpx.get(
        f"{ours.twiml_rest_url.rstrip('/')}/{VERSION}/Accounts/{ours.twiml_account}/Recordings/{found[2]}.wav",
        auth=(ours.twiml_account, ours.twiml_token),
        timeout=PATIENCE,
        follow_redirects=True,  # carriers hand the file out from a storage of theirs
    )
    answer.raise_for_status()
    return answer.content
