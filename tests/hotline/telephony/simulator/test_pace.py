import asyncio

import pytest

from hotline.telephony.link.tasks import end
from hotline.telephony.simulator.pace import Pace
from tests.hotline.telephony.simulator.virtual_time import live, moment


def test_at_speed_ten_a_minute_takes_six_seconds() -> None:
    async def scene() -> tuple[float, float]:
        pace, loop = Pace(10, now=moment), asyncio.get_running_loop()
        mark = pace.mark()
        await pace.sleep(60)
        return loop.time(), pace.elapsed(mark)

    assert live(scene()) == (pytest.approx(6), pytest.approx(60))


def test_time_does_not_stand_still_or_run_backwards() -> None:
    with pytest.raises(ValueError, match="speed"):
        Pace(0)


def test_a_task_that_swallows_a_cancellation_is_ended_all_the_same() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            await asyncio.sleep(3600)

    async def scene() -> bool:
        task = asyncio.create_task(stubborn())
        await asyncio.sleep(1)
        await end([task])
        return task.cancelled()

    assert live(scene())
