"""No page fails over rubbish, whoever asks; and nothing is changed by who may not."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any
from zlib import crc32

import pytest

from accounts.models import Person
from accounts.permissions import may, table
from accounts.roles import SEPARATED, Role
from tests.factories.accounts import make_person
from tests.rubbish.asked import overhearing
from tests.rubbish.doors import EVERYTHING, FILES, WORDS, Door, doors, mixed, without_sense
from tests.rubbish.drawn import drawn_forms
from tests.rubbish.visitors import Answer, Visitors
from tests.rubbish.world import make_world

WRITING = ("POST", "PUT", "PATCH", "DELETE")
TURNS = 2
"""In how many parts the fields of a form that is right otherwise are made wrong."""


def some(of: Iterable[Any], door: Door, most: int = 2) -> list[Any]:
    """A few of many, others at each door."""
    found = list(of)
    if EVERYTHING or len(found) <= most:
        return found
    start = crc32(f"{door.method} {door.rule.rule}".encode()) % len(found)
    return (found + found)[start : start + most]


BODIES: tuple[dict[str, Any], ...] = (
    {"json": [1]},
    {"json": {"data": "x", "version": {}, "kind": [], "value": {"a": 1}}},
    {"json": {"data": {"title": "x" * 100_000, "\x00": "\x00"}, "version": 1e308}},
    {"data": b"{", "content_type": "application/json"},
    {"data": b"[" * 5000, "content_type": "application/json"},
    {"data": b"\xff\xfe", "content_type": "multipart/form-data; boundary=x"},
    {"data": b"a=\xff&b=%ff&%00=1&&=&text", "content_type": "application/x-www-form-urlencoded"},
    {"data": b"x" * 100_000, "content_type": "text/plain"},
)


class House:
    """The world, its people, and for each door who may go through."""

    def __init__(self, app: Any) -> None:
        self.app, self.world = app, make_world()
        mighty = {
            power: make_person([*(set(Role) - SEPARATED), power], totp_exempt=True) for power in SEPARATED
        }
        people: dict[Any, Person] = {**self.world.people, **{("all", p): who for p, who in mighty.items()}}
        self.allowed = {
            permission: {who for who, person in people.items() if may(person, permission)}
            for permission in table()
        }
        self.visitors = Visitors(app, people)
        self.broken: list[str] = []

    def mighty(self, door: Door) -> Any:
        """Somebody who has every role, and among the three powers the one that may."""
        able = self.allowed[door.permission] if door.permission else {("all", Role.AUDITOR)}
        return min(who for who in able if isinstance(who, tuple))

    def visits(self, door: Door) -> list[tuple[Any, int]]:
        """Who comes with which mixture of rubbish: who may do everything, and some who may and some who may not."""
        may = [role for role in Role if door.permission is None or role in self.allowed[door.permission]]
        may_not = [role for role in Role if role not in may]
        roles = [*some(may, door, 1), *some(may_not, door, 1)]
        come = [(self.mighty(door), turn) for turn in some(range(len(WORDS)), door, 1)]
        return come + [(role, list(Role).index(role)) for role in roles]

    def ask(self, who: Any, door: Door, address: str, **sent: Any) -> Answer:
        answer = self.visitors.ask(who, door.method, address, **sent)
        told = f"{door.method} {address[:200]} as {who}: {answer.status} {answer.error}"
        if not 200 <= answer.status < 500:
            self.broken.append(told)
        if answer.status >= 400 and answer.changed and door.permission:
            self.broken.append(f"{told} yet changed {sorted(answer.changed)}")
        if (
            door.permission
            and who not in self.allowed[door.permission]
            and answer.status not in (403, 404, 405)
        ):
            self.broken.append(f"{told}, though they may not")
        return answer


@pytest.fixture
def house(app) -> Iterator[House]:
    made = House(app)
    yield made
    made.visitors.close()


def test_every_page_survives_rubbish_for_every_role(house):
    for door in doors(house.app, house.world, "GET"):
        with overhearing(house.app) as names:
            house.ask(house.mighty(door), door, door.addresses[0])
        for who, turn in house.visits(door):
            address = door.addresses[turn % len(door.addresses)]
            house.ask(who, door, address, query_string=mixed(names["args"], turn))
        for address in some(without_sense(door.rule), door, 1):
            house.ask(house.mighty(door), door, address)
    assert house.broken == []


def test_no_form_fails_over_rubbish_and_none_takes_it_from_who_may_not(house):
    for door in doors(house.app, house.world, *WRITING):
        mighty = house.mighty(door)
        with overhearing(house.app) as names:
            house.ask(mighty, door, door.addresses[0])
        for who, turn in house.visits(door):
            house.ask(who, door, door.addresses[turn % len(door.addresses)], data=mixed(names["form"], turn))
        house.ask(mighty, door, door.addresses[0], json={name: [{}, "x" * 9] for name in names["form"]})
        for sent in some(BODIES, door, 1):
            house.ask(mighty, door, door.addresses[-1], **sent)
        for name in names["files"]:
            for filename, content in FILES:
                file = {name: (io.BytesIO(content), filename)}
                house.ask(mighty, door, door.addresses[-1], data=file, content_type="multipart/form-data")
        for address in some(without_sense(door.rule), door, 1):
            house.ask(mighty, door, address)
    assert house.broken == []


def test_a_form_that_is_right_but_for_some_fields_fails_over_none_of_them(house):
    found = {}
    posted = {door.rule.endpoint: door for door in doors(house.app, house.world, "POST")}
    to = house.app.url_map.bind("localhost")
    for door in doors(house.app, house.world, "GET"):
        for address in door.addresses[:: max(1, len(door.addresses) // 15)]:
            for form in drawn_forms(house.ask(house.mighty(door), door, address).text):
                action = (form.action or address).partition("?")[0]
                endpoint = to.match(action, method="POST")[0]
                found.setdefault((endpoint, frozenset(form.fields)), (action, form.fields))
    assert len(found) > 40
    for (endpoint, _names), (action, fields) in found.items():
        for turn in range(TURNS):
            wrong = mixed({name for place, name in enumerate(fields) if place % TURNS == turn}, turn)
            door = posted[endpoint]
            house.ask(house.mighty(door), door, action, data={**fields, **wrong})
            files = {name: (io.BytesIO(b"x"), "x.png") for name in wrong}
            house.ask(house.mighty(door), door, action, data={**fields, **files})
    assert house.broken == []


def test_without_the_sessions_token_nothing_is_changed(house, monkeypatch):
    monkeypatch.setitem(house.app.config, "WTF_CSRF_ENABLED", True)
    for door in doors(house.app, house.world, *WRITING):
        for sent in some(
            ({}, {"data": {"csrf_token": "x" * 90}}, {"headers": {"X-CSRFToken": "no"}}), door, 1
        ):
            answer = house.ask(house.mighty(door), door, door.addresses[0], **sent)
            assert (answer.status, answer.changed) == (400, frozenset()), door.rule


FOREIGN = {
    "case_no": Role.CASE_OFFICER,
    "call_no": Role.AGENT,
}
"""By the argument of an address: somebody who may do such things, but not to those that are there."""


@pytest.mark.parametrize(("argument", "role"), FOREIGN.items())
def test_what_is_other_peoples_is_neither_shown_nor_changed(house, argument, role):
    tried = 0
    for door in doors(house.app, house.world, "GET", *WRITING):
        if argument in door.rule.arguments and role in house.allowed[door.permission or "account:own"]:
            for address in door.addresses[:: max(1, len(door.addresses) // 20)]:
                answer = house.ask(role, door, address, data={"text": "1"} if door.method != "GET" else None)
                assert answer.status in (403, 404, 409, 422), (door.method, address, answer.status)
                assert not answer.changed
                tried += 1
    assert tried > 20
    assert house.broken == []
