"""The carrier's end of the trunk does not answer any more: whose voice has stopped as well is gone. The switch alone
would keep such a line for a minute, an agent with it, and who waits on a dead line would be offered to the next.

Either sign alone ends nothing: carriers whose signalling is away for a moment carry voices on, and people are silent.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import structlog

from hotline.telephony.asterisk.ari import Away, Refused

if TYPE_CHECKING:
    from hotline.telephony.asterisk.model import Leg
    from hotline.telephony.asterisk.switch import Switch

log = structlog.get_logger(__name__)

LISTENS_FOR = 10.0
"""Seconds in which a telephone sends hundreds of packets, and one that saves them in silence some."""
GONE = "gone"


async def end_dead_lines(switch: Switch) -> None:
    """While the trunk is away: again and again, those of its lines from which nothing has come."""
    heard = await _heard(switch)
    while switch.trunk_is_away:
        await asyncio.sleep(LISTENS_FOR)
        before, heard = heard, await _heard(switch)
        if not switch.trunk_is_away:
            return
        dead = [leg for leg, packets in heard.items() if before.get(leg) == packets and not leg.ended]
        if dead:
            log.error("dead_lines_ended", lines=len(dead), silent_for=LISTENS_FOR)
        for leg in dead:
            switch.counts["dead_lines"] += 1
            switch.ended(leg, cause=GONE, by="switch")
            switch.start(_put_down(switch, leg))


async def _heard(switch: Switch) -> dict[Leg, int]:
    """How many packets have come from each who is on the line through the trunk."""
    lines = [leg for leg in switch.legs.values() if leg.seat is None and leg.answered]
    counts = await asyncio.gather(*(_packets(switch, leg) for leg in lines))
    return {leg: count for leg, count in zip(lines, counts, strict=True) if count is not None}


async def _packets(switch: Switch, leg: Leg) -> int | None:
    """None if Asterisk cannot tell."""
    try:
        return int((await switch.ari.get(f"/channels/{leg.key}/rtp_statistics"))["rxcount"])
    except (Refused, Away, KeyError) as error:
        log.info("line_not_listened_to", leg=leg.key, error=str(error))
        return None


async def _put_down(switch: Switch, leg: Leg) -> None:
    try:
        await switch.ari.delete(f"/channels/{leg.key}")
    except (Refused, Away) as error:
        log.warning("dead_line_not_put_down", leg=leg.key, error=str(error))
