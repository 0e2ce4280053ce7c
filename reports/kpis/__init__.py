"""Every figure has one definition, here (domain § 5). Boards, reports, exports and the API read it."""

from reports.kpis.compute import Figure, Period, Scope, compute, compute_all, compute_by, compute_of
from reports.kpis.definition import KPIS, Better, Kpi, Unit

__all__ = [
    "KPIS",
    "Better",
    "Figure",
    "Kpi",
    "Period",
    "Scope",
    "Unit",
    "compute",
    "compute_all",
    "compute_by",
    "compute_of",
]
