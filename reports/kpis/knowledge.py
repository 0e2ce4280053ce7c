"""Figures of the knowledge base (domain § 4, Monitored). A search is what a person meant, not each letter of it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.sql.elements import ColumnElement

from config.settings import settings
from knowledge_base.models import KnowledgeCorrection, KnowledgeUse, KnowledgeVersion, SearchLog
from knowledge_base.words import CorrectionState, UseKind
from reports.kpis.calls import count
from reports.kpis.definition import Better, Kpi, Unit, define
from reports.kpis.sources import (
    KNOWLEDGE_ANSWERED,
    KNOWLEDGE_CLICKS,
    KNOWLEDGE_PUBLIC_SEARCHES,
    KNOWLEDGE_PUBLISHED,
    KNOWLEDGE_REPORTED,
    KNOWLEDGE_SEARCHES,
    KNOWLEDGE_TASKS,
    KNOWLEDGE_TASKS_CLOSED,
    KNOWLEDGE_USES,
)

found_something = SearchLog.hits > 0
followed = exists(select(KnowledgeUse.id).where(KnowledgeUse.search_id == SearchLog.id))
_zone: ColumnElement[str] = bindparam("city_zone", callable_=lambda: settings().city_zone, unique=True)
in_time = func.date(func.timezone(_zone, KnowledgeCorrection.settled_at)) <= KnowledgeCorrection.due_on

define(
    Kpi(
        "kb_searches", _l("Searches"), _l("searches on the knowledge page and in the workbench"),
        _l("searches in the period"), Unit.COUNT, KNOWLEDGE_SEARCHES, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_no_result_rate", _l("Searches without result"), _l("searches that found nothing ÷ searches"),
        _l("searches in the period"), Unit.SHARE, KNOWLEDGE_SEARCHES, count(~found_something), func.count(),
        None, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_click_rate", _l("Searches that were followed"),
        _l("searches of which a hit was opened, quoted, copied or sent ÷ searches that found something"),
        _l("searches that found something"), Unit.SHARE, KNOWLEDGE_SEARCHES,
        count(found_something & followed), count(found_something), None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_public_searches", _l("Citizens' searches"), _l("searches on the public pages"),
        _l("citizens' searches in the period"), Unit.COUNT, KNOWLEDGE_PUBLIC_SEARCHES, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_public_no_result_rate", _l("Citizens' searches without result"),
        _l("searches on the public pages that found nothing ÷ searches on the public pages"),
        _l("citizens' searches in the period"), Unit.SHARE, KNOWLEDGE_PUBLIC_SEARCHES, count(~found_something),
        func.count(), None, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_clicks", _l("Hits followed"), _l("hits opened, quoted, copied or sent from a list of hits"),
        _l("hits followed in the period"), Unit.COUNT, KNOWLEDGE_CLICKS, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_first_hit_rate", _l("First hit followed"), _l("hits followed at rank 1 ÷ hits followed"),
        _l("hits followed in the period"), Unit.SHARE, KNOWLEDGE_CLICKS, count(KnowledgeUse.rank == 1), func.count(),
        None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_top_three_rate", _l("First three hits followed"), _l("hits followed at ranks 1 to 3 ÷ hits followed"),
        _l("hits followed in the period"), Unit.SHARE, KNOWLEDGE_CLICKS, count(KnowledgeUse.rank <= 3), func.count(),
        None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_uses", _l("Knowledge used"), _l("quoted in an answer, copied or sent; reading alone is no use"),
        _l("uses in the period"), Unit.COUNT, KNOWLEDGE_USES, count(KnowledgeUse.kind != UseKind.OPENED),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_links_sent", _l("Links sent"), _l("links to public pages sent to citizens by text message"),
        _l("uses in the period"), Unit.COUNT, KNOWLEDGE_USES, count(KnowledgeUse.kind == UseKind.SENT),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_scripts_used", _l("Scripts used"), _l("scripts put into an answer or copied"),
        _l("uses in the period"), Unit.COUNT, KNOWLEDGE_USES, count(KnowledgeUse.script_id.is_not(None)),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_published", _l("Texts published"), _l("versions published, new and revised"),
        _l("versions published in the period"), Unit.COUNT, KNOWLEDGE_PUBLISHED, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_new_items", _l("New items"), _l("first versions published"), _l("versions published in the period"),
        Unit.COUNT, KNOWLEDGE_PUBLISHED, count(KnowledgeVersion.number == 1),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_corrections", _l("Errors reported"), _l("reports of readers that something is wrong"),
        _l("reports in the period"), Unit.COUNT, KNOWLEDGE_REPORTED, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_corrections_in_time", _l("Reports answered in time"),
        _l("reports answered by their day ÷ reports answered"), _l("reports answered in the period"),
        Unit.SHARE, KNOWLEDGE_ANSWERED, count(in_time), func.count(), None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "kb_corrections_right", _l("Reports that were right"),
        _l("reports that led to a correction ÷ reports answered"), _l("reports answered in the period"), Unit.SHARE,
        KNOWLEDGE_ANSWERED, count(KnowledgeCorrection.state == CorrectionState.CORRECTED), func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_tasks_made", _l("Collection tasks made"), _l("questions given to departments to be answered"),
        _l("tasks made in the period"), Unit.COUNT, KNOWLEDGE_TASKS, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "kb_tasks_closed", _l("Collection tasks closed"), _l("tasks answered or dropped"),
        _l("tasks closed in the period"), Unit.COUNT, KNOWLEDGE_TASKS_CLOSED, func.count(),
    )
)  # fmt: skip
