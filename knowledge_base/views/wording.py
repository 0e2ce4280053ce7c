"""The search dictionary: words that mean the same, kept by editors."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import requires
from config.errors import Invalid
from config.paging import page
from knowledge_base import queries
from knowledge_base.models import WordGroup
from knowledge_base.search import meaning
from knowledge_base.search.dictionary import current_thesaurus
from knowledge_base.search.engines import missing
from knowledge_base.search.text import fold
from knowledge_base.search.thesaurus import Group, base_groups
from knowledge_base.services import drop_words, write_words
from knowledge_base.views import blueprint

ROWS = 50


@blueprint.get("/words")
@requires("knowledge:wording")
def words() -> str:
    """The city's own groups; `?q=` those with a word, and what search makes of it."""
    return _page()


@blueprint.post("/words")
@requires("knowledge:wording")
def add_words() -> Any:
    """Add a group."""
    try:
        group = write_words(current_person(), request.form.get("words", ""))
    except Invalid as wrong:
        return _page(wrong=str(wrong.fields["words"]), typed=request.form.get("words", "")), 422
    flash(_("%(words)s: search knows it at once.", words=_spelled(group)), "good")
    return redirect(url_for(".words"))


@blueprint.post("/words/<int:group_id>")
@requires("knowledge:wording")
def change_words(group_id: int) -> Any:
    """Change a group."""
    try:
        group = write_words(current_person(), request.form.get("words", ""), group_id)
    except Invalid as wrong:
        flash(str(wrong.fields["words"]), "late")
    else:
        flash(_("%(words)s: search knows it at once.", words=_spelled(group)), "good")
    return redirect(url_for(".words"))


@blueprint.post("/words/<int:group_id>/drop")
@requires("knowledge:wording")
def remove_words(group_id: int) -> Any:
    """Take a group out of use."""
    group = drop_words(current_person(), group_id)
    flash(_("%(words)s: no longer used.", words=_spelled(group)), "good")
    return redirect(url_for(".words"))


def _spelled(group: WordGroup) -> str:
    return str(Group(tuple(group.words), group.leads))


def _page(wrong: str = "", typed: str = "") -> str:
    q = request.args.get("q", "").strip()[:40]
    rows = page(
        queries.word_groups(q), keys=[WordGroup.id.desc()], cursor=request.args.get("cursor"), limit=ROWS
    )
    shipped = [group for group in base_groups() if not q or any(q in word for word in group.words)]
    return render_template(
        "knowledge_base/words.html",
        q=q,
        rows=rows,
        shipped=shipped[:200],
        shipped_count=len(shipped),
        spelled=_spelled,
        meaning=current_thesaurus().meaning(fold(q)) if q else {},
        wrong=wrong,
        typed=typed,
        to_install=missing("tantivy"),
        to_turn_on=meaning.missing(),
    )
