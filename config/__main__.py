"""`python -m config worker`, `python -m config clock`: the programs that serve and are no web server.

`flask worker` does the same, and with it the command line loads what every command of every extension needs.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from importlib import import_module

from sqlalchemy.exc import SQLAlchemyError

from config import clockwork, garbage, key_mark, precedence
from config.settings import get_settings

WAITS = {"clock": 0.0, "worker": 5.0}
"""Seconds more, if the web had to be waited for: nobody waits for a worker's job in seconds."""


def main(program: str = "") -> None:
    if program not in WAITS:
        sys.exit("python -m config worker | clock")
    found = get_settings()
    precedence.after_the_web(found.host, found.port, WAITS[program])
    with garbage.starting():
        if (
            program == "worker"
        ):  # an export of a year takes longer than a page may; its job has a limit of its own
            found = found.model_copy(update={"statement_timeout_ms": 0})
        app = import_module("wsgi").create_app(found)  # the floor above all others
    with app.app_context(), suppress(SQLAlchemyError):  # away, or not migrated yet: `/readyz` looks again
        try:
            key_mark.held()
        except RuntimeError as error:
            sys.exit(str(error))
    if program == "clock":
        clockwork.run(app)
        return
    with app.app_context():
        clockwork.work()


if __name__ == "__main__":
    main(*sys.argv[1:])
