"""What the database knows of its tables, and plans statements by."""

from __future__ import annotations

from sqlalchemy import text

from config.extensions import db
from config.model import Model


def gather_statistics(*models: type[Model]) -> None:
    """Have the database look at the tables of `models` now.

    After many rows at once: it does so by itself, but up to a minute later, and until then takes a table for as small
    as it was. In a transaction of its own, so it sees what is committed. Where the tables are another role's it warns
    in its log and does nothing.
    """
    tables = ", ".join(model.__tablename__ for model in models)
    with db.engine.engine.connect() as link:  # in a test, `engine` is the test's connection
        link.execution_options(isolation_level="AUTOCOMMIT")
        link.execute(text(f"ANALYZE {tables}"))
