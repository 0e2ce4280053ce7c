"""Public pages: what the city tells everybody, without sign-in, cookies or scripts.

An item's address is its number and nothing else: it stays when the title changes, and is short enough for a text
message. A page depends on its address alone, so that shared caches may keep it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, send_file, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from accounts.forms.choices import one_of
from accounts.identity import current_person
from accounts.permissions import ensure, public, requires
from config import clock
from config.errors import NotFound
from config.extensions import limiter
from config.paging import page
from config.settings import settings
from config.storage import open_file
from config.web.requests import LANGUAGES
from knowledge_base import queries
from knowledge_base.models import KnowledgeVersion
from knowledge_base.passages import cut
from knowledge_base.queries import public as shown
from knowledge_base.search import Filters, ask
from knowledge_base.services import record_public_search
from knowledge_base.views import blueprint as console
from knowledge_base.words import ItemKind

blueprint = Blueprint("knowledge_public", __name__, template_folder="../templates")

HITS, ROWS, FEED = 20, 30, 50
PART = 10_000
"""Addresses in one part of the sitemap; the protocol allows 50,000."""
FRESH = 300
"""Seconds that caches may keep a page: as long may something wrong be read after it was taken back."""
READING, SEARCHING = "240/minute", "40/minute"
KINDS = tuple(kind for kind in ItemKind if kind is not ItemKind.SCRIPT)


def open_page(view: Callable[..., Any]) -> Callable[..., Any]:
    """The page in the city's language or `?lang=`, with what caches need. It reads no session: all see the same."""

    @wraps(view)
    def opened(*args: Any, **kwargs: Any) -> Response:
        with force_locale(_language()):
            response = make_response(view(*args, **kwargs))
        response.headers["Cache-Control"] = f"public, max-age={FRESH}"
        if response.status_code == 200 and not response.direct_passthrough:
            response.add_etag()
            response.make_conditional(request)
        return response

    return public(opened)


@blueprint.get("/public/knowledge")
@open_page
@limiter.limit(SEARCHING, exempt_when=lambda: not request.args.get("q"))
@limiter.limit(READING)
def index() -> str:
    """`?kind=&department=&cursor=` to browse, `?q=` to search."""
    kind = one_of(ItemKind, request.args.get("kind"))
    kinds = frozenset({kind}) if kind in KINDS else frozenset()
    offices = shown.public_departments()
    office = next((one for one in offices if one.code == request.args.get("department")), None)
    departments = queries.under([office.code]) if office else frozenset()
    q = request.args.get("q", "").replace("\x00", "").strip()[:100]
    facts: dict[str, Any] = {"q": q, "kind": kind, "office": office, "offices": offices, "kinds": KINDS}
    if q:
        filters = Filters(clock.today(), frozenset(kinds), departments, public=True)
        hits = ask(q, HITS, filters).hits
        record_public_search(q, len(hits))
        return _page("index", **facts, hits=hits)
    rows = page(
        shown.public_list(kinds, departments),
        [KnowledgeVersion.published_at.desc(), KnowledgeVersion.id.desc()],
        request.args.get("cursor"),
        ROWS,
    )
    return _page("index", **facts, rows=rows)


@blueprint.get("/public/knowledge/<item_no>")
@open_page
@limiter.limit(READING)
def item(item_no: str) -> Any:
    """The text that holds today. One that was there once says so; there never was any: not found."""
    version = shown.public_version(_number(item_no))
    if version is None:
        return _gone(item_no, None)
    return _text(version)


@blueprint.get("/public/knowledge/<item_no>/<int(max=2147483647):number>")
@open_page
@limiter.limit(READING)
def version(item_no: str, number: int) -> Any:
    """One version, for links that mean exactly this text: it, if it holds today, or where to go on."""
    found = shown.public_version(_number(item_no))
    if found is not None and found.number == number:
        return _text(found)
    return _gone(item_no, number)


@blueprint.get("/public/knowledge/<item_no>/files/<int:attachment_id>")
@open_page
@limiter.limit(READING)
def attachment(item_no: str, attachment_id: int) -> Response:
    """A file that belongs to the text."""
    found = shown.public_attachment(_number(item_no), attachment_id)
    if found is None:
        raise NotFound(_("This file is not here."))
    row, stream = open_file(found.file_id)
    return send_file(
        stream, mimetype=row.mime, download_name=row.filename, as_attachment=True, etag=row.sha256
    )


@blueprint.get("/public/knowledge/feed.atom")
@open_page
@limiter.limit(READING)
def feed() -> Response:
    """What came onto the pages last, as Atom; `?kind=&department=` narrow it."""
    kind = one_of(ItemKind, request.args.get("kind"))
    code = request.args.get("department", "").replace("\x00", "")
    newest = shown.newest_public([kind] if kind else (), queries.under([code]) if code else (), FEED)
    updated = max(
        (since for _one, since in newest), default=datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    )
    text = render_template(
        "knowledge_base/public/feed.xml",
        rows=newest,
        updated=updated,
        kind=kind,
        **_frame(),
        canonical=_here(),
    )
    return Response(text, mimetype="application/atom+xml")


@blueprint.get("/public/knowledge/sitemap.xml")
@open_page
@limiter.limit(READING)
def sitemap() -> Response:
    """The parts of the sitemap."""
    parts = [address("knowledge_public.sitemap_part", after=after) for after in shown.public_parts(PART)]
    return Response(
        render_template("knowledge_base/public/sitemap.xml", parts=parts), mimetype="application/xml"
    )


@blueprint.get("/public/knowledge/sitemap-<int:after>.xml")
@open_page
@limiter.limit(READING)
def sitemap_part(after: int) -> Response:
    """Addresses of the items after the one with this key."""
    rows = [
        (address("knowledge_public.item", item_no=row.item_no), clock.local(row.since).date())
        for row in shown.public_addresses(after, PART)
    ]
    text = render_template("knowledge_base/public/sitemap_part.xml", rows=rows)
    return Response(text, mimetype="application/xml")


@blueprint.get("/robots.txt")
@open_page
@limiter.limit(READING)
def robots() -> Response:
    """Machines read the public pages and nothing else."""
    lines = (
        "User-agent: *",
        "Allow: /public/",
        "Allow: /knowledge/assets/",
        "Disallow: /",
        f"Sitemap: {address('knowledge_public.sitemap')}",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@console.get("/<int:item_id>/public")
@requires("knowledge:read")
def public_preview(item_id: int) -> str:
    """How `?version=` would look to everybody; for who may read it before."""
    person, found = current_person(), queries.item(item_id)
    ensure(person, "knowledge:read_unpublished", found)
    return _text(queries.version_for(person, found, request.args.get("version", type=int)), preview=True)


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a public page, as others reach it."""
    return settings().public_base_url.rstrip("/") + url_for(endpoint, **values)


def _here() -> str:
    """This page's address without what makes no other page of it: unknown arguments, empty ones, the language."""
    kept = {
        name: request.args[name] for name in ("kind", "department", "cursor", "q") if request.args.get(name)
    }
    return settings().public_base_url.rstrip("/") + request.path + (f"?{urlencode(kept)}" if kept else "")


def _language() -> str:
    asked = request.args.get("lang", "")
    return asked if asked in LANGUAGES else settings().default_language


def _number(item_no: str) -> str:
    return item_no.replace("\x00", "")[:16].upper()


def _frame() -> dict[str, Any]:
    language = _language()
    return {
        "city": settings().city_name or _("Citizens' hotline"),
        "lang": language,
        "public_page": address,
        "html_lang": "zh-CN" if language == "zh" else language,
        "other_lang": next(one for one in LANGUAGES if one != language),
        "kept_lang": language if language != settings().default_language else None,
    }


def _page(name: str, **facts: Any) -> str:
    return render_template(
        f"knowledge_base/public/{name}.html", **{"canonical": _here(), **_frame(), **facts}
    )


def _text(version: KnowledgeVersion, preview: bool = False) -> str:
    kept = [(p.heading, p.text) for p in queries.passages_of(version)]
    return _page(
        "item",
        version=version,
        office=version.item.department,
        passages=_with_headings(kept or [(p.heading, p.text) for p in cut(version.body)]),
        attachments=queries.attachments_of(version),
        preview=preview,
        canonical=address("knowledge_public.item", item_no=version.item.item_no),
    )


def _gone(item_no: str, number: int | None) -> tuple[str, int]:
    """404, or 410 for what stood here once, with the way to what holds now. Its text is not shown."""
    no = _number(item_no)
    old = shown.once_public(no, number)
    if old is None:
        return _page("missing"), 404
    return _page("gone", version=old, now=shown.public_version(no)), 410


def _with_headings(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """A heading is shown where it is new."""
    before, told = "", []
    for heading, text in pieces:
        told.append((heading if heading != before else "", text))
        before = heading
    return told
