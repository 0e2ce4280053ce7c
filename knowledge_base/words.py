"""The words of the knowledge base (domain § 4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word


class ItemKind(Word):
    """What an item is; it decides what an agent may do with it."""

    POLICY = "policy", _l("Policy and regulation"), Hue.QUIET
    GUIDE = "guide", _l("Service guide"), Hue.QUIET
    DUTIES = "duties", _l("Department duties"), Hue.QUIET
    QA = "qa", _l("Question and answer"), Hue.QUIET
    NOTICE = "notice", _lp("knowledge kind", "Notice"), Hue.QUIET
    SCRIPT = "script", _l("Script"), Hue.QUIET


class Audience(Word):
    """Whom it is for."""

    EVERYONE = "everyone", _l("Everyone"), Hue.QUIET
    PERSONS = "persons", _l("Persons"), Hue.QUIET
    ENTERPRISES = "enterprises", _l("Enterprises"), Hue.QUIET
    STAFF = "staff", _l("Hotline staff only"), Hue.QUIET


class ItemState(Word):
    """Where a version stands in its life."""

    DRAFT = "draft", _l("Draft"), Hue.QUIET
    IN_REVIEW = "in_review", _l("In review"), Hue.WAITING
    PUBLISHED = "published", _l("Published"), Hue.GOOD
    RETIRED = "retired", _l("Retired"), Hue.QUIET


WORKING_STATES = frozenset({ItemState.DRAFT, ItemState.IN_REVIEW})
"""Somebody is still at work on this version; an item has at most one of these."""


class Validity(Word):
    """Whether what is written holds on a given day. It is asked for, never stored: days pass by themselves."""

    VALID = "valid", _l("In force"), Hue.GOOD
    NOT_YET = "not_yet", _l("Not yet in force"), Hue.WAITING
    EXPIRED = "expired", _l("Expired"), Hue.LATE


class UseKind(Word):
    """What somebody did with an item they found."""

    OPENED = "opened", _l("Opened"), Hue.QUIET
    INSERTED = "inserted", _l("Quoted in an answer"), Hue.QUIET
    COPIED = "copied", _l("Copied"), Hue.QUIET


class SearchOrigin(Word):
    """Where a search was typed."""

    PAGE = "page", _l("Knowledge page"), Hue.QUIET
    PANEL = "panel", _l("Workbench"), Hue.QUIET
