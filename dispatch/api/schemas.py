"""What the API takes and answers."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, Field, StringConstraints, model_validator

from dispatch.api.base import Schema
from dispatch.models import CitizenKind, Sex
from dispatch.workflow import Action, CaseState, Channel, ClockKind, RequestType, Urgency

Line = Annotated[str, StringConstraints(min_length=1, max_length=120, pattern=r"\S")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9_-]+$")]
Phone = Annotated[str, StringConstraints(max_length=32)]


class CaseIn(Schema):
    """A case to register (domain § 3, five elements). Send `Idempotency-Key` so that a retry makes no second one."""

    title: Line
    content: Annotated[str, StringConstraints(min_length=1, max_length=10_000, pattern=r"\S")]
    category_code: Code
    request_type: RequestType = RequestType.CONSULT
    urgency: Urgency = Urgency.NORMAL
    channel: Channel = Channel.WEB
    asked: str = Field("", max_length=2_000)
    complained_of: str = Field("", max_length=120)
    occurred_at: AwareDatetime | None = None
    district_code: Code | None = None
    street_code: Code | None = None
    community_code: Code | None = None
    address: str = Field("", max_length=200)
    latitude: Decimal | None = Field(None, ge=-90, le=90, max_digits=9, decimal_places=6)
    longitude: Decimal | None = Field(None, ge=-180, le=180, max_digits=9, decimal_places=6)
    phone: Phone = ""
    contact_phone: Phone = ""
    citizen_name: str = Field("", max_length=80)
    citizen_sex: Sex = Sex.UNKNOWN
    citizen_kind: CitizenKind = CitizenKind.PERSON
    anonymous: bool = False
    confidential: bool = False
    public: bool = False
    needs_reply: bool = True
    advice: str = Field("", max_length=2_000)
    previous_case_no: Annotated[str, StringConstraints(max_length=24)] | None = None


class CaseFilters(Schema):
    """Without `since` the newest cases come first; with it, the oldest change first, so that a feed can be followed."""

    state: CaseState | None = None
    department: Code | None = Field(None, description="code of the lead department")
    since: AwareDatetime | None = Field(None, description="changed at or after this moment")
    cursor: str | None = Field(None, max_length=400)
    limit: int = Field(50, ge=1, le=200)


class CaseOut(Schema):
    """A case. Caller fields are left out where the citizen asked for confidence."""

    case_no: str
    state: CaseState
    version: int
    request_type: RequestType
    urgency: Urgency
    channel: Channel
    category_code: str
    title: str
    content: str
    asked: str
    occurred_at: datetime | None
    district_code: str | None
    street_code: str | None
    community_code: str | None
    address: str
    citizen_name: str | None
    contact_phone_masked: str | None
    anonymous: bool
    confidential: bool
    public: bool
    lead_department: str | None = Field(description="code of the lead department")
    registered_at: datetime
    changed_at: datetime
    closed_at: datetime | None
    clock: ClockKind | None
    due_at: datetime | None
    flags: dict[str, int]
    pending_requests: list[str]
    solved: bool | None
    rating: int | None
    master_case_no: str | None
    actions: list[Action] | None = Field(
        None, description="what this token may do to the case now; only where one case is asked for"
    )


class CaseRegistered(CaseOut):
    """The new case with the code the citizen needs to ask for its progress."""

    query_code: str


class CasePage(Schema):
    items: list[CaseOut]
    next_cursor: str | None


class ActionIn(Schema):
    """`data` holds the action's fields (see `/codes/actions`); `version` is that of the case as it was read."""

    version: int | None = Field(None, ge=0, le=2_000_000_000)
    data: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _small(self) -> ActionIn:
        if len(self.data) > 40:
            raise ValueError("too many fields")
        return self


class TimelineEntry(Schema):
    at: datetime
    kind: str
    action: Action | None
    from_state: CaseState | None
    to_state: CaseState | None
    who: str
    label: str
    text: str
    internal: bool


class Timeline(Schema):
    case_no: str
    items: list[TimelineEntry]


class CodeRow(Schema):
    code: str
    label: str
    parent: str | None = None
    detail: dict[str, Any] | None = None


class CodeTable(Schema):
    """`version` changes when a row does."""

    table: str
    version: str
    items: list[CodeRow]


class CodeTables(Schema):
    tables: list[str]
