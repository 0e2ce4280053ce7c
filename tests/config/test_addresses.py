"""An address that holds what no database takes leads nowhere, whichever page it is of."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.routing import Rule

RUBBISH = ["%00", "a%00b", str(2**63), "9" * 30, "9" * 5000, "-1"]


@pytest.mark.parametrize("rubbish", RUBBISH)
def test_a_number_is_one_that_a_key_can_have(app: Flask, rubbish: str):
    for rule in [rule for rule in app.url_map.iter_rules() if "<int:" in rule.rule]:
        address = re.sub(r"<[^>]+>", "x", re.sub(r"<int:[^>]+>", rubbish, rule.rule))
        assert found(app, rule, address) is not rule, address


@pytest.mark.parametrize("rubbish", ["%00", "a%00b"])
def test_no_text_in_an_address_holds_a_nul(app: Flask, rubbish: str):
    for rule in [rule for rule in app.url_map.iter_rules() if rule.arguments and rule.endpoint != "static"]:
        address = re.sub(r"<[^>]+>", rubbish, rule.rule)
        assert found(app, rule, address) is None, address


def test_ordinary_parts_of_an_address_are_found(app: Flask):
    for address in (
        "/administration/people/1",
        f"/administration/people/{2**63 - 1}",
        "/cases/20260105-%E4%B8%80",
    ):
        with app.test_request_context(address) as asked:
            assert asked.request.routing_exception is None, address


def found(app: Flask, rule: Rule, address: str) -> Rule | None:
    """Where `address` leads, when asked for in the rule's way."""
    with app.test_request_context(address, method=min(rule.methods or ())) as asked:
        return asked.request.url_rule
