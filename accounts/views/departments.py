"""Administration: the department tree and its file."""

from __future__ import annotations

from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from accounts.access import under
from accounts.forms.choices import depth
from accounts.forms.departments import DepartmentFileForm, DepartmentForm, NewDepartmentForm
from accounts.identity import current_person
from accounts.models import Department
from accounts.permissions import ensure, may, requires
from accounts.queries import department_tree, people_per_department
from accounts.services import department_files, department_rows
from accounts.services import departments as services
from accounts.views import blueprint
from accounts.views.parts import department_or_404, show_invalid
from config import clock
from config.errors import HotlineError, Invalid, Refused
from config.extensions import db
from config.storage import open_file, store
from config.transaction import transaction

TRIED_FOR = 3600  # seconds between the dry run of a file and its import


@blueprint.get("/administration/departments")
@requires("department:list")
def departments() -> str:
    """The tree."""
    rows = db.session.scalars(department_tree()).all()
    return render_template(
        "accounts/departments.html", departments=rows, depth=depth, people=people_per_department()
    )


@blueprint.route("/administration/departments/new", methods=["GET", "POST"])
@requires("department:change")
def new_department() -> Any:
    """Found a department."""
    form = NewDepartmentForm(parent=request.args.get("under", ""), kind="terminal", level="bureau")
    if form.validate_on_submit() and _within_reach(form):
        try:
            made = services.create_department(
                form.code.data or "", parent=form.chosen_parent(), **form.facts()
            )
        except Invalid as invalid:
            show_invalid(form, invalid)
        else:
            flash(_("%(name)s is founded.", name=made.name), "good")
            return redirect(url_for("accounts.departments"))
    return _form_page(form, None)


@blueprint.route("/administration/departments/<int:department_id>", methods=["GET", "POST"])
@requires("department:change")
def edit_department(department_id: int) -> Any:
    """Change a department, or hang it elsewhere."""
    department = department_or_404(department_id)
    ensure(current_person(), "department:change", department)
    form = DepartmentForm(**known_facts(department))
    if form.validate_on_submit() and _within_reach(form, department):
        try:
            with transaction():
                services.change_department(current_person(), department, **form.facts())
                services.move_department(current_person(), department, form.chosen_parent())
        except Refused as refused:
            form.parent.errors = [refused.message]
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("accounts.departments"))
    return _form_page(form, department)


@blueprint.get("/administration/departments.csv")
@requires("department:list")
def export_departments() -> Response:
    """The tree as a file that can be changed and taken in again."""
    name = f"departments-{clock.today().isoformat()}.csv"
    return Response(
        department_files.export_departments(current_person()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@blueprint.route("/administration/departments/import", methods=["GET", "POST"])
@requires("department:import")
def import_departments() -> Any:
    """First a dry run of a file, then, from its report, the import."""
    form = DepartmentFileForm()
    if not form.validate_on_submit():
        return _import_page(form)
    try:
        with transaction():
            kept = store(form.file.data.stream, form.file.data.filename or "", kinds=("csv",))
        report = department_files.import_departments(current_person(), _content(kept.id))
    except HotlineError as error:
        form.file.errors = [error.message]
        if isinstance(error, Invalid) and error.fields:
            form.file.errors = [str(what) for what in error.fields.values()]
        return _import_page(form)
    tried = _signer().dumps([current_person().id, kept.id])
    return _import_page(form, report=report, tried=tried, filename=kept.filename)


@blueprint.post("/administration/departments/import/take")
@requires("department:import")
def take_departments() -> Any:
    """Take in the file that was tried a moment ago, by the same person."""
    try:
        person_id, file_id = _signer().loads(request.form.get("tried", ""), max_age=TRIED_FOR)
    except BadSignature as error:
        raise Refused(_("This dry run is too old. Try the file again.")) from error
    if person_id != current_person().id:
        raise Refused(_("Somebody else tried this file."))
    report = department_files.import_departments(current_person(), _content(file_id), dry_run=False)
    return _import_page(DepartmentFileForm(formdata=None), report=report)


def _within_reach(form: DepartmentForm, department: Department | None = None) -> bool:
    """Whether a department may be hung where the form says; where it hangs already it may stay."""
    parent = form.chosen_parent()
    if department is not None and department.parent_id == (parent.id if parent else None):
        return True
    if may(current_person(), "department:change", under(parent)):
        return True
    form.parent.errors = [_("Choose a department that your own right reaches.")]
    return False


def known_facts(department: Department) -> dict[str, Any]:
    """What the form shows of a department, as its fields hold it."""
    return {
        "name": department.name,
        "short_name": department.short_name,
        "kind": department.kind.value,
        "level": department.level.value,
        "parent": str(department.parent_id or ""),
        "former_numbers": " ".join(department.former_numbers),
        "contacts": department_rows.contacts_text(department.contacts),
        "active": department.active,
        "duties": department.duties,
        "address": department.address,
        "hours": department.hours,
    }


def _content(file_id: int) -> bytes:
    _row, stream = open_file(file_id)
    with stream:
        return stream.read(department_files.MOST_BYTES + 1)


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.secret_key or "", salt="departments-import")


def _import_page(form: DepartmentFileForm, **more: Any) -> Any:
    page = render_template(
        "accounts/departments_import.html", form=form, columns=department_rows.COLUMNS, **more
    )
    return page, 422 if form.errors else 200


def _form_page(form: DepartmentForm, department: Any) -> Any:
    page = render_template("accounts/department_form.html", form=form, department=department)
    return page, 422 if form.errors else 200
