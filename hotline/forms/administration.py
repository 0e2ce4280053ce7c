"""What an administrator may say of queues, seats and agents' skills."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext as _lp
from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from hotline.models import CallQueue, Skill

CODE = Regexp(r"^[a-z0-9_-]+$", message=_l("Small letters, digits, - and _ only."))
NUMBER = Regexp(r"^[A-Za-z0-9_-]+$", message=_l("Letters, digits, - and _ only."))


class QueueForm(FlaskForm):
    """A queue."""

    code = StringField(_l("Code"), validators=[DataRequired(), Length(max=32), CODE])
    name = StringField(_lp("queue", "Name"), validators=[DataRequired(), Length(max=80)])
    skill = SelectField(_l("Skill"), validators=[DataRequired()])
    is_default = BooleanField(_l("Takes everybody who chose no other"))
    music = StringField(_l("Music"), validators=[DataRequired(), Length(max=64)], default="default")
    ring_timeout = IntegerField(
        _l("Ring for (seconds)"), validators=[InputRequired(), NumberRange(5, 120)], default=15
    )
    wrap_up_seconds = IntegerField(
        _l("Wrap-up (seconds)"), validators=[InputRequired(), NumberRange(0, 3600)], default=30
    )
    priority = IntegerField(_l("Priority"), validators=[InputRequired(), NumberRange(0, 100)], default=0)
    auto_answer = BooleanField(_l("Telephones in the browser pick up by themselves, after a tone"))
    active = BooleanField(_l("In use"), default=True)

    def offer(self, skills: list[Skill]) -> None:
        """Let a skill be chosen."""
        self.skill.choices = [(str(skill.id), skill.name) for skill in skills]

    def show(self, queue: CallQueue) -> None:
        """Fill in what is."""
        self.process(obj=queue)
        self.skill.data = str(queue.skill_id)

    def settings(self) -> dict[str, Any]:
        """Columns of CallQueue."""
        names = (
            "name",
            "is_default",
            "music",
            "ring_timeout",
            "wrap_up_seconds",
            "priority",
            "auto_answer",
            "active",
        )
        return {
            **{name: getattr(self, name).data for name in names},
            "skill_id": int(self.skill.data),
        }


class SkillForm(FlaskForm):
    """A skill."""

    code = StringField(_l("Code"), validators=[DataRequired(), Length(max=32), CODE])
    name = StringField(_lp("queue", "Name"), validators=[DataRequired(), Length(max=80)])


class SeatForm(FlaskForm):
    """A seat."""

    number = StringField(
        _l("Seat number"),
        validators=[
            DataRequired(),
            Length(max=32),
            NUMBER,
        ],
    )
    site = StringField(_l("Site"), validators=[Optional(), Length(max=80)])
    active = BooleanField(_l("In use"), default=True)
