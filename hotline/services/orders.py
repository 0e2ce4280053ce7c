"""Commands to the switch: made in the transaction, sent after it, sent again until acknowledged."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from redis.exceptions import RedisError
from sqlalchemy import ARRAY, CTE, bindparam, cast, func, insert, select, update

from config import clock
from config.extensions import db, redis_client
from config.ids import new_id
from config.redis import Hangs
from config.timers import set_timer, timer_handler
from config.together import later, parameter_for
from config.transaction import after_commit, transactional
from hotline.models import Call, CallCommand
from hotline.services.turn import Turn
from hotline.telephony.contract import CommandMessage, CommandType
from hotline.telephony.streams import commands_of

log = structlog.get_logger(__name__)

PUSH_AGAIN_AFTER = timedelta(seconds=2)
GIVE_UP_AFTER = timedelta(minutes=10)  # by then the call is long lost, and reconciliation has it
STREAM_LENGTH = 20_000
COMMANDS = CallCommand.__table__


_OWN, _SHARED = ("key", "type", "args", "number"), ("provider", "call_id", "event_id", "issued_at", "pushes")


@dataclass(frozen=True)
class _Issued:
    """Commands of one turn, numbered in their order. What is their own comes in lists."""

    def part(self, name: str, _before: Sequence[CTE]) -> CTE:
        columns = COMMANDS.c
        lists = [bindparam(f"{name}_{own}", type_=ARRAY(columns[own].type)) for own in _OWN]
        listed = func.unnest(*(cast(one, one.type) for one in lists))
        told = listed.table_valued(*_OWN, with_ordinality="turn").render_derived(f"{name}_told")
        row = [*(told.c[own] for own in _OWN), *(parameter_for(columns[one], name, one) for one in _SHARED)]
        rows = select(*row).order_by(told.c.turn)
        return insert(COMMANDS).from_select([*_OWN, *_SHARED], rows).cte(name)


def order(turn: Turn, type_: CommandType, *, number: str | None = None, **args: Any) -> None:
    """Add a command to the turn. `args` are the contract's fields; a number to dial is kept sealed."""
    turn.commands.append(_row(turn.call, turn, type_, number, args))


def dispatch(turn: Turn) -> None:
    """Write down what was ordered; what is no answer to an event is sent once it is safe in the database."""
    if not turn.commands:
        return
    own = {name: [getattr(row, name) for row in turn.commands] for name in _OWN}
    shared = {name: getattr(turn.commands[0], name) for name in _SHARED}
    later(("commands", turn.call.id), _Issued(), {**own, **shared})
    if turn.event_id is not None:
        return
    wires = [
        message(row, turn.call).model_dump_json(by_alias=True, exclude_none=True) for row in turn.commands
    ]
    set_timer("hotline.commands", turn.call.id, turn.now + PUSH_AGAIN_AFTER)
    if not clock.is_turned():
        after_commit(_push, turn.call.provider, wires)


def message(row: CallCommand, call: Call) -> CommandMessage:
    """The command as the contract has it."""
    return CommandMessage(
        id=row.key, call=call.provider_call, type=CommandType(row.type), number=row.number, **row.args
    )


def answer_to(event_id: int, call: Call) -> list[CommandMessage]:
    """What that event was answered with."""
    rows = db.session.scalars(
        select(CallCommand).where(CallCommand.event_id == event_id).order_by(CallCommand.id)
    )
    return [message(row, call) for row in rows]


@transactional
def acknowledge(providers: Collection[str], keys: Sequence[str]) -> int:
    """One of the providers has these commands; how many were news. Unknown ids are nobody's harm."""
    if not keys:
        return 0
    news = db.session.scalars(
        update(CallCommand)
        .where(CallCommand.key.in_(keys), CallCommand.provider.in_(providers), CallCommand.acked_at.is_(None))
        .values(acked_at=clock.now())
        .returning(CallCommand.id)
        .execution_options(synchronize_session=False)
    )
    return len(news.all())


@timer_handler("hotline.commands")
def push_again(key: str, _payload: dict[str, Any]) -> None:
    """Commands of a call that nobody acknowledged: Redis or the switch was away."""
    now = clock.now()
    waiting = (
        select(CallCommand, Call)
        .join(Call, Call.id == CallCommand.call_id)
        .where(
            CallCommand.call_id == int(key),
            CallCommand.event_id.is_(None),
            CallCommand.acked_at.is_(None),
            CallCommand.issued_at > now - GIVE_UP_AFTER,
        )
    )
    rows = db.session.execute(waiting.order_by(CallCommand.id)).all()
    if not rows:
        return
    for row, _call in rows:
        row.pushes += 1
    pause = PUSH_AGAIN_AFTER * min(2 ** min(row.pushes for row, _ in rows), 30)
    set_timer("hotline.commands", key, now + pause)
    wires = [message(row, call).model_dump_json(by_alias=True, exclude_none=True) for row, call in rows]
    after_commit(_push, rows[0][1].provider, wires)


def push_now(call: Call) -> None:
    """Its switch has begun anew and hears us now: what waits for an acknowledgement need not wait for the timer."""
    push_again(str(call.id), {})


def _row(call: Call, turn: Turn, type_: CommandType, number: str | None, args: dict[str, Any]) -> CallCommand:
    return CallCommand(
        key=new_id(),
        provider=call.provider,
        call_id=call.id,
        event_id=turn.event_id,
        type=type_.value,
        args=args,
        number=number,
        issued_at=turn.now,
        pushes=0,
    )


def _push(provider: str, wires: list[str]) -> None:
    """To the provider's stream. Redis away: the timer brings them later."""
    try:
        pipe = redis_client().pipeline(transaction=False)
        for wire in wires:
            pipe.xadd(commands_of(provider), {"command": wire}, maxlen=STREAM_LENGTH, approximate=True)
        pipe.execute()
    except Hangs:  # which was said once, and not again by each command of each call
        pass
    except (RedisError, OSError) as error:
        log.warning("commands_not_pushed", provider=provider, commands=len(wires), error=str(error))
