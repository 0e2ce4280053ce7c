"""Floor 4: figures and boards (管理监督子系统)."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from config.navigation import add_page
    from dispatch.api import register
    from reports import board, permissions, queues_today, views  # noqa: F401 - timer and permissions
    from reports.views.api import api

    app.register_blueprint(views.blueprint)
    register(app, api)
    add_page("reports.board", _l("Board"), "board:view", 10, group="boards")
    add_page("reports.kpis", _l("KPIs"), "kpi:view", 20, group="boards")
    add_page("reports.knowledge_monitor", _l("Knowledge monitor"), "monitor:knowledge", 70, group="boards")
    add_page("reports.call_statistics", _l("Call statistics"), "statistics:calls", 65, group="boards")
