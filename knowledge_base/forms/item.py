"""The editor's form. What the services refuse comes back beside the field it concerns."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    MultipleFileField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from accounts.models import Department
from config.errors import Invalid
from config.text import whole_number
from config.web.forms import HouseForm, show_errors
from knowledge_base.models import KnowledgeVersion
from knowledge_base.services import ItemText
from knowledge_base.words import Audience, ItemKind

_APART = re.compile(r"[\s,，、;；]+")


class ItemForm(HouseForm):
    """One version's words. `edit_no` is that of the text the person had before them."""

    title = StringField(_l("Title"), [InputRequired(), Length(max=200)])
    kind = SelectField(_l("Kind"), [InputRequired()], coerce=ItemKind)
    department = SelectField(_l("Department"), [InputRequired()], render_kw={"data-combobox": True})
    body = TextAreaField(
        _l("Text"),
        [InputRequired()],
        description=_l(
            "Headings begin with #, articles with 第…条; each becomes a passage that search can show."
        ),
        render_kw={"rows": 18},
    )
    synonyms = TextAreaField(
        _l("Citizens also ask"),
        description=_l("One word or question a line: 低保, 房子漏水找谁. It is found by them too."),
        render_kw={"rows": 3},
    )
    source = StringField(_l("Source document"), [Length(max=200)])
    document_no = StringField(_l("Document number"), [Length(max=80)])
    issued_by = StringField(_l("Issued by"), [Length(max=120)])
    issued_on = DateField(_l("Issued on"), [Optional()])
    effective_on = DateField(_l("Valid from"), [InputRequired()])
    expires_on = DateField(
        _l("Valid until"), [Optional()], description=_l("The last day; empty: until further notice.")
    )
    region = StringField(_l("Region"), [Length(max=80)])
    audience = SelectField(_l("For whom"), [InputRequired()], coerce=Audience)
    public = BooleanField(
        _l("Public page"),
        description=_l("Everybody may read it without signing in, once it is approved."),
    )
    categories = StringField(_l("Category codes"))
    tags = StringField(_l("Tags"))
    review_every_months = IntegerField(
        _l("Read again every … months"), [Optional(), NumberRange(1, 60)], render_kw={"inputmode": "numeric"}
    )
    change_note = StringField(_l("What is new"), [Length(max=200)])
    attachments = MultipleFileField(_l("Attachments"))
    edit_no = HiddenField()

    def __init__(self, shelves: Iterable[Department] = (), **more: object) -> None:
        super().__init__(**more)
        self.kind.choices = ItemKind.choices()
        self.audience.choices = Audience.choices()
        self.department.choices = [(d.code, d.name) for d in shelves]

    @classmethod
    def showing(
        cls, version: KnowledgeVersion, shelves: Iterable[Department], typed: Mapping[str, Any] | None = None
    ) -> ItemForm:
        """The form filled with a version, or with what was `typed` over it and not saved."""
        if typed:
            return cls.restored(shelves, typed)
        form = cls(shelves, obj=version)
        if not form.is_submitted():
            form.department.data = version.item.department.code
            form.categories.data = " ".join(version.categories)
            form.tags.data = " ".join(version.tags)
            form.synonyms.data = "\n".join(version.synonyms)
            form.edit_no.data = str(version.edit_no)
            form.expires_on.data = version.stated_expires_on
            form.review_every_months.data = version.item.review_every_months
        return form

    @classmethod
    def restored(cls, shelves: Iterable[Department], typed: Mapping[str, Any]) -> ItemForm:
        """The form filled with what was typed before."""
        kept = {name: value.replace("\x00", "") for name, value in typed.items() if isinstance(value, str)}
        return cls(shelves, formdata=MultiDict(kept))

    def text(self) -> ItemText:
        """What was typed."""
        return ItemText(
            kind=self.kind.data,
            title=self.title.data or "",
            body=self.body.data or "",
            issued_by=(self.issued_by.data or "").strip(),
            issued_on=self.issued_on.data,
            effective_on=self.effective_on.data,
            expires_on=self.expires_on.data,
            source=(self.source.data or "").strip(),
            document_no=(self.document_no.data or "").strip(),
            region=(self.region.data or "").strip(),
            audience=self.audience.data,
            public=bool(self.public.data),
            categories=_words(self.categories.data),
            tags=_words(self.tags.data),
            synonyms=tuple((self.synonyms.data or "").splitlines()),
            change_note=(self.change_note.data or "").strip(),
        )

    def review_months(self) -> int | None:
        """The review cycle, if one was typed."""
        months: int | None = self.review_every_months.data
        return months

    def seen_edit_no(self) -> int | None:
        """`edit_no`, if it is a number."""
        return whole_number(self.edit_no.data or "", longest=9)

    def tell(self, wrong: Invalid) -> None:
        """Show what a service found wrong beside the fields."""
        show_errors(self, wrong.fields, "title")


def _words(text: str | None) -> tuple[str, ...]:
    return tuple(word for word in _APART.split(text or "") if word)
