"""Telephones that ring: seats with simulated agents, seats where somebody real sits, numbers in the city."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hotline.telephony.contract import CommandMessage
from hotline.telephony.simulator import habits
from hotline.telephony.simulator.model import Call, Leg, Situation

if TYPE_CHECKING:
    from hotline.telephony.simulator.switch import Switch

RING_TIMEOUT = 15.0  # where the command names none


def ring(switch: Switch, command: CommandMessage) -> None:
    """Ring a seat or dial a number, under the leg's name the hotline chose.

    If everybody hung up while the order was on its way, the telephone stays silent and the hotline is told so.
    """
    finished = switch.is_finished(command.call)
    call = Call(command.call) if finished else switch.open_call(command.call)
    leg_id = command.leg or f"{call.id}-r{len(call.legs)}"
    if leg_id in call.legs:
        return
    if finished or leg_id in call.unwanted:
        switch.refuse_leg(Leg(leg_id, call, seat=command.seat, number=command.number), "call_over")
        return
    timeout = command.timeout or RING_TIMEOUT
    if command.seat is None:
        dial(switch, call, leg_id, command.number or "", timeout, command.role or "")
        return
    leg = Leg(leg_id, call, seat=command.seat)
    if switch.is_busy(leg):
        switch.refuse_leg(leg, "busy")
        return
    switch.add_leg(leg)
    switch.report(leg, "leg.ringing")
    ringing = _at_a_simulated_seat if switch.is_simulated(command.seat) else _at_a_real_seat
    switch.start(ringing(switch, leg, timeout))


def dial(switch: Switch, call: Call, leg_id: str, number: str, timeout: float, role: str = "") -> None:
    """Ring somebody outside, who is as likely to be at home as anybody."""
    person = habits.draw_citizen(switch.chance, number, switch.habits)
    leg = switch.add_leg(Leg(leg_id, call, number=number, role=role, citizen=person))
    switch.report(leg, "leg.ringing")
    answer = habits.draw_called_answer(switch.chance, switch.habits)
    switch.start(_pick_up(switch, leg, answer, timeout))
    switch.watch(leg)


async def _at_a_simulated_seat(switch: Switch, leg: Leg, timeout: float) -> None:
    answer = habits.draw_seat_answer(switch.chance, switch.habits)
    await _pick_up(switch, leg, answer, timeout)


async def _at_a_real_seat(switch: Switch, leg: Leg, timeout: float) -> None:
    """Rings until the person answers in the workbench: their time does not run faster."""
    await asyncio.sleep(timeout)
    _give_up(switch, leg)


async def _pick_up(switch: Switch, leg: Leg, answer: habits.Answering, timeout: float) -> None:
    if answer.picks_up and answer.after < timeout:
        await switch.pace.sleep(answer.after)
        switch.answer_leg(leg)
    else:
        await switch.pace.sleep(timeout)
        _give_up(switch, leg)


def _give_up(switch: Switch, leg: Leg) -> None:
    if leg.situation is Situation.RINGING:
        switch.end_leg(leg, cause="no_answer", by="switch")
