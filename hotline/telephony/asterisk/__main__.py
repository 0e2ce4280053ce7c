"""`python -m hotline.telephony.asterisk`: the agent and nothing else of the hotline, so that it is back sooner when it
was killed. As `./manage switch run`, with `DATABASE_URL` and `REDIS_URL` in the environment."""

from __future__ import annotations

import sys

from config import logging
from config.settings import get_settings
from hotline.telephony.asterisk.serving import serve


def main() -> int:
    found = get_settings()
    if not found.database_url or not found.redis_url:
        print("DATABASE_URL and REDIS_URL say where the hotline keeps its memory", file=sys.stderr)
        return 2
    logging.configure(found)
    serve(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
