"""What somebody who waits is told: their place, and how long it will take as far as one can say."""

from __future__ import annotations

from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from config.settings import settings
from hotline.engine.estimate import minutes_to_say
from hotline.services.orders import order
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandType

LONGEST_SAID = 30  # minutes; what is beyond nobody can promise


def announce(turn: Turn, ahead: int, seconds: float | None) -> None:
    """Say it to the caller; the music goes on afterwards."""
    citizen = turn.snapshot.citizen
    assert citizen is not None
    language = settings().default_language
    with force_locale(language):
        text = words(ahead, seconds)
    order(turn, CommandType.SAY, leg=citizen.key, text=text, language=language)


def words(ahead: int, seconds: float | None) -> str:
    """In the language of the moment."""
    place = (
        ngettext("There is %(num)s caller before you.", "There are %(num)s callers before you.", ahead)
        if ahead
        else _("You are the next.")
    )
    if seconds is None:
        wait = _("Please hold the line.")
    elif not (minutes := minutes_to_say(seconds)):
        wait = _("It will take less than a minute.")
    elif minutes > LONGEST_SAID:
        wait = _("It will take more than half an hour.")
    else:
        wait = ngettext("It will take about %(num)s minute.", "It will take about %(num)s minutes.", minutes)
    return f"{place} {wait}"
