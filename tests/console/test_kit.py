"""The kit of parts: what it draws says its meaning in words too, and never breaks on what it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask, render_template_string
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import DataRequired

from accounts.roles import Role
from console.views.styleguide import SampleState
from tests.factories.accounts import make_person


@pytest.fixture
def draw(app: Flask):
    """`draw("ui.badge(text)", text="…")` → HTML."""

    def drawn(call: str, **values) -> str:
        with app.test_request_context():
            return render_template_string('{% import "ui/kit.html" as ui %}{{ ' + call + " }}", **values)

    return drawn


@pytest.mark.parametrize("state", list(SampleState))
def test_a_state_is_hue_shape_and_word(draw, state):
    drawn = draw("ui.state(state)", state=state)
    assert f'class="state {state.hue.value}"' in drawn
    assert f"#{state.hue.value}" in drawn
    assert state.label in drawn


@pytest.mark.parametrize(
    ("hours", "warn_hours", "hue"),
    [(30, 20, "running"), (3, -1, "waiting"), (-2, -5, "late"), (30, None, "running")],
)
def test_a_clock_says_in_hue_and_words_how_it_stands(draw, clock, hours, warn_hours, hue):
    due = clock.at + timedelta(hours=hours)
    warn = clock.at + timedelta(hours=warn_hours) if warn_hours is not None else None
    drawn = draw("ui.clock(due, warn)", due=due, warn=warn)
    assert f'data-hue="{hue}"' in drawn
    assert ("超" if hue == "late" else "剩") in drawn
    assert f'data-countdown="{due.isoformat()}"' in drawn


def test_a_clock_that_was_stopped_does_not_run_on(draw, clock):
    drawn = draw("ui.clock(due, None, at)", due=clock.at + timedelta(hours=2), at=clock.at)
    assert "data-countdown" not in drawn


def test_a_clock_without_a_due_time_is_nothing(draw):
    assert draw("ui.clock(none)") == ""


def test_a_button_that_may_not_be_pressed_stays_reachable_and_says_why(draw):
    drawn = draw('ui.button("延期", key="e", type="submit", disabled_reason="已延期一次")')
    assert 'aria-disabled="true"' in drawn
    assert 'type="button"' in drawn
    assert drawn.count("已延期一次") == 2
    assert "data-shortcut" not in drawn


def test_what_a_citizen_typed_is_never_markup(draw):
    for call in ("ui.badge(x)", "ui.alert(x)", "ui.stat(x, x)", "ui.definition([(x, x)])", "ui.empty(x, x)"):
        assert "<b>" not in draw(call, x="<b>粗</b>"), call


def test_an_empty_figure_is_a_dash_and_zero_is_zero(draw):
    assert "–" in draw('ui.stat("接通率", none)')
    assert ">0<" in draw('ui.stat("超期", 0)')


def test_an_error_stands_beside_its_field_and_is_tied_to_it(app: Flask, draw):
    class Form(FlaskForm):
        class Meta:
            csrf = False

        title = StringField("标题", [DataRequired("请填写标题。")])

    with app.test_request_context(method="POST"):
        form = Form()
        form.validate()
    drawn = draw("ui.field(form.title)", form=form)
    assert 'aria-invalid="true"' in drawn
    assert 'aria-describedby="title-error"' in drawn
    assert 'id="title-error"' in drawn
    assert 'href="#title"' in draw("ui.error_summary(form)", form=form)


def test_the_styleguide_shows_every_part_in_both_languages(sign_in):
    client = sign_in(make_person([Role.AGENT]))
    assert "设计规范" in client.get("/styleguide").text
    client.post("/preferences", data={"language": "en"})
    assert "Design language" in client.get("/styleguide").text
