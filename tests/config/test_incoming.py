"""No NUL comes in by an address or a form; everything else does as it was sent."""

from __future__ import annotations

import pytest
from flask import Flask, request
from werkzeug.exceptions import BadRequest

from accounts.roles import Role
from tests.factories.accounts import make_person


def test_address_and_form_lose_their_nuls_and_nothing_else(app: Flask):
    form = {"na\x00me": "一\x00二 💥", "rows": ["1", "2"]}
    with app.test_request_context("/?q=a%00b&q=%00&other=c%20d", method="POST", data=form):
        assert request.args.to_dict(flat=False) == {"q": ["ab", ""], "other": ["c d"]}
        assert request.form.to_dict(flat=False) == {"name": ["一二 💥"], "rows": ["1", "2"]}
        assert request.values["name"] == "一二 💥"


@pytest.mark.parametrize("body", ["[" * 5000, '{"a":' * 5000])
def test_json_that_is_too_deep_to_be_read_is_refused_like_any_that_is_broken(app: Flask, body: str):
    with app.test_request_context("/", method="POST", data=body, content_type="application/json"):
        assert request.get_json(silent=True) is None
        with pytest.raises(BadRequest):
            request.get_json()


def test_a_page_that_asks_the_database_for_what_stands_in_its_address_is_shown(sign_in):
    client = sign_in(make_person([Role.AGENT]))
    assert client.get("/cases/new?call=a%00b").status_code == 200
