"""The case form: the five elements, who, where, how urgent."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateTimeLocalField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from accounts.identity import current_person
from config.clock import city_zone
from config.ids import new_id
from config.web.forms import HouseForm, show_errors
from dispatch.forms.actions import FilesField
from dispatch.forms.choices import category_groups, place_choices
from dispatch.forms.files import file_ids
from dispatch.models import CitizenKind, Sex
from dispatch.services import CaseIntake
from dispatch.workflow import Channel, RequestType, Urgency


class IntakeForm(HouseForm):
    """Radio and select fields take any value here: the service says what is wrong, in one place for page and API."""

    intake_key = HiddenField(default=new_id)
    call_no = HiddenField()
    previous_case_no = HiddenField()
    knowledge_ids = HiddenField()

    request_type = RadioField(_l("Request type"), default=RequestType.CONSULT.value, validate_choice=False)
    urgency = RadioField(_l("Urgency"), default=Urgency.NORMAL.value, validate_choice=False)
    channel = SelectField(_l("Channel"), default=Channel.PHONE.value, validate_choice=False)
    title = StringField(_l("Title"), [InputRequired(), Length(max=120)], render_kw={"maxlength": 120})
    category_code = SelectField(
        _l("Category"), [InputRequired()], validate_choice=False, render_kw={"data-combobox": True}
    )
    content = TextAreaField(
        _l("What happened"), [InputRequired(), Length(max=10_000)], render_kw={"rows": 5, "maxlength": 10_000}
    )
    asked = TextAreaField(_l("What is asked"), [Length(max=2_000)], render_kw={"rows": 2, "maxlength": 2_000})
    answer = TextAreaField(
        _l("Answer given"), [Length(max=10_000)], render_kw={"rows": 4, "maxlength": 10_000}
    )
    advice = StringField(_l("Dispatch advice"), [Length(max=2_000)])
    complained_of = StringField(_l("Party complained of"), [Length(max=120)])

    occurred_at = DateTimeLocalField(_l("When"), [Optional()])
    district_code = SelectField(_l("District"), validate_choice=False, render_kw={"data-combobox": True})
    street_code = SelectField(_l("Street"), validate_choice=False, render_kw={"data-combobox": True})
    community_code = SelectField(_l("Community"), validate_choice=False, render_kw={"data-combobox": True})
    address = StringField(_l("Exact place"), [Length(max=200)])

    phone = StringField(
        _l("Telephone"), [Length(max=32)], render_kw={"inputmode": "tel", "autocomplete": "off"}
    )
    contact_phone = StringField(
        _l("Contact telephone"), [Length(max=32)], render_kw={"inputmode": "tel", "autocomplete": "off"}
    )
    citizen_name = StringField(_l("Name"), [Length(max=40)], render_kw={"autocomplete": "off"})
    citizen_sex = SelectField(_l("Sex"), default=Sex.UNKNOWN.value, validate_choice=False)
    citizen_kind = SelectField(
        _l("Person or enterprise"), default=CitizenKind.PERSON.value, validate_choice=False
    )
    attachments = FilesField(_l("Attachments"))
    anonymous = BooleanField(_l("Anonymous"))
    confidential = BooleanField(_l("Confidential"))
    public = BooleanField(_l("May be published"))
    needs_reply = BooleanField(_l("Needs a reply"), default=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request_type.choices = RequestType.choices()
        self.urgency.choices = Urgency.choices()
        self.channel.choices = Channel.choices()
        self.citizen_sex.choices = Sex.choices()
        self.citizen_kind.choices = CitizenKind.choices()
        self.category_code.choices = category_groups()
        places = place_choices()
        for field, level in (
            (self.district_code, "district"),
            (self.street_code, "street"),
            (self.community_code, "community"),
        ):
            field.choices = places[level]

    def show_errors(self, fields: dict[str, Any]) -> None:
        """Put what a service refused beside the field it concerns."""
        show_errors(self, {_SHOWN_AT.get(name, name): message for name, message in fields.items()})

    def begin_anew(self, why: Any) -> None:
        """What was typed is another form from now on; `why` stands above it."""
        self.intake_key.data = new_id()
        self.form_errors.append(why)


_SHOWN_AT = {"attachment_ids": "attachments"}


def intake_of(form: IntakeForm, caller_number: str = "") -> CaseIntake:
    """What the form says; a call's own number is used where the agent typed none."""
    data = form.data
    occurred = data["occurred_at"]
    return CaseIntake(
        title=data["title"] or "",
        content=data["content"] or "",
        category_code=data["category_code"] or "",
        request_type=_word(RequestType, data["request_type"]),
        urgency=_word(Urgency, data["urgency"]),
        channel=_word(Channel, data["channel"]),
        asked=data["asked"] or "",
        complained_of=data["complained_of"] or "",
        occurred_at=occurred.replace(tzinfo=city_zone()) if occurred else None,
        district_code=data["district_code"] or None,
        street_code=data["street_code"] or None,
        community_code=data["community_code"] or None,
        address=data["address"] or "",
        phone=data["phone"] or caller_number,
        contact_phone=data["contact_phone"] or "",
        citizen_name=data["citizen_name"] or "",
        citizen_sex=_word(Sex, data["citizen_sex"]),
        citizen_kind=_word(CitizenKind, data["citizen_kind"]),
        anonymous=data["anonymous"],
        confidential=data["confidential"],
        public=data["public"],
        needs_reply=data["needs_reply"],
        advice=data["advice"] or "",
        call_no=(data["call_no"] or "")[:32] or None,
        previous_case_no=(data["previous_case_no"] or "")[:24] or None,
        intake_key=(data["intake_key"] or "")[:64] or None,
        attachment_ids=tuple(file_ids(current_person(), data["attachments"] or ())),
    )


def digest_of(form: IntakeForm, deed: str) -> str:
    """By which a form that is sent twice is known from one that was changed meanwhile."""
    said = {name: value for name, value in form.data.items() if name not in ("csrf_token", "intake_key")}
    return hashlib.sha256(json.dumps([deed, said], default=str, sort_keys=True).encode()).hexdigest()


def _word(words: Any, given: Any) -> Any:
    """The word, or what was given: the service refuses what is none and names the field."""
    try:
        return words(given)
    except ValueError:
        return next(iter(words))
