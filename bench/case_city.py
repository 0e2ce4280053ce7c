"""A town with any number of cases, made by the database itself: measuring needs rows, not histories."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select, text

from accounts.models import Department, Person
from accounts.roles import Role
from accounts.services.departments import create_department
from accounts.services.people import create_person
from config.extensions import db
from config.transaction import transaction
from dispatch.models import Place, PlaceLevel
from dispatch.services.reference import add_place, seed_reference

BUREAUS, SECTIONS, STREETS = 30, 9, 60


@dataclass(frozen=True)
class Town:
    """Ids, so that a process can be handed one."""

    agent: int
    dispatcher: int
    reviewer: int
    caller: int
    supervisor: int
    officer: int
    streets: tuple[str, ...]
    departments: tuple[int, ...]


ROLES = {
    "agent": Role.AGENT,
    "dispatcher": Role.DISPATCHER,
    "reviewer": Role.REVIEWER,
    "caller": Role.CALLBACK_AGENT,
    "supervisor": Role.SUPERVISION_OFFICER,
}


def found_town() -> Town:
    """Thirty bureaus with nine sections each, and people; founded once."""
    if db.session.scalar(select(Person).where(Person.login == "bench-agent")) is None:
        with transaction():
            _found()
    ids = dict(
        db.session.execute(select(Person.login, Person.id).where(Person.login.startswith("bench-"))).all()
    )
    return Town(
        **{name: ids[f"bench-{name}"] for name in (*ROLES, "officer")},
        streets=tuple(db.session.scalars(select(Place.code).where(Place.level == PlaceLevel.STREET))),
        departments=tuple(db.session.scalars(select(Department.id).where(Department.code.startswith("BS")))),
    )


def _found() -> None:
    seed_reference()
    city = create_department("B", "市12345热线")
    for n in range(BUREAUS):
        bureau = create_department(f"B{n:02d}", f"第{n}局", parent=city)
        for m in range(SECTIONS):
            create_department(f"BS{n:02d}{m}", f"第{n}局第{m}科", parent=bureau)
        if n == 0:
            create_person("bench-officer", "承办人", bureau, (Role.CASE_OFFICER,), must_change_password=False)
    for name, role in ROLES.items():
        create_person(f"bench-{name}", name, city, (role,), must_change_password=False)
    add_place("D1", "第一区", PlaceLevel.DISTRICT)
    for n in range(STREETS):
        add_place(f"D1{n:02d}", f"第{n}街道", PlaceLevel.STREET, "D1")


# 25,000 cases are open whatever the size: a city works on what came in these days, and only the closed ones pile up.
CASES = """
INSERT INTO "case" (case_no, query_code, state, version, request_type, urgency, channel, category_code, title, content,
    asked, complained_of, answer, advice, district_code, street_code, address, contact_index, anonymous, confidential,
    public, needs_reply, call_no, lead_department_id, registered_by_id, closed_by_id, close_reason, route_told,
    registered_at, dispatched_at, closed_at, changed_at, review_on, clock_kind, due_at, warn_at, dispatch_count,
    return_count, redone_count, urged_count, supervised_count, extended_count, overdue_count, callback_attempts,
    return_forbidden, sent_back, referred, repeat_caller, long_running, hard, unreasonable, excluded, pending,
    reply_waiting, open_notice, proposed_notice)
SELECT '2025' || lpad((n / 3000 % 1000 + 101)::text, 4, '0') || '-' || lpad((9000000 + n)::text, 8, '0'), 'ABC234',
    state, 4,
    CASE WHEN n % 3 = 0 THEN 'consult' ELSE 'complaint' END, CASE WHEN n % 40 = 0 THEN 'urgent' ELSE 'normal' END,
    'phone', lpad((n % 17 + 1)::text, 2, '0') || '0' || (n % 4 + 1), '路灯不亮 ' || n,
    repeat('幸福路门前的路灯三天不亮。', 8), '尽快修好', '', '', '', 'D1', 'D1' || lpad((n % 60)::text, 2, '0'),
    '幸福路 12 号', md5((n / 8)::text) || md5('x'),
    false, false, false, true, NULL, CASE WHEN state = 'pending_dispatch' THEN NULL ELSE departments[n % size + 1] END,
    agent, CASE WHEN state = 'closed' THEN agent END, '', '', at, at,
    CASE WHEN state = 'closed' THEN at + interval '3 days' END, at, NULL,
    CASE WHEN state <> 'closed' THEN 'handling' END,
    CASE WHEN state <> 'closed' THEN due END, CASE WHEN state <> 'closed' THEN due - interval '1 day' END,
    1, 0, 0, 0, 0, 0, 0, 0, false, false, false, false, false, false, false, false,
    CASE WHEN state = 'processing' AND (n / 4) % 70 = 4 THEN ARRAY['extension'] ELSE ARRAY[]::varchar[] END,
    false, false, CASE WHEN state = 'processing' AND (n / 4) % 90 = 4 THEN 'overdue' END
FROM (
    SELECT n, now() - ((:upto - n) % 300000) * interval '1 minute' AS at,
        now() + ((n::bigint * 7919) % 20000 - 2500) * interval '1 minute' AS due,
        CASE WHEN n > 100000 OR n % 4 <> 0 THEN 'closed' ELSE
            (ARRAY['pending_dispatch','dispatched','processing','processing','processing','processing','replied','callback'])
            [(n / 4) % 8 + 1] END AS state
    FROM generate_series(CAST(:first AS int), CAST(:upto AS int)) AS n
) AS made, (
    SELECT CAST(:departments AS bigint[]) AS departments, CAST(:size AS int) AS size, CAST(:agent AS bigint) AS agent
) AS town
"""
PARTS = """
INSERT INTO assignment (case_id, department_id, role, assigned_at, assigned_by_id, ended_at, advice, report)
SELECT id, lead_department_id, 'lead', registered_at, registered_by_id, closed_at, '', ''
FROM "case" WHERE lead_department_id IS NOT NULL AND case_no > :after
"""
EVENTS = """
INSERT INTO case_event (case_id, at, action, kind, from_state, to_state, person_id, text, internal, facts)
SELECT c.id, c.registered_at + step * interval '1 hour',
    (ARRAY['register','dispatch'])[step], 'deed',
    'pending_dispatch', c.state, c.registered_by_id, '', false, '{}'
FROM "case" c CROSS JOIN generate_series(1, 2) AS step
WHERE c.case_no LIKE '2025%' AND c.case_no > :after
"""
INDEXES = """
SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid::regclass::text = ANY(ARRAY(SELECT quote_ident(t) FROM unnest(CAST(:tables AS text[])) AS t))
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)
"""


FILLED = ("case", "assignment", "case_event")


def fill(town: Town, upto: int) -> None:
    """Bring the town to `upto` made cases. Indexes are built afterwards, which takes a fifth of the time."""
    have = db.session.scalar(text("""SELECT count(*) FROM "case" WHERE case_no LIKE '2025%'""")) or 0
    last = db.session.scalar(text("""SELECT max(case_no) FROM "case" WHERE case_no LIKE '2025%'"""))
    facts = {
        "after": last or "",
        "first": have + 1,
        "upto": upto,
        "departments": list(town.departments),
        "size": len(town.departments),
        "agent": town.agent,
    }
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("SET statement_timeout = 0"))
        link.execute(text("SET maintenance_work_mem = '256MB'"))
        link.execute(text("SET session_replication_role = replica"))  # the rows fit: no key need be looked up
        indexes = link.execute(text(INDEXES), {"tables": list(FILLED)}).all()
        for name, _definition in indexes:
            link.execute(text(f"DROP INDEX {name}"))
        link.execute(text(CASES), facts)
        for definition in (text(each) for _name, each in indexes if "ON public.assignment" not in each):
            link.execute(definition)
        link.execute(text(PARTS), facts)
        link.execute(text(EVENTS), facts)
        for definition in (text(each) for _name, each in indexes if "ON public.assignment" in each):
            link.execute(definition)
        link.execute(text('VACUUM (ANALYZE) "case", assignment, case_event'))
        link.execute(text("RESET ALL"))
