"""A number that somebody looks for stands in no address, and is theirs alone to read there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from werkzeug.datastructures import MultiDict

from accounts.discreet import opened, opened_args, sealed
from accounts.roles import Role
from tests.factories.accounts import make_person
from tests.factories.dispatch import make_case, make_staff

NUMBER = "139 1234 0042"


@pytest.mark.parametrize("text", [NUMBER, "+8613912340042", "张三 13912340042", "010-12345678"])
def test_what_holds_a_number_is_read_only_by_who_typed_it(app, text):
    typed, other = make_person(), make_person()
    address = sealed(text, typed)
    assert not any(part in address for part in text.split())
    assert opened(address, typed) == text
    assert opened(address, other) == address


@pytest.mark.parametrize("text", ["路灯 12 号", "", "2026"])
def test_words_stand_as_they_are(app, text):
    person = make_person()
    assert sealed(text, person) == text == opened(text, person)


@pytest.mark.parametrize("rubbish", ["~", "~~", "~AAAA", "~汉字", "~" + "A" * 400])
def test_rubbish_is_left_as_it_is(app, rubbish):
    assert opened(rubbish, make_person()) == rubbish


def test_only_the_fields_people_search_in_are_opened(app):
    person = make_person()
    address = sealed(NUMBER, person)
    found = opened_args(MultiDict([("text", address), ("view", address)]), person)
    assert dict(found) == {"text": NUMBER, "view": address}


def test_a_search_leads_to_an_address_without_the_number_that_finds_it_and_keeps_it(app, sign_in):
    staff = make_staff()
    case, other = make_case(staff=staff, phone=NUMBER), make_case(staff=staff)
    client = sign_in(staff.agent)
    answer = client.post("/find", data={"to": "/cases", "text": NUMBER, "state": "pending_dispatch"})
    assert answer.status_code == 303
    assert "0042" not in answer.location
    assert parse_qs(urlsplit(answer.location).query)["state"] == ["pending_dispatch"]
    page = client.get(answer.location).get_data(as_text=True)
    assert case.case_no in page
    assert other.case_no not in page
    assert f'value="{NUMBER}"' in page  # the field still says what was asked
    hrefs = [part.split('"')[0] for part in page.split('href="')[1:]]
    assert not any("1234" in href.replace(case.case_no, "") for href in hrefs)
    passed_on = sign_in(staff.dispatcher).get(answer.location).get_data(as_text=True)
    assert NUMBER not in passed_on
    assert case.case_no not in passed_on


@pytest.mark.parametrize("address", ["/cases", "/desks/dispatch", "/calls"])
def test_lists_in_which_numbers_are_looked_for_are_asked_by_post(app, sign_in, address):
    page = sign_in(make_person([Role.DISPATCHER, Role.SHIFT_LEAD])).get(address).get_data(as_text=True)
    assert 'method="post" action="/find"' in page
    assert f'name="to" value="{address}"' in page
    assert '<form class="filters" method="get"' not in page


@pytest.mark.parametrize(
    "to", ["", "//elsewhere.example", "https://elsewhere.example", "/\\elsewhere.example", "/a\nb"]
)
def test_it_leads_nowhere_but_to_pages_of_ours(app, sign_in, to):
    assert sign_in(make_person()).post("/find", data={"to": to, "text": NUMBER}).status_code == 422


def test_the_field_of_the_head_looks_among_the_cases_for_what_was_typed(app, sign_in):
    staff = make_staff()
    case, other = make_case(staff=staff, phone=NUMBER), make_case(staff=staff)
    client = sign_in(staff.agent)
    found = client.get(client.post("/find", data={"to": "/search", "q": NUMBER}).location).get_data(
        as_text=True
    )
    href = next(part.split('"')[0] for part in found.split('href="') if part.startswith("/cases?"))
    assert "0042" not in href
    page = client.get(href.replace("&amp;", "&")).get_data(as_text=True)
    assert case.case_no in page
    assert other.case_no not in page
