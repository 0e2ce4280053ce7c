"""The frame: whole for a browser, #main alone for htmx, and never more pages than a person may see."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from accounts.permissions import table
from accounts.roles import Role
from config import navigation
from console.shell import best_match
from tests.factories.accounts import make_person


def test_a_browser_gets_the_whole_frame(sign_in):
    page = sign_in(make_person([Role.AGENT], name="张敏")).get("/today").text
    assert page.startswith("<!doctype html>")
    assert "张敏" in page
    assert 'id="callbar"' in page


def test_who_leads_a_shift_is_called_so_though_they_take_calls_too(sign_in):
    page = sign_in(make_person([Role.AGENT, Role.SHIFT_LEAD])).get("/today").text
    assert "· 班长</span>" in page


def test_htmx_gets_the_title_and_main_alone_so_that_the_call_bar_survives(sign_in):
    answer = sign_in(make_person([Role.AGENT])).get(
        "/today", headers={"HX-Request": "true", "HX-Boosted": "true"}
    )
    assert answer.text.lstrip().startswith("<title>")
    assert 'id="main"' in answer.text
    assert 'id="callbar"' not in answer.text
    assert "HX-Request" in answer.headers["Vary"]


def test_who_takes_no_calls_has_no_call_bar(sign_in):
    assert 'id="callbar"' not in sign_in(make_person([Role.AUDITOR])).get("/today").text


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.API_CLIENT])
def test_every_link_in_the_head_leads_to_a_page_the_person_may_open(sign_in, role):
    client = sign_in(make_person([role]))
    page = client.get("/today").text
    links = set(re.findall(r'<a href="([^"]+)" data-endpoint', page))
    for link in links:
        assert client.get(link, follow_redirects=True).status_code == 200, link


def test_every_page_of_the_head_names_a_permission_that_exists():
    assert {page.permission for page in navigation.pages()} <= set(table())


def test_no_page_carries_an_inline_script_or_style(sign_in):
    client = sign_in(make_person([Role.AGENT, Role.SHIFT_LEAD, Role.DISPATCHER]))
    for path in ("/styleguide", "/workbench", "/today", "/search?q=a", "/nothing-here"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=\"", page), path


def test_the_marked_page_is_the_longest_that_contains_the_address():
    assert best_match("/desks/review/3", ["/desks", "/desks/review", "/"]) == "/desks/review"
    assert best_match("/desksreview", ["/desks"]) is None


def test_a_page_of_an_error_is_in_the_frame_and_names_the_request(sign_in):
    answer = sign_in(make_person([Role.AGENT])).get("/nothing-here")
    assert answer.status_code == 404
    assert answer.headers["X-Request-ID"] in answer.text
    assert 'id="callbar"' in answer.text


def test_an_error_page_stands_even_when_the_person_cannot_be_looked_up(app: Flask, client, monkeypatch):
    def away():
        raise OperationalError("select", {}, Exception("the database is away"))

    monkeypatch.setattr("console.shell.current_person_or_none", away)
    answer = client.get("/nothing-here")
    assert answer.status_code == 404
    assert "<h1" in answer.text


def test_the_small_numbers_are_asked_for_by_themselves(sign_in):
    numbers = sign_in(make_person([Role.DISPATCHER])).get("/shell/counts").json
    assert numbers["dispatch.dispatch_desk"] == 0
