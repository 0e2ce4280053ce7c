"""What a rung of a call's ladder says beside what happened."""

from __future__ import annotations

from flask import Flask

from hotline.views.facts import facts_in_words


def test_numbers_of_machines_are_not_shown_to_people(app: Flask):
    with app.test_request_context():
        assert facts_in_words({"agent_id": 2, "sha256": "af81"}) == ""
        assert facts_in_words({"agent_id": 2, "seat": "1002", "timeout": 20}) == "坐席：1002 · 最长：20 秒"
