"""What people may type about themselves and others."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import DataRequired, EqualTo, Length

from config.web.forms import HouseForm


class SignInForm(HouseForm):
    login = StringField(
        _l("Login"),
        [DataRequired(), Length(max=64)],
        render_kw={
            "autocomplete": "username",
            "autofocus": True,
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )
    password = PasswordField(
        _l("Password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "current-password"}
    )
    next = HiddenField()


class PasswordForm(HouseForm):
    current = PasswordField(
        _l("Current password"),
        [DataRequired(), Length(max=200)],
        render_kw={"autocomplete": "current-password"},
    )
    password = PasswordField(
        _l("New password"), [DataRequired(), Length(max=200)], render_kw={"autocomplete": "new-password"}
    )
    again = PasswordField(
        _l("New password again"),
        [DataRequired(), EqualTo("password", _l("The two are not the same."))],
        render_kw={"autocomplete": "new-password"},
    )


class CodeForm(HouseForm):
    code = StringField(
        _l("Verification code"),
        [DataRequired(), Length(max=16)],
        render_kw={"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True},
    )
