"""Bring a locked call to rest: derive, decide, carry out, until nothing is left to decide."""

from __future__ import annotations

from collections.abc import Callable

from config import clock
from config.extensions import db
from config.together import together
from config.transaction import after_commit
from hotline.engine.decide import decide
from hotline.engine.derive import derive
from hotline.engine.snapshot import Snapshot
from hotline.models import CallCommand
from hotline.services import carry_out, orders, routing, telling
from hotline.services.turn import Turn, keep

MOST_ROUNDS = 12


def settle(
    snapshot: Snapshot,
    event_id: int | None = None,
    *,
    look_again: bool = True,
    before: Callable[[Turn], None] | None = None,
) -> list[CallCommand]:
    """Everything that follows from what is now known, in the caller's transaction. Returns the commands.

    `look_again`: after the commit, look whether an agent became idle while this call looked for one in vain. `before`
    may order something before anything is decided.
    """
    turn = Turn(snapshot, clock.now(), event_id, state_before=snapshot.call.state)
    with db.session.no_autoflush, together():
        keep(snapshot)
        derive(snapshot)
        if before is not None:
            before(turn)
        for _ in range(MOST_ROUNDS):
            decisions = decide(snapshot)
            if not decisions:
                break
            for decision in decisions:
                carry_out.carry_out(turn, decision)
            keep(snapshot)
            derive(snapshot)
        else:
            raise RuntimeError(f"call {snapshot.call.call_no} does not come to rest")
        telling.tell_of(turn)
        orders.dispatch(turn)
    if turn.somebody_idle or (look_again and snapshot.sought):
        after_commit(routing.serve_waiting)
    return turn.commands
