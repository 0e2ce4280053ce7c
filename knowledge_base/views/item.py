"""Reading an item."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Response, render_template, request, send_file
from flask_babel import gettext as _

from accounts.identity import current_person
from accounts.permissions import ensure, may, requires
from config import clock
from config.errors import NotFound
from config.extensions import db
from config.settings import settings
from config.storage import open_file
from knowledge_base import queries
from knowledge_base.choices import choices_for
from knowledge_base.models import KnowledgeAttachment, KnowledgeItem, KnowledgeVersion
from knowledge_base.passages import cut
from knowledge_base.search import Hit, SearchNotReady, search
from knowledge_base.search.highlight import mark_all, worth_marking
from knowledge_base.search.text import terms
from knowledge_base.services import record_use
from knowledge_base.views import blueprint
from knowledge_base.words import ItemState, UseKind, Validity
from knowledge_base.workflow import ItemAction

RELATED, NEAR_ENOUGH = 5, 0.22
"""Items named beside one, and the least score of them: of the best hit, which mostly is the item itself. Seen on the
demonstration's stock: below a fifth they share a word and no matter."""


@blueprint.get("/<int:item_id>")
@requires("knowledge:read")
def item_page(item_id: int) -> str:
    """The version in force today or on `?on=`, or the one asked for by `?version=`; `?q=` marks words."""
    person = current_person()
    item = queries.item(item_id)
    day = _day(request.args.get("on", "")) or clock.today()
    version = queries.version_for(person, item, request.args.get("version", type=int), day)
    search_id = request.args.get("search", type=int)
    if search_id:
        rank = request.args.get("rank", type=int)
        record_use(person, item, UseKind.OPENED, search_id=search_id, rank=rank)
    inside = may(person, "knowledge:read_unpublished", item)
    versions = [v for v in queries.versions_of(item) if inside or v.published_at]
    return render_template(
        "knowledge_base/item.html",
        item=item,
        version=version,
        day=day,
        validity=version.validity(day),
        passages=_passages(version, request.args.get("q", "")),
        versions=versions,
        choices=choices_for(person, item, versions, version.number),
        attachments=queries.attachments_of(version),
        history=_timeline(item) if inside else [],
        corrections=queries.open_corrections(item) if may(person, "knowledge:settle", item) else [],
        answered=queries.corrections_of(item) if may(person, "knowledge:settle", item) else [],
        rating=queries.rating_of(person, item),
        is_favourite=queries.is_favourite(person, item),
        related=_related(version),
        on_public_page=version.public and version.state is ItemState.PUBLISHED and _holds_today(version),
        public_address=f"{settings().public_base_url.rstrip('/')}/public/knowledge/{item.item_no}",
    )


@blueprint.get("/attachments/<int:attachment_id>")
@requires("knowledge:read")
def attachment(attachment_id: int) -> Response:
    """A file of a version this person may read."""
    found = db.session.get(KnowledgeAttachment, attachment_id)
    if found is None:
        raise NotFound(_("This file is not here."))
    if found.version.published_at is None:
        ensure(current_person(), "knowledge:read_unpublished", found.version.item)
    row, stream = open_file(found.file_id)
    return send_file(stream, mimetype=row.mime, download_name=row.filename, as_attachment=True)


def _related(version: KnowledgeVersion) -> list[Hit]:
    """What a search for its title finds besides itself, each item once; nothing while there is no index."""
    try:
        hits = search(version.title, 4 * RELATED)
    except SearchNotReady:
        return []
    found: dict[int, Hit] = {}
    for hit in hits:
        if hit.item_id != version.item_id and hit.score >= NEAR_ENOUGH * hits[0].score:
            found.setdefault(hit.item_id, hit)
    return list(found.values())[:RELATED]


def _holds_today(version: KnowledgeVersion) -> bool:
    return version.validity(clock.today()) is Validity.VALID


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _timeline(item: KnowledgeItem) -> list[dict[str, Any]]:
    """The history as the kit's timeline draws it."""
    actions: dict[str, Any] = {action.value: action for action in ItemAction}
    return [
        {
            "at": event.at,
            "who": event.person.name,
            "label": actions[event.action].label if event.action in actions else _("Drafted"),
            "text": event.reason,
            "hue": event.to_state.hue,
        }
        for event in queries.history_of(item)
    ]


def _passages(version: KnowledgeVersion, q: str) -> list[dict[str, Any]]:
    """What stands between two headings, in order, marked; a heading is shown where it is new."""
    kept = [(p.ordinal, p.heading, p.text) for p in queries.passages_of(version)]
    pieces = kept or [(n, p.heading, p.text) for n, p in enumerate(cut(version.body), start=1)]
    wanted, before, shown = worth_marking(terms(q[:200])), "", []
    for ordinal, heading, text in pieces:
        shown.append(
            {
                "ordinal": ordinal,
                "heading": heading if heading != before else "",
                "html": mark_all(text, wanted),
                "text": text,
            }
        )
        before = heading
    return shown
