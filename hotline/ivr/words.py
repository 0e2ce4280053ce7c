"""The words of a flow."""

from __future__ import annotations

from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word


class NodeKind(Word):
    """What a node does with a caller."""

    PLAY = "play", _lp("node", "Play"), Hue.QUIET
    MENU = "menu", _lp("node", "Menu"), Hue.RUNNING
    DIGITS = "digits", _lp("node", "Collect digits"), Hue.RUNNING
    HOURS = "hours", _lp("node", "Hours"), Hue.QUIET
    HOLIDAY = "holiday", _lp("node", "Holiday"), Hue.QUIET
    BROADCAST = "broadcast", _lp("node", "Emergency broadcast"), Hue.LATE
    QUEUE = "queue", _lp("node", "Queue"), Hue.GOOD
    TRANSFER = "transfer", _lp("node", "Transfer"), Hue.GOOD
    VOICEMAIL = "voicemail", _lp("node", "Voicemail"), Hue.GOOD
    CASE_PROGRESS = "case_progress", _lp("node", "Case progress"), Hue.RUNNING
    CALLBACK_OFFER = "callback_offer", _lp("node", "Callback offer"), Hue.RUNNING
    SURVEY = "survey", _lp("node", "Survey"), Hue.RUNNING
    HANG_UP = "hang_up", _lp("node", "Hang up"), Hue.QUIET


class VersionState(Word):
    """Where a version of a flow stands."""

    DRAFT = "draft", _lp("flow", "Draft"), Hue.WAITING
    PUBLISHED = "published", _lp("flow", "In force"), Hue.GOOD
    RETIRED = "retired", _lp("flow", "Retired"), Hue.QUIET
