"""Another machine's process: an index in a folder of its own, and the moment at which each publication is found in it.

`python -m bench.second_reader`, settings from the environment. A line of its input is `ITEM WORD`; for each it searches
for the word, as people do, until the item is among the hits, and writes the system's monotonic seconds of that moment.
"""

from __future__ import annotations

import sys
import time

from config.extensions import db
from config.settings import get_settings
from knowledge_base.search import SearchNotReady, search
from wsgi import create_app

PAUSE = 0.02


def main() -> None:
    app = create_app(get_settings(), floors=("accounts", "knowledge_base"))
    for line in sys.stdin:
        item, word = line.split()
        while True:
            with app.app_context():
                try:
                    found = any(hit.item_id == int(item) for hit in search(word, 6))
                except SearchNotReady:
                    found = False
                moment = time.monotonic()
                db.session.remove()
            if found:
                print(moment, flush=True)
                break
            time.sleep(PAUSE)


if __name__ == "__main__":
    main()
