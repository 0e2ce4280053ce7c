"""What can go wrong because of what somebody asked. Raised anywhere, told by `config.web.problems`."""

from __future__ import annotations

from typing import Any


class HotlineError(Exception):
    """The request changed nothing, and `message` tells the person why, in their language.

    `detail` holds facts for machines (`by`, `at`, …) and joins the problem document.
    """

    status = 400
    code = "error"

    def __init__(self, message: Any = "", **detail: Any) -> None:
        super().__init__(message)
        self.raw_message = message
        self.detail = detail

    @property
    def message(self) -> str:
        return str(self.raw_message)

    def __str__(self) -> str:
        return self.message


class Unauthorised(HotlineError):
    """Nobody is signed in, or the token or signature does not hold."""

    status = 401
    code = "unauthorised"


class NotPermitted(HotlineError):
    """This person may not do this to this thing."""

    status = 403
    code = "not-permitted"


class NotFound(HotlineError):
    """No such thing, or none this person may know of."""

    status = 404
    code = "not-found"


class Refused(HotlineError):
    """A rule of the hotline says no."""

    status = 409
    code = "refused"


class Conflict(Refused):
    """Somebody was first; `detail` names who and when."""

    code = "conflict"


class TooLarge(HotlineError):
    """More bytes than we take."""

    status = 413
    code = "too-large"


class NoRoom(HotlineError):
    """The disk is full, or may not be written to: nobody's fault who asked, and nothing they can mend."""

    status = 507
    code = "no-room"


class Invalid(HotlineError):
    """What was sent is malformed; `fields` maps each field to what is wrong with it."""

    status = 422
    code = "invalid"

    def __init__(self, message: Any = "", fields: dict[str, Any] | None = None, **detail: Any) -> None:
        super().__init__(message, **detail)
        self.fields = fields or {}

    @property
    def message(self) -> str:
        return str(self.raw_message) or "; ".join(f"{k}: {v}" for k, v in self.fields.items())
