"""What an action is told: each field once, with its kind, so that pages, the API and `perform` read it alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l

from config.clock import city_zone
from config.text import plain, whole_number
from config.words import Word
from dispatch.workflow.words import EmergencyService, NotAcceptedReason, NoticeCause, ReturnReason

NEEDED = _l("This is needed.")
MAX_ATTACHMENTS = 20


class Unreadable(ValueError):
    """What was given is not of the field's kind; the message is for the person."""


@dataclass(frozen=True)
class Field:
    """`read` turns what a form or a machine sent into the value an effect works with, or raises Unreadable."""

    name: str
    label: Any
    kind: str
    read: Callable[[Any], Any]
    words: type[Word] | None = None
    longest: int = 0


def _text(longest: int) -> Callable[[Any], str]:
    def read(given: Any) -> str:
        if not isinstance(given, str):
            raise Unreadable(_l("This must be text."))
        text = plain(given)
        if len(text) > longest:
            raise Unreadable(_l("This is too long."))
        return text

    return read


def _word(words: type[Word]) -> Callable[[Any], Word]:
    def read(given: Any) -> Word:
        try:
            return words(given)
        except ValueError as error:
            raise Unreadable(_l("There is no such choice.")) from error

    return read


def _flag(given: Any) -> bool:
    if isinstance(given, bool):
        return given
    known = {"true": True, "1": True, "yes": True, "y": True, "on": True}
    known |= {"false": False, "0": False, "no": False, "n": False}
    found = known.get(str(given).strip().lower())
    if found is None:
        raise Unreadable(_l("This must be yes or no."))
    return found


def _number(least: int, most: int) -> Callable[[Any], int]:
    def read(given: Any) -> int:
        number = None if isinstance(given, bool) else whole_number(str(given).strip(), 9)
        if number is None:
            raise Unreadable(_l("This must be a whole number."))
        if not least <= number <= most:
            raise Unreadable(_l("This number is outside the range."))
        return number

    return read


def _key(given: Any) -> str:
    """A code, or an id as text."""
    if isinstance(given, bool) or not isinstance(given, int | str):
        raise Unreadable(_l("This must be a code."))
    text = str(given).strip()
    if not text or len(text) > 64 or "\x00" in text:
        raise Unreadable(_l("This must be a code."))
    return text


def _keys(given: Any) -> list[str]:
    if isinstance(given, str | int):
        given = [part for part in str(given).split(",") if part.strip()]
    if not isinstance(given, list | tuple) or len(given) > 50:
        raise Unreadable(_l("This must be a list of codes."))
    return [_key(one) for one in given]


def _ids(given: Any) -> list[int]:
    if not isinstance(given, list | tuple) or len(given) > MAX_ATTACHMENTS:
        raise Unreadable(_l("This must be a list of numbers."))
    return [_number(1, 999_999_999)(one) for one in given]


def _moment(given: Any) -> datetime:
    """An aware instant; what comes without a zone is the city's time."""
    try:
        moment = given if isinstance(given, datetime) else datetime.fromisoformat(str(given).strip())
        moment = moment.replace(tzinfo=city_zone()) if moment.tzinfo is None else moment
        moment.timestamp()
        return moment
    except (ValueError, OverflowError) as error:
        raise Unreadable(_l("This must be a date and time.")) from error


def _day(given: Any) -> date:
    if isinstance(given, datetime):
        return given.date()
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(str(given).strip()[:10])
    except ValueError as error:
        raise Unreadable(_l("This must be a date.")) from error


_ALL = (
    Field("lead", _l("Lead department"), "department", _key),
    Field("assisting", _l("Assisting departments"), "departments", _keys),
    Field("department", _l("Department"), "department", _key),
    Field("advice", _l("Dispatch advice"), "long_text", _text(2_000), longest=2_000),
    Field("reason", _l("Reason"), "long_text", _text(2_000), longest=2_000),
    Field("note", _l("Note"), "long_text", _text(4_000), longest=4_000),
    Field("demand", _l("Demand"), "long_text", _text(4_000), longest=4_000),
    Field("answer", _l("Answer given"), "long_text", _text(10_000), longest=10_000),
    Field("route", _l("Route told to the citizen"), "long_text", _text(2_000), longest=2_000),
    Field("legal_basis", _l("Legal basis"), "long_text", _text(2_000), longest=2_000),
    Field("public_text", _l("Public reply"), "long_text", _text(10_000), longest=10_000),
    Field("internal_text", _l("Internal handling"), "long_text", _text(10_000), longest=10_000),
    Field("why_not", _l("Why it is not solved"), "long_text", _text(2_000), longest=2_000),
    Field("contacted_number", _l("Number called"), "text", _text(32), longest=32),
    Field("master", _l("Master case"), "case_no", _key),
    Field("call_no", _l("Call number"), "text", _text(32), longest=32),
    Field("not_accepted_code", _l("Reason"), "word", _word(NotAcceptedReason), NotAcceptedReason),
    Field("reason_code", _l("Reason code"), "word", _word(ReturnReason), ReturnReason),
    Field("service", _l("Emergency service"), "word", _word(EmergencyService), EmergencyService),
    Field("cause", _l("Cause"), "word", _word(NoticeCause), NoticeCause),
    Field("days", _l("Days"), "number", _number(1, 60)),
    Field("rating", _l("Satisfaction"), "rating", _number(1, 5)),
    Field("solved", _l("Solved"), "flag", _flag),
    Field("claim_true", _l("Claim true"), "flag", _flag),
    Field("beyond_duty", _l("Beyond our duty"), "flag", _flag),
    Field("contacted_at", _l("Citizen contacted at"), "moment", _moment),
    Field("review_on", _l("Review date"), "day", _day),
    Field("attachment_ids", _l("Attachments"), "files", _ids),
    Field("title", _l("Title"), "text", _text(120), longest=120),
    Field("content", _l("Content"), "long_text", _text(10_000), longest=10_000),
    Field("asked", _l("What is asked"), "long_text", _text(2_000), longest=2_000),
    Field("address", _l("Address"), "text", _text(200), longest=200),
    Field("category_code", _l("Category"), "text", _key),
)

FIELDS: dict[str, Field] = {field.name: field for field in _ALL}


def read_fields(
    given: dict[str, Any], needs: tuple[str, ...], takes: tuple[str, ...]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """`(values, wrong)`: what is given, read by kind, and what is wrong with it, by name. Empty is not given."""
    values: dict[str, Any] = {}
    wrong: dict[str, Any] = {}
    for name, raw in given.items():
        if raw is None or (isinstance(raw, str) and not raw.strip()) or raw in ([], ()):
            continue
        if name not in needs and name not in takes:
            wrong[name] = _l("This action takes no such field.")
            continue
        try:
            values[name] = FIELDS[name].read(raw)
        except Unreadable as error:
            wrong[name] = error.args[0]
    for name in needs:
        if name not in values:
            wrong.setdefault(name, NEEDED)
    return values, wrong
