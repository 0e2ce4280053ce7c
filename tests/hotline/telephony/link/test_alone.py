"""One place, and who stands by for it."""

from __future__ import annotations

import asyncio
from contextlib import suppress

import psycopg

from hotline.telephony.link.alone import Alone

PLACE = 77


def url(app) -> str:
    return app.config["SETTINGS"].database_url


def links(app) -> int:
    """How many connections hold the place or wait for it."""
    plain = url(app).replace("+psycopg", "")
    with psycopg.connect(plain) as link:
        return link.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_try_advisory_lock%'"
            " AND datname = current_database()"
        ).fetchone()[0]


def test_the_next_has_the_place_when_the_first_leaves(app):
    async def scene() -> None:
        async with Alone(url(app), PLACE):
            waiting = asyncio.create_task(Alone(url(app), PLACE).__aenter__())
            await asyncio.wait({waiting}, timeout=1.5)
            assert not waiting.done()
        second = await asyncio.wait_for(waiting, 10)
        await second.__aexit__()

    asyncio.run(scene())


def test_who_is_stopped_at_whatever_moment_leaves_no_link_behind(app):
    async def scene() -> None:
        for pause in (0, 0.001, 0.003, 0.01, 0.02, 0.05):
            one = asyncio.create_task(Alone(url(app), PLACE).__aenter__())
            await asyncio.sleep(pause)
            one.cancel()
            with suppress(asyncio.CancelledError):
                await (await one).__aexit__()

    asyncio.run(scene())
    assert links(app) == 0
