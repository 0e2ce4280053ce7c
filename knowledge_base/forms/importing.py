"""What a person gives and corrects when files are imported."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired, MultipleFileField
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from accounts.models import Department
from config.errors import Invalid
from config.web.forms import HouseForm, show_errors
from knowledge_base.models import ImportRow
from knowledge_base.services import ItemText
from knowledge_base.words import ItemKind, Proposal

ACCEPTED = ".txt,.md,.html,.htm,.docx,.pdf,.xlsx,.zip"


class ImportForm(HouseForm):
    """Files and whose shelf they go on."""

    files = MultipleFileField(
        _l("Files"), [FileRequired(_l("Choose at least one file."))], render_kw={"accept": ACCEPTED}
    )
    department = SelectField(_l("Department"), [InputRequired()], render_kw={"data-combobox": True})
    kind = SelectField(_l("Kind"), validate_choice=False)
    region = StringField(
        _l("Region"), [Length(max=80)], description=_l("Empty: as the documents themselves say.")
    )

    def __init__(self, shelves: Iterable[Department], **more: object) -> None:
        super().__init__(**more)
        self.department.choices = [(d.code, d.name) for d in shelves]
        self.kind.choices = [("", _("As recognised")), *ItemKind.choices()]

    def wanted_kind(self) -> ItemKind | None:
        """What all of them are, if the person said so."""
        return next((kind for kind in ItemKind if kind.value == self.kind.data), None)


class RowForm(HouseForm):
    """What was recognised in one file, to be corrected."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    kind = SelectField(_l("Kind"), [InputRequired()], coerce=ItemKind)
    document_no = StringField(_l("Document number"), [Length(max=80)])
    issued_by = StringField(_l("Issued by"), [Length(max=120)])
    region = StringField(_l("Region"), [Length(max=80)])
    issued_on = DateField(_l("Issued on"), [Optional()])
    effective_on = DateField(_l("Valid from"), [InputRequired()])
    expires_on = DateField(_l("Valid until"), [Optional()])
    enter_as = RadioField(_l("Enter as"), [Optional()], validate_choice=False)
    item_no = StringField(_l("Item number"), [Length(max=16)])
    body = TextAreaField(_l("Text"), [InputRequired()], render_kw={"rows": 24})
    edit_no = HiddenField()

    def __init__(self, row: ImportRow, **more: object) -> None:
        super().__init__(obj=row, **more)
        self.kind.choices = ItemKind.choices()
        self.enter_as.choices = [("new", Proposal.NEW.label), ("version", _("Version of another item"))]
        if not self.is_submitted():
            versioned = row.proposal is Proposal.VERSION
            self.enter_as.data = "version" if versioned else "new"
            self.item_no.data = row.match.item.item_no if row.match else ""
            self.edit_no.data = str(row.edit_no)

    def text(self, row: ImportRow) -> ItemText:
        """What was typed."""
        return ItemText(
            kind=self.kind.data,
            title=self.title.data or "",
            body=self.body.data or "",
            document_no=(self.document_no.data or "").strip(),
            issued_by=(self.issued_by.data or "").strip(),
            region=(self.region.data or "").strip(),
            issued_on=self.issued_on.data,
            effective_on=self.effective_on.data,
            expires_on=self.expires_on.data,
        )

    def place(self, row: ImportRow) -> str:
        """As what it is entered, as `correct_row` takes it."""
        if self.enter_as.data != "version":
            return "new"
        number = (self.item_no.data or "").strip()
        return number or ("twin" if row.twin_id else "")

    def tell(self, wrong: Invalid) -> None:
        """Show what a service found wrong beside the fields."""
        beside = {"item_no" if name == "enter_as" else name: told for name, told in wrong.fields.items()}
        show_errors(self, beside, "title")
