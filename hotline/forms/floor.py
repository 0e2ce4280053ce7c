"""What the floor is filtered by, and how long breaks may last. A filter that makes no sense is no filter."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from wtforms import IntegerField, SelectField
from wtforms.validators import NumberRange, Optional

from config.extensions import db
from config.web.forms import HouseForm
from hotline.models import BreakAllowance, Skill
from hotline.queries.queues import sites
from hotline.queries.seats import FloorFilter, departments_of_agents
from hotline.words import CHOOSABLE_REASONS, ON_DUTY_STATES, NotReadyReason

ON_DUTY, EVERY_SEAT, EMPTY = "", "all", "empty"


class FloorForm(HouseForm):
    """Sent by GET."""

    class Meta:
        csrf = False

    state = SelectField(_l("State"))
    site = SelectField(_l("Site"))
    skill = SelectField(_l("Skill"))
    department = SelectField(_l("Department"))

    def __init__(self, arguments: MultiDict[str, str]) -> None:
        super().__init__(formdata=arguments)
        everything = [("", _l("All"))]
        self.state.choices = [
            (ON_DUTY, _l("On duty")),
            *((state.value, state.label) for state in ON_DUTY_STATES),
            (EMPTY, _l("Nobody there")),
            (EVERY_SEAT, _l("Every seat")),
        ]
        self.site.choices = everything + [(site, site) for site in sites()]
        skills = db.session.execute(select(Skill.id, Skill.name).order_by(Skill.name))
        self.skill.choices = everything + [(str(number), name) for number, name in skills]
        self._departments = {str(one.id): one for one in departments_of_agents()}
        self.department.choices = everything + [(key, one.name) for key, one in self._departments.items()]
        for field in (self.state, self.site, self.skill, self.department):
            if field.data not in dict(field.choices):
                field.data = ""

    def filters(self, within: tuple[str, ...] | None) -> FloorFilter:
        """What is asked for. The state is left to the page: a row whose state changes stays where it is."""
        return FloorFilter(
            site=self.site.data or "",
            skill_id=int(self.skill.data) if self.skill.data else None,
            department=self._departments.get(self.department.data or ""),
            within=within,
        )


class AllowanceForm(HouseForm):
    """Minutes by reason; an empty field lets it last."""


for _reason in CHOOSABLE_REASONS:
    setattr(
        AllowanceForm,
        _reason.value,
        IntegerField(_reason._label, validators=[Optional(), NumberRange(1, 480)]),
    )


def allowance_form() -> AllowanceForm:
    """With what holds now, or what was sent."""
    rows = db.session.execute(select(BreakAllowance.reason, BreakAllowance.minutes))
    return AllowanceForm(data={reason.value: minutes for reason, minutes in rows})


def allowed_minutes(form: AllowanceForm) -> dict[NotReadyReason, int | None]:
    """What the form says."""
    return {reason: form[reason.value].data for reason in CHOOSABLE_REASONS}
