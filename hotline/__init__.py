"""Floor 2: calls, agents' states, queues, switch adapters (呼叫处理子系统)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the switch agent, which begins anew in the middle of calls, has no use for it
    from flask import Flask


def init_app(app: Flask) -> None:
    """Wire this floor."""
    from config.web import add_measure, add_readiness_check
    from hotline import measures, models, permissions, verbs, views  # noqa: F401 - tables and verbs
    from hotline.queries import lines_down
    from hotline.services import breaks, keeping, missed, timers, upkeep, waiting  # noqa: F401 - handlers
    from hotline.telephony import register

    permissions.register()
    views.init_app(app)
    register(app)
    add_readiness_check("lines", lines_down)
    add_measure("calls", measures.calls)
    add_measure("switches", measures.switches)
    add_measure("recordings", measures.recordings)
