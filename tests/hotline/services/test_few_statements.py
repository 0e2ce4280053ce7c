"""An event costs few statements, and no more when the hotline is busy: the switch waits for the answer."""

from __future__ import annotations

from tests.factories.hotline import SwitchCall, make_agent

MOST = {
    "call.incoming": 8,  # one is the emergency broadcast: it counts from the very next caller
    "leg.answered by the citizen": 5,
    "digits": 13,
    "queue.joined": 1,
    "leg.ringing": 6,
    "leg.answered by the agent": 12,
    "bridge.joined": 1,
    "leg.ended by the caller": 7,
    "leg.ended of the seat": 11,
}


def statements_of_a_call(count_queries, number):
    """How many each event of an answered call takes."""
    call, found = SwitchCall(number), {}

    def tell(name, deed):
        with count_queries() as seen:
            deed()
        found[name] = len(seen)

    tell("call.incoming", call.arrive)
    tell("leg.answered by the citizen", lambda: call.tell("leg.answered", leg=call.citizen))
    tell("digits", call.press)
    leg = call.seat_leg
    tell("queue.joined", lambda: call.tell("queue.joined", leg=call.citizen))
    tell("leg.ringing", lambda: call.tell("leg.ringing", leg=leg))
    tell("leg.answered by the agent", lambda: call.tell("leg.answered", leg=leg))
    tell("bridge.joined", lambda: call.tell("bridge.joined", leg=leg))
    tell("leg.ended by the caller", call.caller_hangs_up)
    tell("leg.ended of the seat", lambda: call.tell("leg.ended", leg=leg, cause="normal", by="hotline"))
    return found


def test_each_event_costs_few_statements_however_many_wait(app, clock, count_queries):
    make_agent()
    statements_of_a_call(count_queries, "+8613900000000")  # makes the default queue
    make_agent()
    quiet = statements_of_a_call(count_queries, "+8613900000001")
    for n in range(15):
        waiting = SwitchCall(f"+861390001{n:04d}")
        waiting.arrive()
        waiting.press()
    for _ in range(16):
        make_agent()
    busy = statements_of_a_call(count_queries, "+8613900000002")
    assert {name: (count, MOST[name]) for name, count in quiet.items() if count > MOST[name]} == {}
    assert {name: (busy[name], count) for name, count in quiet.items() if busy[name] > count} == {}
