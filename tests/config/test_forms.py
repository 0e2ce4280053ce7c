"""A form takes words for words and files for files, whatever was sent."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from flask_wtf.file import FileField
from wtforms import StringField

from config.web.forms import HouseForm


class Letter(HouseForm):
    title = StringField()
    paper = FileField()


def read(app: Flask, **sent) -> Letter:
    with app.test_request_context("/", method="POST", **sent):
        return Letter()


def test_words_and_files_come_to_their_fields(app):
    form = read(app, data={"title": "路灯", "paper": (io.BytesIO(b"x"), "a.txt")})
    assert (form.title.data, form.paper.data.filename) == ("路灯", "a.txt")


def test_a_file_in_the_place_of_words_is_none(app):
    form = read(app, data={"title": (io.BytesIO(b"x"), "a.txt"), "paper": (io.BytesIO(b"x"), "b.txt")})
    assert (form.title.data, form.paper.data.filename) == (None, "b.txt")


@pytest.mark.parametrize("body", ["[1]", '{"title": ["x"]}', "null", "{"])
def test_json_fills_no_form(app, body):
    assert read(app, data=body, content_type="application/json").title.data is None


def test_a_form_that_is_only_shown_is_empty(app):
    with app.test_request_context("/?title=x"):
        assert Letter().title.data is None
        assert Letter(formdata=None, data={"title": "y"}).title.data == "y"


def test_every_form_of_the_house_is_made_so(app):
    from flask_wtf import FlaskForm

    elsewhere = [one for one in FlaskForm.__subclasses__() if one is not HouseForm and _ours(one)]
    assert elsewhere == []


def _ours(form: type) -> bool:
    return form.__module__.split(".")[0] not in ("flask_wtf", "tests")
