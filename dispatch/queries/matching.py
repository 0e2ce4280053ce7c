"""What a typed text means among cases: a number, a telephone, or words of the title."""

from __future__ import annotations

import re

from sqlalchemy import Text, and_, func
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.elements import ColumnElement

from accounts.models import Person
from config.crypto import blind_index
from config.errors import Invalid
from config.phones import normalise_phone
from dispatch.models import Case
from dispatch.roles import CENTRE_ROLES

_CASE_NO = re.compile(r"^\d{8}(-\d{0,12})?$")
_WHOLE_NO = re.compile(r"^\d{8}-\d{7,}$")
_PHONE = re.compile(r"^\+?[\d\s-]{7,20}$")


def matches(text: str, person: Person) -> ColumnElement[bool]:
    """By case number or its beginning, by the caller's telephone (whole), else by words of the title.

    A department that tries a number learns nothing of who asked for confidence, not even that it was them.
    """
    text = text.replace("\x00", "")
    if _WHOLE_NO.match(text):
        return Case.case_no == text
    if _CASE_NO.match(text):
        return Case.case_no.startswith(text)
    if _PHONE.match(text):
        try:
            of_number = Case.contact_index == blind_index(normalise_phone(text))
            if person.has_role(*CENTRE_ROLES):
                return of_number
            return and_(of_number, ~Case.confidential, ~Case.anonymous)
        except Invalid:
            return Case.case_no == text
    return _in_title(text)


def _in_title(text: str) -> ColumnElement[bool]:
    """The words stand in the title. Its index holds pairs of letters; one letter alone is looked for without it."""
    pairs = sorted({text.lower()[n : n + 2] for n in range(len(text) - 1)})
    stands = Case.title.icontains(text, autoescape=True)
    return and_(func.bigrams(Case.title, type_=ARRAY(Text)).contains(pairs), stands) if pairs else stands
