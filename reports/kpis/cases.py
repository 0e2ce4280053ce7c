"""Figures of cases. Solved and satisfied are two figures: a city may show 71.8 % beside 99.7 % (domain § 5)."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import and_, bindparam, exists, func, or_, select
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlalchemy.orm import aliased

from config import clock
from dispatch.models import Assignment, Callback, CallbackResult, Case, CaseClock, CaseRequest
from dispatch.workflow import CaseState, RequestKind, Ruling
from reports.kpis.calls import count
from reports.kpis.definition import Better, Kpi, Unit, define
from reports.kpis.sources import (
    CALLBACKS,
    CLOSED,
    DISPATCHED,
    DISPATCHES,
    DUE_TO_CLOSE,
    DUE_TO_CONTACT,
    DUE_TO_SIGN,
    REGISTERED,
    REVIEWS,
)

NOW = bindparam("now", callable_=clock.now, type_=TIMESTAMP(timezone=True))
"""When the figure is computed."""

# What was not accepted is put into the archive one day, and was not accepted all the same.
accepted = and_(Case.state != CaseState.DRAFT, Case.not_accepted_code.is_(None))
on_the_spot = and_(accepted, Case.dispatched_at.is_(None), Case.answer != "")
assessed = ~Case.excluded
reached = Callback.result == CallbackResult.REACHED
rated = Callback.rating.is_not(None)

# A reply that waits for its review has been given: the clock stands still until it is known to be good.
_done_at = func.coalesce(CaseClock.stopped_at, CaseClock.paused_at)
_before_due = func.coalesce(_done_at <= CaseClock.due_at, False)
_relieved = or_(
    CaseClock.withdrawn, and_(CaseClock.paused_at.is_not(None), Case.state == CaseState.SUSPENDED)
)
_judged = and_(assessed, ~and_(_relieved, _before_due))
in_time = and_(_judged, _before_due)
was_due = and_(_judged, or_(_before_due, CaseClock.due_at <= NOW))
"""What is still running is no miss yet; what was given back or suspended before its time was up is nobody's."""

contacted = and_(assessed, func.coalesce(Case.contacted_at <= CaseClock.due_at, False), ~CaseClock.withdrawn)
"""A reply that was released without a word to the citizen stops the clock and is no contact."""
due_to_contact = and_(
    assessed,
    or_(contacted, and_(CaseClock.due_at <= NOW, ~and_(_relieved, _before_due))),
)

given_back = exists(
    select(CaseRequest.id).where(
        CaseRequest.case_id == Assignment.case_id,
        CaseRequest.kind == RequestKind.RETURN,
        CaseRequest.ruling == Ruling.APPROVED,
        CaseRequest.ruled_at == Assignment.ended_at,
    )
)

_later = aliased(Case)
repeated = exists(
    select(_later.id).where(
        _later.contact_index == Case.contact_index,
        _later.category_code == Case.category_code,
        _later.id > Case.id,
        _later.registered_at < Case.registered_at + timedelta(days=7),
    )
)
has_caller = and_(accepted, Case.contact_index.is_not(None))

define(
    Kpi(
        "cases_registered", _l("Cases registered"), _l("all cases registered"), _l("cases"), Unit.COUNT, REGISTERED,
        func.count(), rows_endpoint="dispatch.case_search", rows_days=("since", "until"),
    )
)  # fmt: skip
define(
    Kpi(
        "cases_closed", _l("Cases closed"), _l("cases that ended, without those merged into another one"),
        _l("cases"), Unit.COUNT, CLOSED, count(Case.master_case_id.is_(None)),
        rows_endpoint="dispatch.case_search", rows_days=("closed_since", "closed_until"),
    )
)  # fmt: skip
define(
    Kpi(
        "cases_dispatched", _l("Dispatches"), _l("cases sent to a department, those sent again too"), _l("dispatches"),
        Unit.COUNT, DISPATCHES, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "replies_reviewed", _l("Replies reviewed"), _l("replies that passed or failed review"), _l("reviews"),
        Unit.COUNT, REVIEWS, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "callback_tries", _l("Callback tries"), _l("tries to call citizens back about their case"),
        _l("callback tries"), Unit.COUNT, CALLBACKS, func.count(),
    )
)  # fmt: skip
define(
    Kpi(
        "on_the_spot_rate", _l("Rate answered on the spot"), _l("answered on the spot ÷ accepted"),
        _l("cases accepted"),
        Unit.SHARE, REGISTERED, count(on_the_spot), count(accepted), None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "first_contact_resolution", _l("First-contact resolution"),
        _l("no further case of the same caller and category within 7 days ÷ accepted with a known caller"),
        _l("cases accepted with a known caller"), Unit.SHARE, REGISTERED,
        count(and_(has_caller, ~repeated)), count(has_caller), None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "signed_in_time", _l("Signed in time"), _l("signed before the limit ÷ due to be signed; "
           "without what was excluded from assessment"),
        _l("sign clocks due in the period"), Unit.SHARE, DUE_TO_SIGN,
        count(in_time), count(was_due), 0.98, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "contacted_in_time", _l("First contact in time"),
        _l("citizen contacted before the limit ÷ due to be contacted; "
           "without what was excluded from assessment"), _l("contact clocks due in the period"),
        Unit.SHARE, DUE_TO_CONTACT, count(contacted), count(due_to_contact), 0.95, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "closed_in_time", _l("Handled in time"),
        _l("reply given before the limit ÷ due to be answered, carried-over cases counted; without what was "
           "given back or suspended before the limit, is not due yet, or was excluded from assessment"),
        _l("handling clocks due in the period"), Unit.SHARE, DUE_TO_CLOSE,
        count(in_time), count(was_due), 0.98, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "overdue_rate", _l("Overdue rate"), _l("not answered before the limit ÷ due to be answered"),
        _l("handling clocks due in the period"), Unit.SHARE, DUE_TO_CLOSE,
        count(and_(was_due, ~in_time)), count(was_due), 0.02, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "extension_rate", _l("Extension rate"), _l("extended ÷ due to be answered"),
        _l("handling clocks due in the period"), Unit.SHARE, DUE_TO_CLOSE,
        count(and_(was_due, CaseClock.extended)), count(was_due), None, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "solved_rate", _l("Solved rate"), _l("“solved” ÷ citizens reached by callback; "
           "without what was excluded from assessment"), _l("citizens reached"),
        Unit.SHARE, CALLBACKS,
        count(and_(reached, assessed, Callback.solved.is_(True))), count(and_(reached, assessed)),
        0.85, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "satisfied_rate", _l("Satisfied rate"),
        _l("ratings from 1 to 5 weighted 0, 25, 50, 75 and 100 % ÷ citizens who rated; without what was excluded from "
           "assessment"), _l("citizens who rated"),
        Unit.SHARE, CALLBACKS, func.sum((Callback.rating - 1) / 4.0).filter(and_(rated, assessed)),
        count(and_(rated, assessed)), 0.90, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "reached_rate", _l("Reached rate"), _l("citizens reached ÷ tries"), _l("callback tries"), Unit.SHARE,
        CALLBACKS, count(reached), func.count(), None, Better.HIGHER,
    )
)  # fmt: skip
define(
    Kpi(
        "return_rate", _l("Return rate"),
        _l("dispatches given back by an approved return ÷ dispatches to a lead department"),
        _l("dispatches"), Unit.SHARE, DISPATCHED, count(given_back), func.count(), None, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "redo_rate", _l("Redo rate"), _l("cases redone at least once ÷ dispatches that were not given back"),
        _l("dispatches not given back"),
        Unit.SHARE, DISPATCHED, count(and_(~given_back, Case.redone_count > 0)), count(~given_back), None, Better.LOWER,
    )
)  # fmt: skip
define(
    Kpi(
        "dispatch_accuracy", _l("Dispatch accuracy"), _l("dispatches not given back ÷ dispatches to a lead department"),
        _l("dispatches"), Unit.SHARE, DISPATCHED, count(~given_back), func.count(), 0.95,
        Better.HIGHER,
    )
)  # fmt: skip
