"""Collection tasks: what nobody could answer, whose it is, and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext
from sqlalchemy import ColumnElement

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import ensure, may, requires
from config import clock
from config.calendar import add_working_days
from config.errors import Conflict, Invalid
from config.paging import page
from knowledge_base import queries
from knowledge_base.forms.task import HandingForm, TaskForm
from knowledge_base.models import CollectionTask
from knowledge_base.permissions import DEPARTMENT_WRITERS
from knowledge_base.services import drop_task, finish_task, hand_task, make_task
from knowledge_base.views import blueprint
from knowledge_base.views.tabs import Lists, chosen, counted_tabs
from knowledge_base.words import TaskState

WORKING_DAYS = 5
"""A new task's deadline, where nobody says another."""


def _views(person: Person) -> Lists:
    told, row = queries.tasks(person), CollectionTask
    waiting = told.where(row.state == TaskState.OPEN)
    return {
        "": (pgettext("collection task", "Open"), waiting),
        "mine": (_("Mine"), waiting.where(row.owner_id == person.id)),
        "late": (_("Overdue"), waiting.where(row.due_on < clock.today())),
        "done": (pgettext("collection task", "Answered"), told.where(row.state == TaskState.DONE)),
        "dropped": (_("Dropped"), told.where(row.state == TaskState.DROPPED)),
    }


@blueprint.get("/tasks")
@requires("knowledge:tasks")
def tasks() -> str:
    """The tasks of the departments this person works for, the first due first."""
    views = _views(current_person())
    current = chosen(views)
    row = CollectionTask
    keys: list[ColumnElement[Any]] = [row.due_on.asc(), row.id.asc()]
    if current in ("done", "dropped"):
        keys = [row.id.desc()]
    return render_template(
        "knowledge_base/tasks.html",
        tabs=counted_tabs(".tasks", views, current),
        view=current,
        rows=page(views[current][1], keys, request.args.get("cursor"), limit=25),
    )


@blueprint.route("/tasks/new", methods=["GET", "POST"])
@requires("knowledge:collect")
def new_task() -> Any:
    """`?question=` is what was searched for."""
    form = TaskForm(queries.writers_for())
    if request.method == "GET":
        form.question.data = request.args.get("question", "").replace("\x00", "")[:200]
        form.due_on.data = clock.local(add_working_days(clock.now(), WORKING_DAYS)).date()
    elif form.validate() and (department := form.chosen_department()):
        try:
            made = make_task(
                current_person(),
                form.question.data or "",
                department,
                form.due_on.data,
                form.chosen_owner(),
                form.note.data or "",
            )
        except Invalid as wrong:
            form.tell(wrong)
        except Conflict as known:
            form.question.errors = [*form.question.errors, known.message]
        else:
            flash(_("%(no)s: the department has been told.", no=made.task_no), "good")
            return redirect(url_for(".task_page", task_id=made.id))
    return render_template("knowledge_base/task_form.html", form=form), 422 if form.errors else 200


@blueprint.get("/tasks/<int:task_id>")
@requires("knowledge:tasks")
def task_page(task_id: int) -> str:
    """One task, and what may be done with it."""
    return _page(queries.task(current_person(), task_id))


@blueprint.post("/tasks/<int:task_id>/hand")
@requires("knowledge:tasks")
def hand(task_id: int) -> Any:
    """To another department, person or day."""
    person, task = current_person(), queries.task(current_person(), task_id)
    ensure(person, "knowledge:answer_task", task)
    form = _handing(task)
    if not form.validate() or (department := form.chosen_department()) is None:
        return _page(task, form), 422
    try:
        handed = hand_task(person, task.id, department, form.chosen_owner(), form.due_on.data)
    except Invalid as wrong:
        form.tell(wrong)
        return _page(task, form), 422
    flash(_("%(no)s: handed on.", no=handed.task_no), "good")
    return redirect(url_for(".task_page", task_id=task.id))


@blueprint.post("/tasks/<int:task_id>/finish")
@requires("knowledge:tasks")
def finish(task_id: int) -> Any:
    """Answered by an item that is there."""
    try:
        done = finish_task(current_person(), task_id, request.form.get("item_no", ""))
    except Invalid as wrong:
        flash(str(wrong.fields["item_no"]), "late")
    else:
        flash(_("%(no)s is done.", no=done.task_no), "good")
    return redirect(url_for(".task_page", task_id=task_id))


@blueprint.post("/tasks/<int:task_id>/drop")
@requires("knowledge:tasks")
def drop(task_id: int) -> Any:
    """Not to be answered, and why."""
    try:
        dropped = drop_task(current_person(), task_id, request.form.get("reason", ""))
    except Invalid as wrong:
        flash(str(wrong.fields["reason"]), "late")
    else:
        flash(_("%(no)s is dropped.", no=dropped.task_no), "good")
    return redirect(url_for(".task_page", task_id=task_id))


def _handing(task: CollectionTask) -> HandingForm:
    person = current_person()
    wide = may(person, "knowledge:collect")
    scope = ("/",) if wide else person.departments_in_scope(*DEPARTMENT_WRITERS)
    form = HandingForm(queries.writers_for(None if wide else task.department), scope=scope)
    if request.method == "GET":
        form.department.data = str(task.department_id)
        form.owner.data, form.due_on.data = str(task.owner_id or ""), task.due_on
    return form


def _page(task: CollectionTask, form: HandingForm | None = None) -> str:
    answers = may(current_person(), "knowledge:answer_task", task) and task.state is TaskState.OPEN
    return render_template(
        "knowledge_base/task.html",
        task=task,
        answers=answers,
        form=(form or _handing(task)) if answers else None,
        soon=task.due_on <= clock.today() + timedelta(days=1),
    )
