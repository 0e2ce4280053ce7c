"""Everything that can be set for a queue, in the groups in which the page shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from wtforms import BooleanField, IntegerField, SelectField, SelectMultipleField, StringField, TimeField
from wtforms.validators import (
    DataRequired,
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from accounts.models import Department
from config.web.forms import HouseForm
from hotline.forms.administration import CODE
from hotline.models import CallQueue, Skill
from hotline.words import OtherWay

REFUSING = [way for way in OtherWay if way is not OtherWay.WAIT]


def _seconds(label: Any, least: int, most: int, default: int, hint: Any = "") -> IntegerField:
    return IntegerField(
        label, validators=[InputRequired(), NumberRange(least, most)], default=default, description=hint
    )


def _several(label: Any, hint: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, description=hint, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )


def _way(label: Any, ways: Sequence[OtherWay], default: OtherWay) -> SelectField:
    choices = lambda: [(way.value, way.label) for way in ways]  # noqa: E731 - asked in the language of who reads
    return SelectField(label, choices=choices, default=default.value)


class QueueForm(HouseForm):
    """A queue. `groups()` is the order of the page."""

    code = StringField(_l("Code"), validators=[DataRequired(), Length(max=32), CODE])
    name = StringField(_lp("queue", "Name"), validators=[DataRequired(), Length(max=80)])
    skill = SelectField(_l("Skill"), validators=[DataRequired()])
    is_default = BooleanField(_l("Takes everybody who chose no other"))
    priority = IntegerField(_l("Priority"), validators=[InputRequired(), NumberRange(0, 100)], default=0)
    active = BooleanField(_l("In use"), default=True)

    ring_timeout = _seconds(_l("Ring for (seconds)"), 5, 120, 15)
    wrap_up_seconds = _seconds(_l("Wrap-up (seconds)"), 0, 3600, 30)
    auto_answer = BooleanField(_l("Telephones in the browser pick up by themselves, after a tone"))
    survey = BooleanField(_l("Ask the caller how it was when the agent has hung up"), default=True)
    sites = _several(_l("Sites of its agents"), _l("None chosen: agents of all sites."))
    departments = _several(
        _l("Departments of its agents"), _l("With all below them. None chosen: agents of all departments.")
    )
    only_there = BooleanField(_l("Only agents of these sites and departments, rather than these first"))

    music = StringField(_l("Music"), validators=[DataRequired(), Length(max=64)], default="default")
    announce_every = _seconds(
        _l("Announce place and wait every (seconds)"), 0, 600, 30, _l("0: never; else 15 or more.")
    )
    callback_after = _seconds(_l("Offer to call back after (seconds)"), 0, 3600, 60, _l("0: never."))
    callback_attempts = _seconds(_l("Attempts to call back"), 1, 10, 3)
    callback_hours = _seconds(
        _l("Keep the place for (hours)"),
        1,
        168,
        24,
        _l("Then it is a missed call for somebody to deal with."),
    )
    overflow_after = _seconds(
        _l("On to the next queue after (seconds)"), 0, 3600, 120, _l("0: never. The time waited counts on.")
    )
    next_queue = SelectField(_l("Next queue"), validators=[Optional()])

    most_waiting = _seconds(_l("Most callers waiting"), 0, 10_000, 0, _l("0: any number."))
    when_full = _way(_l("When so many wait"), REFUSING, OtherWay.TURN_AWAY)
    opens_at = TimeField(_l("Opens at"), validators=[Optional()], description=_l("Empty: day and night."))
    closes_at = TimeField(
        _l("Closes at"), validators=[Optional()], description=_l("Earlier than it opens: past midnight.")
    )
    working_days_only = BooleanField(_l("On working days only"))
    when_closed = _way(_l("When closed"), REFUSING, OtherWay.VOICEMAIL)
    when_nobody = _way(_l("When nobody is signed on"), list(OtherWay), OtherWay.VOICEMAIL)
    nobody_after = _seconds(_l("That after (seconds)"), 0, 600, 10)
    voicemail_seconds = _seconds(_l("Longest message (seconds)"), 10, 180, 180)

    def groups(self) -> list[tuple[str, list[Any]]]:
        """Title and fields of each part of the page."""
        return [(str(title), [self[name] for name in names]) for title, names in GROUPS]

    def offer(
        self, skills: list[Skill], queues: list[CallQueue], sites: list[str], departments: list[Department]
    ) -> None:
        """Let skills, other queues, sites and departments be chosen."""
        self.skill.choices = [(str(skill.id), skill.name) for skill in skills]
        self.next_queue.choices = [("", "–"), *((str(queue.id), queue.name) for queue in queues)]
        self.sites.choices = [(site, site) for site in sites]
        self.departments.choices = [(str(one.id), one.name) for one in departments]

    def show(self, queue: CallQueue) -> None:
        """Fill in what is."""
        self.process(obj=queue)
        self.skill.data = str(queue.skill_id)
        self.next_queue.data = str(queue.next_queue_id or "")
        self.departments.data = [str(number) for number in queue.department_ids]

    def settings(self) -> dict[str, Any]:
        """Columns of CallQueue."""
        return {
            **{name: self[name].data for name in PLAIN},
            **{name: OtherWay(self[name].data) for name in ("when_full", "when_closed", "when_nobody")},
            "skill_id": int(self.skill.data),
            "next_queue_id": int(self.next_queue.data) if self.next_queue.data else None,
            "sites": list(self.sites.data or []),
            "department_ids": [int(number) for number in self.departments.data or []],
        }

    def validate_announce_every(self, field: IntegerField) -> None:
        if field.data and field.data < 15:
            raise ValidationError(_l("Nobody wants to be told more often than every 15 seconds."))

    def validate(self, extra_validators: Any = None) -> bool:
        """Also what an empty field lacks because of another: no validator of its own is asked about that."""
        ways = (self.when_full.data, self.when_closed.data, self.when_nobody.data)
        lacking = {
            self.closes_at: (self.opens_at.data is None) != (self.closes_at.data is None)
            and _l("Say both when it opens and when it closes, or neither."),
            self.next_queue: OtherWay.NEXT_QUEUE in ways
            and not self.next_queue.data
            and _l("Callers are to wait in the next queue: say which that is."),
        }
        fine: bool = super().validate(extra_validators)
        for field, sentence in lacking.items():
            if sentence and not field.errors:
                field.errors = [sentence]
                fine = False
        return fine


GROUPS: list[tuple[Any, tuple[str, ...]]] = [
    (_l("The queue"), ("code", "name", "skill", "is_default", "priority", "active")),
    (
        _l("Who answers"),
        ("ring_timeout", "auto_answer", "wrap_up_seconds", "survey", "sites", "departments", "only_there"),
    ),
    (
        _l("While callers wait"),
        (
            "music", "announce_every", "callback_after", "callback_attempts", "callback_hours", "overflow_after",
            "next_queue",
        ),
    ),
    (
        _l("Whom it does not take"),
        (
            "most_waiting", "when_full", "opens_at", "closes_at", "working_days_only", "when_closed",
            "when_nobody", "nobody_after", "voicemail_seconds",
        ),
    ),
]  # fmt: skip
PLAIN = (
    "name", "is_default", "music", "ring_timeout", "wrap_up_seconds", "priority", "active", "survey",
    "auto_answer",
    "only_there", "announce_every", "callback_after", "callback_attempts", "callback_hours", "overflow_after",
    "most_waiting",
    "opens_at", "closes_at", "working_days_only", "nobody_after", "voicemail_seconds",
)  # fmt: skip
