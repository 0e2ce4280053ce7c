"""Administration of queues, skills and seats."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from accounts.identity import current_person
from accounts.permissions import may, requires
from config.errors import Invalid, NotFound
from config.extensions import db
from hotline import queries
from hotline.engine.estimate import expected_wait
from hotline.forms.administration import SeatForm, SkillForm
from hotline.forms.queue import QueueForm
from hotline.models import CallQueue, Seat, Skill
from hotline.services.queues import create_skill, save_queue, save_seat
from hotline.views import blueprint


@blueprint.get("/administration/queues")
@requires("queue:list")
def queues() -> str:
    return _page(SkillForm(), SeatForm())


@blueprint.get("/queues/<code>")
@requires("queue:list")
def queue_now(code: str) -> str:
    """Who waits in it, for how long, and what the estimates are worth."""
    queue = db.session.scalars(select(CallQueue).where(CallQueue.code == code)).one_or_none()
    if queue is None:
        raise NotFound(_("There is no such queue."))
    pace = queries.pace(queue)
    waiting = db.session.execute(queries.waiting_in(queue)).all()
    return render_template(
        "hotline/queue_now.html",
        queue=queue,
        waiting=waiting,
        kept=db.session.scalars(queries.kept_places(queue)).all(),
        pace=pace,
        expected=expected_wait(len(waiting), pace),
        accuracy=queries.accuracy(queue),
        may_save=may(current_person(), "queue:save"),
    )


@blueprint.route("/administration/queues/new", methods=["GET", "POST"])
@requires("queue:save")
def new_queue() -> str | Response | tuple[str, int]:
    return _edit(None)


@blueprint.route("/administration/queues/<code>", methods=["GET", "POST"])
@requires("queue:save")
def edit_queue(code: str) -> str | Response | tuple[str, int]:
    queue = db.session.scalars(select(CallQueue).where(CallQueue.code == code)).one_or_none()
    if queue is None:
        raise NotFound(_("There is no such queue."))
    return _edit(queue)


@blueprint.post("/administration/skills")
@requires("queue:save")
def add_skill() -> Response | tuple[str, int]:
    form = SkillForm()
    if not form.validate_on_submit():
        return _page(form, SeatForm(formdata=None)), 422
    create_skill(form.code.data, form.name.data)
    flash(_("Skill %(name)s is kept.", name=form.name.data))
    return redirect(url_for("hotline.queues"))


@blueprint.post("/administration/seats")
@requires("queue:save")
def add_seat() -> Response | tuple[str, int]:
    form = SeatForm()
    if not form.validate_on_submit():
        return _page(SkillForm(formdata=None), form), 422
    save_seat(current_person(), form.number.data, form.site.data or "", form.active.data)
    flash(_("Seat %(number)s is kept.", number=form.number.data))
    return redirect(url_for("hotline.queues"))


def _page(skill_form: SkillForm, seat_form: SeatForm) -> str:
    return render_template(
        "hotline/queues.html",
        queues=db.session.scalars(
            select(CallQueue).order_by(CallQueue.is_default.desc(), CallQueue.name)
        ).all(),
        skills=_skills(),
        seats=db.session.scalars(select(Seat).order_by(Seat.number)).all(),
        skill_form=skill_form,
        seat_form=seat_form,
        may_save=may(current_person(), "queue:save"),
    )


def _edit(queue: CallQueue | None) -> str | Response | tuple[str, int]:
    form = QueueForm()
    form.offer(_skills(), queries.other_queues(queue), queries.sites(), queries.departments_of_agents(queue))
    if request.method == "GET":
        if queue is not None:
            form.show(queue)
        return render_template("hotline/queue.html", form=form, queue=queue)
    if form.validate_on_submit():
        try:
            saved = save_queue(current_person(), queue.code if queue else form.code.data, **form.settings())
        except Invalid as error:
            for name, sentence in error.fields.items():
                form[name].errors = [*form[name].errors, sentence]
        else:
            flash(_("Queue %(name)s is kept.", name=saved.name))
            return redirect(url_for("hotline.queues"))
    return render_template("hotline/queue.html", form=form, queue=queue), 422


def _skills() -> list[Skill]:
    return list(db.session.scalars(select(Skill).order_by(Skill.name)))
