"""How the carrier proves who it is: `X-Twilio-Signature` = base64(HMAC-SHA1(token, URL + each POST name and value))."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit, urlunsplit

HEADER = "X-Twilio-Signature"
PORTS = {"https": 443, "http": 80}


def sign(token: str, url: str, form: Mapping[str, Iterable[str]]) -> str:
    """The header's value. `url` is the one the carrier was given, query included; `form` each name's values."""
    told = "".join(name + value for name in sorted(form) for value in sorted(set(form[name])))
    return base64.b64encode(hmac.new(token.encode(), (url + told).encode(), hashlib.sha1).digest()).decode()


def verify(token: str, url: str, form: Mapping[str, Iterable[str]], header: str | None) -> bool:
    """Whether the request is the carrier's. Never with an empty token."""
    given = (header or "").encode()
    found = [hmac.compare_digest(sign(token, spelt, form).encode(), given) for spelt in _spellings(url)]
    return bool(token) and any(found)


def _spellings(url: str) -> Iterator[str]:
    """Carriers do not agree whether they sign the port."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    name, colon, port = host.rpartition(":")
    plain = name if colon and port.isdigit() else host
    numbered = host if colon and port.isdigit() else f"{host}:{PORTS.get(parts.scheme, 443)}"
    for spelt in (plain, numbered):
        yield urlunsplit(parts._replace(netloc=spelt))
