"""The names of what a caller hears. A switch plays the city's recording of that name, or speaks the words it has."""

CALLBACK_OFFER = "callback_offer"
CALLBACK_KEPT = "callback_kept"
VOICEMAIL = "voicemail"
VOICEMAIL_THANKS = "voicemail_thanks"
SURVEY = "survey"
SURVEY_THANKS = "survey_thanks"
BUSY = "busy"
CLOSED = "closed"

FAREWELLS = frozenset({CALLBACK_KEPT, VOICEMAIL_THANKS, SURVEY_THANKS, BUSY, CLOSED})
"""Heard to its end, one of these is the end of the call."""

CALLBACK_KEY = "1"
RATINGS = "12345"
