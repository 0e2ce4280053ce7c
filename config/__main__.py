"""`python -m config worker`, `python -m config clock`: the programs that serve and are no web server.

`flask worker` does the same, and with it the command line loads what every command of every extension needs.
"""

from __future__ import annotations

import sys
from importlib import import_module

from config import clockwork


def main(program: str = "") -> None:
    if program not in ("clock", "worker"):
        sys.exit("python -m config worker | clock")
    app = import_module("wsgi").create_app()  # the floor above all others
    if program == "clock":
        clockwork.run(app)
        return
    with app.app_context():
        clockwork.work()


if __name__ == "__main__":
    main(*sys.argv[1:])
