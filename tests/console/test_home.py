"""Where a person lands, how a page looks to them, and what the search field finds."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from tests.factories.accounts import make_person


@pytest.mark.parametrize(
    ("roles", "desk"),
    [
        ([Role.AGENT], "/workbench"),
        ([Role.AGENT, Role.DISPATCHER], "/workbench"),
        ([Role.DISPATCHER], "/desks/dispatch"),
        ([Role.REVIEWER], "/desks/review"),
        ([Role.CALLBACK_AGENT], "/desks/callback"),
        ([Role.SUPERVISION_OFFICER], "/desks/supervision"),
        ([Role.CASE_OFFICER], "/inbox"),
        ([Role.MANAGER], "/board"),
        ([Role.PLANNER], "/today"),
        ([], "/today"),
    ],
)
def test_a_person_lands_at_the_desk_where_they_work(sign_in, roles, desk):
    assert sign_in(make_person(roles)).get("/").location == desk


def test_who_is_not_signed_in_lands_at_the_door(client):
    assert client.get("/").location.startswith("/sign-in")


def test_the_language_is_kept_and_the_person_comes_back_to_the_same_page(sign_in):
    client = sign_in(make_person([Role.AGENT]))
    answer = client.post("/preferences", data={"language": "en", "next": "/today?x=1"})
    assert answer.location == "/today?x=1"
    assert 'lang="en"' in client.get("/today").text


def test_a_language_chosen_in_the_head_is_the_persons_from_then_on(sign_in):
    person = make_person([Role.AGENT])
    sign_in(person).post("/preferences", data={"language": "en", "next": "/today"})
    assert person.language == "en"


def test_the_theme_is_kept_before_sign_in_too(client):
    client.post("/preferences", data={"theme": "dark"})
    assert 'data-theme="dark"' in client.get("/sign-in").text


@pytest.mark.parametrize(
    "next_page", ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", ""]
)
def test_nobody_is_sent_to_another_host(client, next_page):
    assert client.post("/preferences", data={"language": "zh", "next": next_page}).location == "/"


@pytest.mark.parametrize(("name", "value"), [("language", "xx"), ("theme", "<b>")])
def test_a_language_or_theme_we_do_not_have_changes_nothing(client, name, value):
    client.post("/preferences", data={name: value})
    page = client.get("/sign-in").text
    assert 'lang="zh-CN"' in page
    assert 'data-theme="light"' in page


def test_a_case_number_in_the_search_field_leads_to_the_case(sign_in):
    client = sign_in(make_person([Role.AGENT]))
    assert client.get("/search?q=20261123-000042").location == "/cases/20261123-000042"


def test_a_page_is_found_by_its_name(sign_in):
    page = sign_in(make_person([Role.AGENT])).get("/search?q=工作").text
    assert 'href="/workbench"' in page


@pytest.mark.parametrize("q", ["", " ", "%00", "<script>", "a" * 5000, "AND OR NOT (", "*"])
def test_the_search_field_survives_rubbish(sign_in, q):
    answer = sign_in(make_person([Role.AGENT])).get("/search", query_string={"q": q})
    assert answer.status_code == 200
    assert "<script>" not in answer.text
