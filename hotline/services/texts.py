"""What the hotline writes to citizens by text message."""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from config import sms
from config.settings import settings

NOT_REACHED = "not_reached"


def not_reached(number: str) -> None:
    """We called as often as we may and nobody picked up; part of the caller's transaction."""
    with force_locale(settings().default_language):
        text = _("We called you back several times and could not reach you. If we can help you, call 12345.")
    sms.send(number, text, NOT_REACHED)
