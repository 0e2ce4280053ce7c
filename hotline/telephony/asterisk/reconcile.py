"""After a start of ours or of the switch: compare what Asterisk has with what we and the hotline believe.

Channels that carry the name of a call are adopted, and the hotline is told which legs each call has: it tells again
what may not have been done, and takes the legs for ended that are not here. Recordings that ended while nobody listened
are reported now.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

import structlog

from config import clock
from hotline.telephony.asterisk import news
from hotline.telephony.asterisk.ari import Refused
from hotline.telephony.asterisk.model import Call
from hotline.telephony.asterisk.switch import Switch
from hotline.telephony.callers import NUMBER, number_of
from hotline.telephony.contract import FALLBACK
from hotline.telephony.link.journal import AFTER_EVERYTHING

log = structlog.get_logger(__name__)
News = list[tuple[str, dict[str, Any]]]
"""Events' types and facts."""
NEWS_TO_THEM: dict[str, Any] = {"legs": {}, "fresh": True}


LiveCalls = Callable[[datetime], Awaitable[list[dict[str, Any]]]]
"""`live_calls(at)`: the calls the hotline believes alive, as `{call, legs: {leg: was it answered?}, fresh}`, once it
answers."""


async def reconcile(switch: Switch, live_calls: LiveCalls) -> None:
    """Know the calls; what the hotline must be told of them is told beside, for it may be away."""
    at = clock.now()
    since = str((await switch.ari.get("/asterisk/info", only="status"))["status"]["startup_time"])
    channels = {channel["id"]: channel for channel in await switch.ari.get("/channels")}
    rooms = {bridge["id"]: bridge for bridge in await switch.ari.get("/bridges")}
    lost = [leg for leg in switch.legs.values() if leg.key not in channels]
    for leg in lost:
        switch.ended(leg, cause="lost", by="switch")
    news_of = {}
    for leg in switch.legs.values():
        if channels[leg.key]["state"] == "Up":
            switch.answered(leg)  # which was perhaps told while we did not listen
    for channel in channels.values():
        if (told := await _adopt(switch, channel, rooms)) is not None:
            news_of[channel["id"]] = told
    for name in await switch.tapes.untold():
        await _look_after_tape(switch, name)
    facts = {"since": datetime.fromisoformat(since), "at": at}
    switch.start(_own_up(switch, live_calls, list(switch.calls.values()), news_of, facts))
    for endpoint in await switch.ari.get("/endpoints/PJSIP"):
        news.tell_seat(switch, endpoint)
    log.info("reconciled", channels=len(channels), adopted=len(news_of), lost=len(lost))


async def _own_up(
    switch: Switch, live_calls: LiveCalls, here: list[Call], news_of: dict[str, News], facts: dict[str, Any]
) -> None:
    """Tell what the hotline cannot know, which is nothing of most calls. Of those it believes alive, and of which
    nothing was here at that moment, it is told so."""
    believed = {call["call"]: call for call in await live_calls(facts["at"])}
    counts, waited = {"here": len(here), "believed": len(believed), "told": 0}, clock.now() - facts["at"]
    for call in here:
        known = believed.pop(call.id, NEWS_TO_THEM)
        legs = [leg.key for leg in call.live_legs]
        told = [(key, *one) for key in legs for one in news_of.get(key, ()) if _is_news(key, one[0], known)]
        if told or known["fresh"] or set(legs) != set(known["legs"]):
            for key, kind, about in told:
                switch.report(call, kind, leg=key, **about)
            switch.report(call, "call.adopted", legs=legs, **facts)
            counts["told"] += 1
    for call_id in believed:
        switch.report(Call(call_id, seq=AFTER_EVERYTHING), "call.adopted", legs=[], **facts)
    log.info("owned_up", **counts, gone=len(believed), waited=round(waited.total_seconds(), 1))


def _is_news(leg: str, kind: str, known: dict[str, Any]) -> bool:
    return not known["legs"].get(leg) if kind == "leg.answered" else leg not in known["legs"]


async def _adopt(switch: Switch, channel: dict[str, Any], rooms: dict[str, Any]) -> News | None:
    """Take over a leg that an agent before this one made. What is to be told of it, unless it is known; None if it was
    no news."""
    known = channel.get("channelvars") or {}
    call_id = known.get("HOTLINE_CALL")
    if not call_id or channel["id"] in switch.legs or channel["id"].startswith("ear-"):
        return None
    dialplan, told = channel.get("dialplan") or {}, []
    first = channel["id"] == call_id
    number = known.get("HOTLINE_NUMBER") or None
    if first:
        number = number_of((channel.get("caller") or {}).get("number"))
        dialled = str(dialplan.get("exten") or "")
        facts: dict[str, Any] = {"from": number, "to": dialled if NUMBER.fullmatch(dialled) else None}
        if (
            dialplan.get("app_name", "Stasis") != "Stasis"
        ):  # the dialplan has them: they wait for us, or heard why not
            if dialplan.get("context") == news.APOLOGY["context"]:
                _say_that_they_were_sent_on(switch, call_id, facts)
            return None
        told.append(("call.incoming", facts))
    elif channel["state"] == "Down":
        # Made, but nobody knows whether it was dialled: it would never ring. The hotline hears that it is not here.
        await switch.ari.delete(f"/channels/{channel['id']}")
        return None
    call = switch.open_call(call_id)
    seat, role = known.get("HOTLINE_SEAT") or None, known.get("HOTLINE_ROLE") or ""
    leg = switch.add_leg(call, channel["id"], seat=seat, number=number, role=role)
    call.room_made = call.room in rooms
    leg.booth_made = leg.booth in rooms
    if leg.booth_made:
        leg.ear = next((key for key in rooms[leg.booth]["channels"] if key.startswith("ear-")), None)
    leg.in_room = call.room_made and channel["id"] in rooms[call.room]["channels"]
    if channel["state"] == "Up":
        leg.answered = True
        told.append(("leg.answered", {}))
        alone = first and not leg.in_room
        leg.held = alone and call.room_made
        if alone and not leg.held:
            leg.waiting_since = (
                asyncio.get_running_loop().time()
            )  # so that their music stops when they are put through
    elif channel["state"] == "Ringing" and not first:
        leg.rang = True
        told.append(("leg.ringing", {}))
    elif first:
        switch.start(news.apologise_unless_answered(switch, leg))
    return told


def _say_that_they_were_sent_on(switch: Switch, call_id: str, facts: dict[str, Any]) -> None:
    """Nobody of ours was there when they called; they are counted all the same."""
    away = Call(call_id, seq=news.AFTER_THE_CALL)
    # The end first: a caller who seems to be there would be given an agent.
    switch.report(away, "leg.ended", leg=call_id, cause=FALLBACK, by="switch")
    switch.report(away, "call.incoming", leg=call_id, **facts)


async def _look_after_tape(switch: Switch, name: str) -> None:
    """A recording begun before: still running, or to be told of now."""
    call_id = news.call_of_tape(name)
    call = switch.calls.get(call_id)
    try:
        running = await switch.ari.get(f"/recordings/live/{name}")
    except Refused:
        known = call or Call(call_id, seq=news.AFTER_THE_CALL)
        switch.start(news.tell_recording(switch, known, name, None))
        return
    if call is not None and not news.leg_of_message(name):
        call.tape, call.tape_paused = name, running.get("state") == "paused"
