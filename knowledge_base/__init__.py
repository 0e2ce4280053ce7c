"""Floor 2: policies, guides and scripts, and finding them while the citizen is still speaking (资料库)."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from config.navigation import add_page
    from config.web import add_readiness_check
    from knowledge_base import jobs, models, permissions, search, verbs, views  # noqa: F401 - tables, verbs, periodic jobs
    from knowledge_base.cli import kb
    from knowledge_base.views import public_pages
    from knowledge_base.views.counters import (
        corrections_late,
        tasks_late,
        waiting_for_an_editor,
        waiting_for_review,
    )

    permissions.register()
    app.extensions.setdefault("page_styles", []).append("/knowledge/assets/knowledge.css")
    search.init_app(app)
    app.register_blueprint(views.blueprint)
    app.register_blueprint(public_pages.blueprint)
    app.cli.add_command(kb)
    add_readiness_check("search index", search.check)
    add_page("knowledge_base.search_page", _l("Knowledge"), "knowledge:read", 10, "knowledge")
    add_page("knowledge_base.directory", _l("Directory"), "knowledge:read", 15, "knowledge")
    add_page("knowledge_base.scripts", _l("Scripts"), "knowledge:scripts", 38, "knowledge")
    add_page("knowledge_base.shelf", _l("My shelf"), "knowledge:shelf", 20, "knowledge")
    add_page("knowledge_base.imports", _l("Import"), "knowledge:import", 22, "knowledge")
    add_page(
        "knowledge_base.submissions",
        _l("Submissions"),
        "knowledge:submissions",
        24,
        "knowledge",
        counter=waiting_for_an_editor,
    )
    add_page(
        "knowledge_base.corrections",
        _l("Corrections"),
        "knowledge:shelf",
        26,
        "knowledge",
        counter=corrections_late,
    )
    add_page(
        "knowledge_base.tasks", _l("Collection tasks"), "knowledge:tasks", 28, "knowledge", counter=tasks_late
    )
    add_page(
        "knowledge_base.review_queue",
        _l("Knowledge review"),
        "knowledge:approve",
        30,
        "knowledge",
        counter=waiting_for_review,
    )
    add_page("knowledge_base.words", _l("Search dictionary"), "knowledge:wording", 40, "knowledge")
