"""Writing an item, and the deeds on it."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.models import Person
from accounts.permissions import ensure, may, requires
from config import clock
from config.errors import Conflict, Invalid, NotFound, Refused, TooLarge
from knowledge_base import queries
from knowledge_base.comparing import compare
from knowledge_base.forms import ItemForm
from knowledge_base.models import CollectionTask, KnowledgeItem, KnowledgeVersion
from knowledge_base.services import (
    attach_file,
    begin_answer,
    detach_file,
    draft_item,
    edit_item,
    forget_typing,
    hand_in_item,
    perform,
    submit_item,
    typing_of,
    working_version,
)
from knowledge_base.services.typing import Typing
from knowledge_base.views import blueprint
from knowledge_base.words import TaskState
from knowledge_base.workflow import ItemAction, transition

NEW = "new"
_REVIEWERS = {ItemAction.APPROVE, ItemAction.RETURN}
_ASSESSORS = {ItemAction.ACCEPT, ItemAction.REFUSE}


@blueprint.route("/new", methods=["GET", "POST"])
@requires("knowledge:write")
def new_item() -> Any:
    """An empty editor; sent, a draft."""
    person = current_person()
    shelves = queries.shelves_for(person)
    typed = _typed(person, NEW)
    form = ItemForm.restored(shelves, typed.data) if typed else ItemForm(shelves)
    if request.method == "GET":
        if not typed:
            form.effective_on.data = clock.today()
            own = person.department
            form.department.data = own.code if own in shelves else None
            if task := _asked_task(person):
                form.title.data = form.synonyms.data = task.question
                form.department.data = task.department.code if task.department in shelves else None
    elif form.validate():
        shelf = next((d for d in shelves if d.code == form.department.data), None)
        try:
            item = draft_item(person, form.text(), shelf, review_months=form.review_months())
        except Invalid as wrong:
            form.tell(wrong)
        else:
            if task := _asked_task(person):
                begin_answer(person, task.id, item)
            return _saved(person, item, form, NEW)
    return _editor(form, None, typed)


def _asked_task(person: Person) -> CollectionTask | None:
    """The open collection task of the address (`?task=`) that this person may answer."""
    asked = request.args.get("task", type=int)
    if asked is None or not may(person, "knowledge:tasks"):
        return None
    task = queries.task(person, asked if 0 < asked < 2**63 else 0)
    return task if task.state is TaskState.OPEN and may(person, "knowledge:answer_task", task) else None


@blueprint.route("/<int:item_id>/edit", methods=["GET", "POST"])
@requires("knowledge:write")
def edit(item_id: int) -> Any:
    """The draft in the editor."""
    person, item = current_person(), queries.item(item_id)
    ensure(person, "knowledge:edit", item)
    version = working_version(item)
    row = transition(ItemAction.EDIT)
    if version is None or version.state not in row.sources or row.refusal(version, person) is not None:
        flash(_("There is no draft to edit."), "waiting")
        return redirect(url_for(".item_page", item_id=item.id))
    typed = _typed(person, str(item.id))
    form = ItemForm.showing(version, [item.department], typed.data if typed else None)
    if request.method == "POST" and form.validate():
        try:
            edit_item(person, item, form.text(), form.seen_edit_no(), form.review_months())
        except Invalid as wrong:
            form.tell(wrong)
        except Conflict as late:
            form.body.errors = [*form.body.errors, late.message]
            return _editor(form, item, typed, theirs=working_version(item))
        else:
            return _saved(person, item, form, str(item.id))
    return _editor(form, item, typed)


@blueprint.post("/<int:item_id>/actions/<action>")
@requires("knowledge:read")
def act(item_id: int, action: str) -> Any:
    """Do what the table allows; an approver goes on to the next that waits."""
    person, item = current_person(), queries.item(item_id)
    wanted = next((one for one in ItemAction if one.value == action and one is not ItemAction.EDIT), None)
    if wanted is None:
        raise NotFound(_("There is no such action."))
    seen = request.form.get("edit_no", type=int)
    number = request.form.get("version", type=int)
    perform(person, item, wanted, {"reason": request.form.get("reason", "").strip()}, seen, number)
    flash(_("%(no)s: %(what)s: done.", no=item.item_no, what=wanted.label), "good")
    if wanted is ItemAction.REVISE:
        return redirect(url_for(".edit", item_id=item.id))
    if wanted in _REVIEWERS:
        following = queries.next_in_review()
        if following is not None:
            return redirect(url_for(".item_page", item_id=following.item_id, version=following.number))
        return redirect(url_for(".review_queue"))
    if wanted in _ASSESSORS:
        waiting = queries.next_handed_in()
        if waiting is not None:
            return redirect(url_for(".item_page", item_id=waiting.item_id, version=waiting.number))
        return redirect(url_for(".submissions"))
    return redirect(url_for(".item_page", item_id=item.id))


@blueprint.post("/<int:item_id>/attachments/<int:attachment_id>/remove")
@requires("knowledge:write")
def remove_attachment(item_id: int, attachment_id: int) -> Any:
    """Take a file off the draft."""
    item = queries.item(item_id)
    detach_file(current_person(), item, attachment_id)
    return redirect(url_for(".edit", item_id=item.id))


def _typed(person: Person, key: str) -> Typing | None:
    """What was typed here before and not saved; a form that is being sent brings its own words."""
    return typing_of(person, key) if request.method == "GET" else None


def _saved(person: Person, item: KnowledgeItem, form: ItemForm, key: str) -> Any:
    """Files are taken one by one, so that a wrong one does not cost the text or the others."""
    forget_typing(person, key)
    for file in form.attachments.data or ():
        if file and file.filename:
            try:
                attach_file(person, item, file.stream, file.filename)
            except (Refused, TooLarge) as refusal:
                flash(refusal.message, "waiting")
    if request.form.get("then") == "submit":
        if may(person, "knowledge:submit"):
            submit_item(person, item)
            flash(_("%(no)s was submitted for review.", no=item.item_no), "good")
        else:
            hand_in_item(person, item)
            flash(_("%(no)s was handed in to the editors.", no=item.item_no), "good")
    else:
        flash(_("%(no)s: the draft is saved.", no=item.item_no), "good")
    return redirect(url_for(".item_page", item_id=item.id, version=_newest(item)))


def _newest(item: KnowledgeItem) -> int | None:
    version = working_version(item)
    return version.number if version else None


def _editor(
    form: ItemForm, item: KnowledgeItem | None, typed: Typing | None, theirs: KnowledgeVersion | None = None
) -> tuple[str, int]:
    """`theirs`: what was saved meanwhile. It is shown beside what was typed; sent again, this goes over it."""
    if theirs is not None:
        form.edit_no.data = str(theirs.edit_no)
    draft = working_version(item) if item else None
    page = render_template(
        "knowledge_base/editor.html",
        form=form,
        item=item,
        version=draft,
        typed=typed,
        theirs=theirs,
        lines=compare(theirs.body, form.body.data or "") if theirs else [],
        submits=may(current_person(), "knowledge:submit"),
        key=str(item.id) if item else NEW,
        attachments=queries.attachments_of(draft) if draft else [],
    )
    return page, 422 if form.errors else 200
