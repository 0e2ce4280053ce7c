"""Two versions of an item, side by side or in one."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import may, requires
from config.errors import NotFound
from knowledge_base import queries
from knowledge_base.comparing import compare
from knowledge_base.models import KnowledgeVersion
from knowledge_base.views import blueprint


@blueprint.get("/<int:item_id>/compare")
@requires("knowledge:read")
def compare_versions(item_id: int) -> str:
    """`?old=&new=` are numbers of versions; `?view=inline` reads down, `?all=1` shows what did not change too."""
    person, item = current_person(), queries.item(item_id)
    inside = may(person, "knowledge:read_unpublished", item)
    versions = [v for v in queries.versions_of(item) if inside or v.published_at]
    if not versions:
        raise NotFound(_("There is no such item."))
    numbers = [v.number for v in versions]
    newest = request.args.get("new", type=int)
    new_no = newest if newest in numbers else numbers[0]
    oldest = request.args.get("old", type=int)
    before = [n for n in numbers if n < new_no]
    old_no = oldest if oldest in numbers else (before[0] if before else numbers[-1])
    old = queries.version_for(person, item, old_no)
    new = queries.version_for(person, item, new_no)
    return render_template(
        "knowledge_base/compare.html",
        item=item,
        versions=versions,
        old=old,
        new=new,
        view="inline" if request.args.get("view") == "inline" else "side",
        everything=bool(request.args.get("all")),
        facts=_facts(old, new),
        lines=compare(old.body, new.body, changes_only=not request.args.get("all")),
    )


def _facts(old: KnowledgeVersion, new: KnowledgeVersion) -> list[tuple[str, Any, Any]]:
    """What stands beside the text and differs."""
    told = (
        (_("Title"), "title"),
        (_("Document number"), "document_no"),
        (_("Issued by"), "issued_by"),
        (_("Issued on"), "issued_on"),
        (_("Valid from"), "effective_on"),
        (_("Valid until"), "expires_on"),
        (_("Region"), "region"),
        (_("Source document"), "source"),
    )
    pairs = [(label, getattr(old, name), getattr(new, name)) for label, name in told]
    pairs += [
        (_("Kind"), old.kind.label, new.kind.label),
        (_("For whom"), old.audience.label, new.audience.label),
    ]
    pairs += [(_("Public page"), _("yes") if old.public else _("no"), _("yes") if new.public else _("no"))]
    pairs += [(_("Citizens also ask"), "，".join(old.synonyms), "，".join(new.synonyms))]
    return [
        (label, before or "", after or "")
        for label, before, after in pairs
        if (before or "") != (after or "")
    ]
