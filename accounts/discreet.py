"""What somebody searches for may be a citizen's number, and an address stands in histories, logs and on screens.

A search form posts; the address it leads to holds the words sealed (`~…`), and only who typed them can read them there:
pages, filters and exports open them again. An address passed on to somebody else finds nothing.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from werkzeug.datastructures import MultiDict

from accounts.models import Person
from config.crypto import seal, unseal

MARK = "~"
SEALED = frozenset({"text", "number", "q"})
"""The fields in which people type what they look for."""
FROM_DIGITS = 5
"""Words with fewer digits hold no number of anybody's."""


def sealed(text: str, person: Person) -> str:
    """`text` for an address; as it is, where it holds no number."""
    if sum(letter.isdigit() for letter in text) < FROM_DIGITS:
        return text
    return MARK + base64.urlsafe_b64encode(seal(f"{person.id}:{text}")).decode().rstrip("=")


def opened(text: str, person: Person) -> str:
    """What `sealed` made of it for this person; anything else as it is, which finds nothing."""
    if not text.startswith(MARK):
        return text
    try:
        coded = text.removeprefix(MARK)
        owner, _colon, plain = unseal(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4))).partition(
            ":"
        )
    except (ValueError, binascii.Error):
        return text
    return plain if owner == str(person.id) else text


def opened_args(args: Mapping[str, str], person: Person) -> MultiDict[str, str]:
    """The arguments of an address with what is sealed in them opened."""
    pairs = args.items(multi=True) if isinstance(args, MultiDict) else args.items()
    return MultiDict([(name, opened(value, person) if name in SEALED else value) for name, value in pairs])
