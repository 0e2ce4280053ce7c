"""A million calls and a floor of 750 seats, made by the database itself: measuring needs rows, not histories."""

from __future__ import annotations

from sqlalchemy import text

from accounts.roles import Role
from accounts.services.people import create_person
from bench.case_city import INDEXES
from config.crypto import blind_index, seal
from config.extensions import db
from config.transaction import transaction
from hotline.services.queues import create_skill, save_queue

SEATS, AGENTS, QUEUES = 750, 750, 8

CALLS = """
INSERT INTO call (call_no, provider, provider_call, direction, caller_number, caller_index, dialled, priority, welcome,
    first_heard_at, last_event_at, arrived_at, asked_at, asked_key, queued_at, queue_id, state, agent_id, answered_at,
    ended_at, end_reason, wait_seconds, ring_seconds, talk_seconds, hold_seconds, wrap_seconds, emergency,
    led_elsewhere, flow_version, asks_rating, asked_queue, rated_key)
SELECT 'B' || lpad(n::text, 7, '0'), 'bench', n::text, CASE WHEN out THEN 'out' ELSE 'in' END, number,
    CASE WHEN n % 40000 = 0 THEN index ELSE md5((n % 200000)::text) END, '12345', 0, true, at, at, at,
    CASE WHEN NOT out THEN at END, '1', CASE WHEN NOT out THEN at END, queue + n % queues,
    'ended', CASE WHEN NOT gone THEN agent + n * 7919 % agents END,
    CASE WHEN NOT gone THEN at + interval '1 second' * waits END, at + interval '10 minutes',
    CASE WHEN NOT gone THEN 'caller_hung_up' WHEN n % 3 = 0 THEN 'abandoned_in_ring' ELSE 'abandoned_in_queue' END,
    waits, 5, CASE WHEN NOT gone THEN n * 131 % 1000 END,
    CASE WHEN gone THEN NULL WHEN n % 20 = 0 THEN 30 ELSE 0 END, CASE WHEN NOT gone THEN 30 END,
    CASE WHEN n % 2000 = 0 THEN '119' ELSE '' END, false, '', false, '', ''
FROM (
    SELECT n, now() - interval '8.64 seconds' * (size - n) AS at, n % 17 = 0 AS gone, n % 9 = 0 AS out,
        n * 37 % 240 AS waits, facts.*
    FROM (
        SELECT CAST(:size AS bigint) AS size, CAST(:number AS bytea) AS number, CAST(:index AS text) AS index,
            CAST(:queue AS bigint) AS queue, CAST(:queues AS bigint) AS queues, CAST(:agent AS bigint) AS agent,
            CAST(:agents AS bigint) AS agents
    ) AS facts, generate_series(1, CAST(:size AS bigint)) AS n
) AS made"""
LEGS = """
INSERT INTO call_leg (call_id, key, role, agent_id, seat, rung_at, answered_at, connected_at, ended_at, held_at,
    resumed_at, hold_wanted, end_cause, end_by, phase)
SELECT id, call_no || '.1', 'agent', agent_id, (1001 + id % CAST(:seats AS int))::text, arrived_at, answered_at,
    answered_at, ended_at, '{}', '{}', false, 'normal', 'caller', 'released' FROM call WHERE agent_id IS NOT NULL"""
RECORDINGS = """
INSERT INTO recording (call_id, started_at, url, sha256, failures, failure, is_message)
SELECT id, answered_at, '', '', 0, '', false FROM call WHERE agent_id IS NOT NULL AND id % 50 <> 0"""
DEEDS = """
INSERT INTO call_deed (call_id, at, person_id, deed, detail)
SELECT id, arrived_at, agent_id, CASE id % 4 WHEN 0 THEN 'help' WHEN 1 THEN 'monitor' ELSE 'transfer' END, '{}'
FROM call WHERE agent_id IS NOT NULL AND id % 101 = 0"""


SEAT_ROWS = """
INSERT INTO seat (number, provider, site, address, in_browser, online, active)
SELECT (1000 + n)::text, 'simulator', CASE WHEN n % 3 = 0 THEN 'B' ELSE 'A' END, '', false, true, true
FROM generate_series(1, CAST(:n AS int)) n"""
PEOPLE = """
INSERT INTO person (login, name, staff_no, language, active, created_at, password_hash, must_change_password,
    failed_attempts, totp_last_step, totp_exempt, recovery_hashes)
SELECT 'b-' || n, '坐席' || n, '', 'zh', true, now(), '', false, 0, 0, false, '{}'
FROM generate_series(1, CAST(:n AS int)) n"""
PRESENCES = """
INSERT INTO agent_presence (agent_id, state, reason, since, idle_since, seat_id)
SELECT p.id, CASE WHEN p.id % 5 = 0 THEN 'not_ready' ELSE 'idle' END, CASE WHEN p.id % 5 = 0 THEN 'break' END, now(),
    now(), s.id
FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM person WHERE login LIKE 'b-%') p
JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM seat) s ON s.n = p.n"""
FIRST_AGENT = text("SELECT min(id) FROM person WHERE login LIKE 'b-%'")
FILLED = ("call", "call_leg", "recording", "call_deed")


def found_floor() -> dict[str, int]:
    """A shift lead, queues, seats at two sites and agents; ids by name."""
    with transaction():
        lead = create_person("bench-lead", "班长", None, (Role.SHIFT_LEAD,), must_change_password=False)
        skills = [create_skill(f"s{n}", f"技能{n}") for n in range(QUEUES)]
        queues = [
            save_queue(None, f"q{n}", name=f"队列{n}", skill_id=skill.id, is_default=n == 0, key=str(n + 1))
            for n, skill in enumerate(skills)
        ]
        db.session.execute(text(SEAT_ROWS), {"n": SEATS})
        db.session.execute(text(PEOPLE), {"n": AGENTS})
    agent = db.session.execute(FIRST_AGENT).scalar_one()
    return {"lead": lead.id, "agent": agent, "queue": queues[0].id, "skill": skills[0].id}


def fill_calls(size: int) -> None:
    """So many calls, ten thousand a day up to now, with a leg, a recording and now and then a deed."""
    facts = {
        "number": seal("+8613912345678"),
        "index": blind_index("+8613912345678"),
        "queue": db.session.execute(text("SELECT min(id) FROM call_queue")).scalar_one(),
        "queues": QUEUES,
        "agent": db.session.execute(FIRST_AGENT).scalar_one(),
        "agents": AGENTS,
        "seats": SEATS,
        "size": size,
    }
    db.session.rollback()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as link:
        link.execute(text("SET statement_timeout = 0"))
        link.execute(text("SET maintenance_work_mem = '256MB'"))
        link.execute(text("SET session_replication_role = replica"))  # the rows fit: no key need be looked up
        indexes = link.execute(text(INDEXES), {"tables": list(FILLED)}).all()
        for name, _definition in indexes:
            link.execute(text(f"DROP INDEX {name}"))
        for statement in (CALLS, LEGS, RECORDINGS, DEEDS):
            link.execute(text(statement), facts)
        for _name, definition in indexes:
            link.execute(text(definition))
        link.execute(text("VACUUM (ANALYZE) call, call_leg, recording, call_deed, seat, person"))
        link.execute(text("RESET ALL"))


def sit_down() -> None:
    """Everybody at a seat; one in five on a break, the others idle."""
    with transaction():
        db.session.execute(text(PRESENCES))
