"""Workers that are replaced when they die, as the supervisor does it, but with the app loaded once.

`python -m tests.knowledge_base.importing.worker_process`, settings from the environment. Each line of its output is the
number of the worker process that runs from now on.
"""

from __future__ import annotations

import os

from config import clockwork
from config.settings import get_settings
from wsgi import create_app


def main() -> None:
    app = create_app(get_settings(), floors=("accounts", "knowledge_base"))
    while True:
        worker = os.fork()
        if not worker:
            with app.app_context():
                clockwork.work()
            os._exit(0)
        print(worker, flush=True)
        os.waitpid(worker, 0)


if __name__ == "__main__":
    main()
