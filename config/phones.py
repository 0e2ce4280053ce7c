"""Telephone numbers: E.164 inside, readable outside, masked for who need not know."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from config.errors import Invalid
from config.settings import settings


def normalise_phone(text: str) -> str:
    """`139 1234 0042` → `+8613912340042`; short public numbers (`110`) stay; Invalid if it is none."""
    from flask_babel import gettext as _  # the switch agent, which normalises none, starts sooner without

    digits = "".join(text.split()).replace("-", "")
    if digits.isascii() and digits.isdigit() and 3 <= len(digits) <= 6:
        return digits
    try:
        number = phonenumbers.parse(digits, settings().phone_region)
    except NumberParseException as error:
        raise Invalid(fields={"phone": _("This is not a telephone number.")}) from error
    if not phonenumbers.is_possible_number(number):
        raise Invalid(fields={"phone": _("This telephone number has too few or too many digits.")})
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(number: str) -> str:
    """`+8613912340042` → `139 1234 0042`; foreign numbers with their country code."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    home = phonenumbers.country_code_for_region(settings().phone_region)
    shape = PhoneNumberFormat.NATIONAL if parsed.country_code == home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(parsed, shape)


def dialled_at_home(number: str) -> str:
    """`+8613912340042` → `13912340042`, `+861012345678` → `01012345678`: digits as carriers of this country take them;
    foreign numbers with the code for going abroad."""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number.removeprefix("+")
    text = phonenumbers.format_out_of_country_calling_number(parsed, settings().phone_region)
    return "".join(character for character in text if character.isdigit())


def mask_phone(number: str | None) -> str:
    """`+8613912340042` → `139****0042`: enough to recognise, too little to dial."""
    if not number:
        return ""
    national = number
    home = f"+{phonenumbers.country_code_for_region(settings().phone_region)}"
    if number.startswith(home):
        national = number.removeprefix(home)
    if len(national) <= 6:
        return national
    return f"{national[:3]}****{national[-4:]}" if len(national) > 7 else f"{national[:2]}****{national[-2:]}"
