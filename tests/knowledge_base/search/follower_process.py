"""A process of its own that follows the database and searches without end; a test kills it at any moment.

`python -m tests.knowledge_base.search.follower_process QUERY`, settings from the environment. Each line of its output
is the number of items it finds.
"""

from __future__ import annotations

import sys
import time

from config.extensions import db
from config.settings import get_settings
from knowledge_base.search import current_follower, search
from wsgi import create_app


def main(query: str) -> None:
    app = create_app(get_settings(), floors=("accounts", "knowledge_base"))
    while True:
        with app.app_context():
            current_follower().look_now()
            print(len(search(query, 100)), flush=True)
            db.session.remove()
        time.sleep(0.01)


if __name__ == "__main__":
    main(sys.argv[1])
