"""The words of the knowledge base (domain § 4)."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp

from config.words import Hue, Word

NATION = "全国"
"""The region of what holds in the whole country; without a region it holds in the whole city."""


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
    HANDED_IN = "handed_in", _l("Handed in"), Hue.WAITING
    IN_REVIEW = "in_review", _l("In review"), Hue.WAITING
    PUBLISHED = "published", _l("Published"), Hue.GOOD
    RETIRED = "retired", _l("Retired"), Hue.QUIET


WORKING_STATES = frozenset({ItemState.DRAFT, ItemState.HANDED_IN, ItemState.IN_REVIEW})
"""Somebody is still at work on this version; an item has at most one of these."""


class Doubt(Word):
    """What an import read without certainty; it stays with the version until a person has looked at it."""

    TITLE = "title", _l("Title"), Hue.WAITING
    TITLE_FROM_TEXT = "title_from_text", _l("Title, made from the text"), Hue.WAITING
    TITLE_FROM_NAME = "title_from_name", _l("Title, the name of the file"), Hue.WAITING
    EFFECTIVE_ON = "effective_on", _l("Valid from"), Hue.WAITING

    @property
    def field(self) -> str:
        """The field of a version that it is about."""
        return "effective_on" if self is Doubt.EFFECTIVE_ON else "title"


MADE_UP = (Doubt.TITLE_FROM_TEXT, Doubt.TITLE_FROM_NAME)
"""Titles that the document does not bear."""


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
    SENT = "sent", _l("Link sent by text message"), Hue.QUIET


TAKEN = frozenset({UseKind.INSERTED, UseKind.COPIED})
"""What a page says of itself that somebody did; reading and sending are known by the server."""


class SearchOrigin(Word):
    """Where a search was typed."""

    PAGE = "page", _l("Knowledge page"), Hue.QUIET
    PANEL = "panel", _l("Workbench"), Hue.QUIET
    PUBLIC = "public", _l("Public pages"), Hue.QUIET


class CorrectionState(Word):
    """How far a report that something is wrong has come."""

    OPEN = "open", _lp("correction", "Open"), Hue.WAITING
    IN_HAND = "in_hand", _l("In hand"), Hue.RUNNING
    CORRECTED = "corrected", _l("Corrected"), Hue.GOOD
    DECLINED = "declined", _l("Left as it is"), Hue.QUIET


class TaskState(Word):
    """How far the collecting of an answer has come."""

    OPEN = "open", _lp("collection task", "Open"), Hue.WAITING
    DONE = "done", _l("Answered by an item"), Hue.GOOD
    DROPPED = "dropped", _l("Dropped"), Hue.QUIET


class ImportOrigin(Word):
    """By which door files came in."""

    PAGE = "page", _l("Import page"), Hue.QUIET
    API = "api", _l("Interface"), Hue.QUIET
    COMMAND = "command", _l("Command line"), Hue.QUIET


class ImportState(Word):
    """What is being done with a batch of files."""

    READING = "reading", _l("Being read"), Hue.RUNNING
    READY = "ready", _l("To be decided"), Hue.WAITING
    ENTERING = "entering", _l("Being entered"), Hue.RUNNING
    DONE = "done", _l("Done"), Hue.GOOD
    UNDOING = "undoing", _l("Being undone"), Hue.RUNNING
    UNDONE = "undone", _l("Undone"), Hue.QUIET


AT_WORK = frozenset({ImportState.READING, ImportState.ENTERING, ImportState.UNDOING})
"""A job has the batch in hand: people wait until it is through."""


class RowState(Word):
    """What became of one file of a batch."""

    WAITING = "waiting", _lp("imported file", "Waiting"), Hue.QUIET
    READY = "ready", _l("To be decided"), Hue.WAITING
    ACCEPTED = "accepted", _lp("imported file", "Accepted"), Hue.RUNNING
    ENTERED = "entered", _l("Entered"), Hue.GOOD
    UNREADABLE = "unreadable", _l("Not taken"), Hue.LATE
    DECLINED = "declined", _lp("imported file", "Declined"), Hue.QUIET
    UNDONE = "undone", _l("Undone"), Hue.QUIET
    KEPT = "kept", _l("Kept: changed since"), Hue.WAITING


class Proposal(Word):
    """What we think a file is, seen beside what is there already."""

    NEW = "new", _l("New item"), Hue.QUIET
    VERSION = "version", _l("New version"), Hue.RUNNING
    SIMILAR = "similar", _l("Much like another"), Hue.WAITING
    DUPLICATE = "duplicate", _l("Already here"), Hue.LATE


class ImportProblem(Word):
    """Why a file, or a part of an archive, was not taken."""

    EMPTY = "empty", _l("The file is empty."), Hue.LATE
    KIND = (
        "kind",
        _l("Files of this type are not taken: txt, md, html, docx, pdf, xlsx and zip are."),
        Hue.LATE,
    )
    DISGUISED = "disguised", _l("The content is not what the ending of the name says."), Hue.LATE
    OLD_OFFICE = "old_office", _l("An old Office format: save it as docx or xlsx and import that."), Hue.LATE
    ENCRYPTED = "encrypted", _l("It is locked with a password: import it without one."), Hue.LATE
    BROKEN = "broken", _l("The file is damaged and cannot be opened."), Hue.LATE
    SCANNED = "scanned", _l("It holds pictures of pages and no text: have it read by OCR first."), Hue.LATE
    ENCODING = (
        "encoding",
        _l("Its characters are in no encoding we know (UTF-8, UTF-16, GB 18030)."),
        Hue.LATE,
    )
    NO_TEXT = "no_text", _l("There is no text in it."), Hue.LATE
    TOO_LARGE = "too_large", _l("It is larger than what we take."), Hue.LATE
    TOO_LONG = "too_long", _l("Its text is longer than an item may be: import it in parts."), Hue.LATE
    TOO_DEAR = "too_dear", _l("Reading it takes more time or memory than a file may."), Hue.LATE
    BOMB = "bomb", _l("The archive unpacks to far more than it holds: not unpacked."), Hue.LATE
    TOO_MANY = "too_many", _l("The archive holds more files than we take at once: split it."), Hue.LATE
    TOO_DEEP = "too_deep", _l("Archives within archives within archives are not unpacked."), Hue.LATE
    ESCAPING = "escaping", _l("Its name leads out of the archive: not taken."), Hue.LATE
    REFUSED = "refused", _l("It could not be entered."), Hue.LATE
