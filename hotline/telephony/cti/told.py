"""What a switch posted, as JSON or as a form, read into one shape."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, StringConstraints, field_validator

from hotline.telephony.callers import number_of

Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00]*$")]
VOICEMAIL = "voicemail"
MOST_USERS = 50


class Happening(StrEnum):
    """The three events."""

    NEW_CALL = "newCall"
    ANSWER = "answer"
    HANGUP = "hangup"


class Told(BaseModel):
    """One event. Numbers may be withheld or nonsense; `user` is one name or many, `user[]` in forms of some."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    event: Happening
    from_: Text = Field("", validation_alias="from")
    to: Text = ""
    direction: Annotated[str, StringConstraints(pattern="^(in|out)$")]
    call_id: Annotated[str, StringConstraints(min_length=1, max_length=200)] = Field(
        validation_alias=AliasChoices("callId", "callid", "call_id")
    )
    user: list[Text] = Field(
        default_factory=list, max_length=MOST_USERS, validation_alias=AliasChoices("user[]", "user")
    )
    answering_number: Text = Field("", validation_alias="answeringNumber")
    cause: Text = ""
    queue: Text = ""

    @field_validator("user", mode="before")
    @classmethod
    def _listed(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | int) else value or []

    @field_validator("from_", "to", "answering_number", "cause", "queue", mode="before")
    @classmethod
    def _empty(cls, value: Any) -> Any:
        return "" if value is None else value

    @property
    def citizen(self) -> str:
        """The number at the other end of the call; `anonymous` if it was withheld."""
        return number_of(self.from_ if self.direction == "in" else self.to)

    @property
    def ours(self) -> str:
        """Our own number in it."""
        return number_of(self.to if self.direction == "in" else self.from_)

    @property
    def names(self) -> list[str]:
        """Who of ours it concerns, as the switch calls them."""
        return [name.strip() for name in (self.answering_number, *self.user) if name.strip()]

    @property
    def is_voicemail(self) -> bool:
        return any(name.lower() == VOICEMAIL for name in self.names)

    def key(self, line: int) -> str:
        """The call's name in the contract: any switch may call its calls what it likes."""
        return f"{line}.{hashlib.sha256(self.call_id.encode()).hexdigest()[:40]}"


def from_form(form: Mapping[str, list[str]]) -> dict[str, Any]:
    """A form's fields as they would stand in JSON."""
    listed = {"user", "user[]"}
    return {name: values if name in listed else values[-1] for name, values in form.items() if values}
